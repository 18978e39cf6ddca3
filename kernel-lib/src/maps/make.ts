import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { diskProblem, writeWhole } from "../disk/files.js";
import { lockDataset, type DatasetLock } from "../disk/lock.js";
import { Reader } from "../dataset/query.js";
import { literal } from "../dataset/sql.js";
import { ConfigurationError } from "../errors.js";
import type { Progress } from "../stages/stage.js";
import { VERSION } from "../version.js";
import type { FeatureItem, Features } from "./features.js";
import { type Layout, fitLayout, keptLayout } from "./layout.js";
import {
  isMapName,
  mapsFolder,
  readRecord,
  recordPath,
  type MapMethod,
  type MapRecord,
} from "../dataset/maps.js";
import { RowWriter } from "./rows.js";

/** Figures that a layout is worked out from; of more, a sample by the seed, and the rest are placed in it. */
const FIT_LIMIT = 20_000;

export interface MakeMapOptions {
  features: Features;
  /** @default "umap" for up to 20,000 figures, "pca" for more */
  method?: MapMethod | undefined;
  /** @default 1 */
  seed?: number | undefined;
  /** Works the layout out anew, from all figures there are now. @default false */
  again?: boolean | undefined;
  signal: AbortSignal;
  onProgress(progress: Progress): void;
}

export interface MadeMap {
  record: MapRecord;
  /** Figures placed now; the others were before. */
  placed: number;
}

type Item = FeatureItem & { figure_run: string };

/**
 * Makes the map of a dataset by some features, or finds the one that is kept: figures that are new to it are placed in
 * it, and the others stay where they are. It is worked out anew when the features changed, or when more figures have been
 * placed in it than it was worked out from.
 * @throws {ConfigurationError} when no figure has such features, or other work makes a map in this dataset
 */
export async function makeMap(folder: string, options: MakeMapOptions): Promise<MadeMap> {
  const { features, signal } = options;
  const name = nameOf(options);
  let lock: DatasetLock | undefined;
  let reader: Reader | undefined;
  try {
    reader = await Reader.open(folder, signal);
    const kept = options.again ? null : await keptRecord(reader, folder, name, features);
    const news = await countNew(reader, kept);
    if (kept && news === 0) return { record: kept, placed: 0 };
    lock = await lockDataset(mapsFolder(folder), "map");
    return kept && kept.placed + news <= kept.fitted
      ? await extend(reader, folder, kept, news, options)
      : await make(reader, folder, name, options);
  } catch (error) {
    signal.throwIfAborted();
    throw diskProblem(folder, error);
  } finally {
    reader?.close();
    await lock?.release();
  }
}

/** A map that was asked for with a method or a seed is another one than the usual. */
function nameOf({ features, method, seed }: MakeMapOptions): string {
  if (seed !== undefined && !Number.isSafeInteger(seed))
    throw new ConfigurationError(`A seed is a whole number, not ${seed}.`);
  const name = [features.name, method, seed === undefined ? undefined : `s${seed}`]
    .filter((part) => part !== undefined)
    .join("-");
  if (isMapName(name)) return name;
  throw new ConfigurationError(
    `"${name}" cannot name a map: take small letters, digits and hyphens, and a seed from 0.`,
  );
}

async function keptRecord(
  reader: Reader,
  folder: string,
  name: string,
  features: Features,
): Promise<MapRecord | null> {
  const record = await readRecord(folder, name);
  if (!record) return null;
  const { version, dimensions } = record.features;
  if (version !== features.version || dimensions !== features.dimensions) return null;
  const rows = await reader.all("SELECT 1 FROM maps WHERE map = $1 AND made = $2 LIMIT 1", [
    name,
    record.made,
  ]);
  return rows.length > 0 ? record : null;
}

const NEW = `NOT EXISTS (SELECT 1 FROM maps AS m WHERE m.map = $1 AND m.made = $2
  AND m.figure_id = figures.figure_id AND m.figure_run = figures.run)`;
const newTo = (kept: MapRecord | null): [string, string] => [kept?.name ?? "", kept?.made ?? ""];

async function countNew(reader: Reader, kept: MapRecord | null): Promise<number> {
  const [row] = await reader.all<{ n: number }>(
    `SELECT count(*)::INTEGER AS n FROM figures WHERE ${NEW}`,
    newTo(kept),
  );
  return row!.n;
}

/** Columns of an {@link Item}. */
function itemOf({ model }: Features): string {
  const vector =
    model === undefined
      ? "NULL"
      : `(SELECT arg_max(e.vector, e.run) FROM stored_embeddings AS e
          WHERE e.figure_id = figures.figure_id AND e.caption IS NULL AND e.model = ${literal(model)}
            AND coalesce(e.sha256 = figures.sha256, true))`;
  return `figure_id, run AS figure_run, image_path, width, height, ${vector} AS vector`;
}
const IN_ORDER = "ORDER BY paper_id, ordinal";

async function extend(
  reader: Reader,
  folder: string,
  kept: MapRecord,
  total: number,
  options: MakeMapOptions,
): Promise<MadeMap> {
  const progress = progressOf(total, options);
  const made = randomUUID();
  const rows = await RowWriter.open(folder, kept.name, made);
  try {
    const layout = await keptLayout(reader, kept);
    const items = reader.rows<Item>(
      `SELECT ${itemOf(options.features)} FROM figures WHERE ${NEW} ${IN_ORDER}`,
      newTo(kept),
    );
    const { placed, without } = await place(items, layout, rows, folder, options, progress);
    await rows.finish({ earlier: true });
    const record = { ...kept, made, placed: kept.placed + placed, without: kept.without + without };
    await writeWhole(recordPath(folder, kept.name), `${JSON.stringify(record)}\n`);
    return { record, placed: placed };
  } finally {
    rows.close();
  }
}

async function make(reader: Reader, folder: string, name: string, options: MakeMapOptions): Promise<MadeMap> {
  const { features, seed = 1, signal } = options;
  const [{ n: total } = { n: 0 }] = await reader.all<{ n: number }>(
    "SELECT count(*)::INTEGER AS n FROM figures WHERE image_path IS NOT NULL",
  );
  const method = options.method ?? (total > FIT_LIMIT ? "pca" : "umap");
  const progress = progressOf(total, options);

  // By a hash of the id, so that the sample does not depend on the order that the papers came in.
  const sample = `SELECT figure_id FROM figures WHERE image_path IS NOT NULL
    ORDER BY md5(figure_id || ' ' || $1::VARCHAR), figure_id LIMIT ${FIT_LIMIT}`;
  const fitting: { item: Item; vector: Float32Array }[] = [];
  const unseen: Item[] = [];
  const items = reader.rows<Item>(
    `SELECT ${itemOf(features)} FROM figures WHERE figure_id IN (${sample}) ${IN_ORDER}`,
    [String(seed)],
  );
  await eachFeature(items, folder, options, (item, vector) => {
    progress.step();
    if (vector) fitting.push({ item, vector });
    else unseen.push(item);
  });
  if (fitting.length === 0)
    throw new ConfigurationError(
      `No figure of ${folder} has ${features.name} features, so that there is nothing to lay out: figures need pictures, which an ingest renders.`,
    );
  const layout = await fitLayout(
    fitting.map(({ vector }) => vector),
    {
      method,
      seed,
      signal,
      onProgress: (share) => progress.note(`laying out, ${Math.round(100 * share)} %`),
    },
  );

  const made = randomUUID();
  const rows = await RowWriter.open(folder, name, made);
  try {
    fitting.forEach(({ item, vector }, i) => {
      const [x, y] = [layout.places[2 * i]!, layout.places[2 * i + 1]!];
      rows.add({ ...item, x, y, components: layout.method === "umap" ? layout.componentsOf(vector) : null });
    });
    for (const item of unseen) rows.add({ ...item, x: null, y: null, components: null });
    const rest = reader.rows<Item>(
      `SELECT ${itemOf(features)} FROM figures WHERE figure_id NOT IN (${sample}) ${IN_ORDER}`,
      [String(seed)],
    );
    const { placed, without } = await place(rest, layout, rows, folder, options, progress);
    await rows.finish({ earlier: false });
    const { name: feature, version, description, dimensions } = features;
    const record: MapRecord = {
      name,
      made,
      method: layout.method,
      features: { name: feature, version, description, dimensions },
      seed,
      fitted: fitting.length,
      placed,
      without: without + unseen.length,
      variance: layout.variance,
      projection: layout.projection,
      figloom_version: VERSION,
      created: new Date().toISOString(),
    };
    await writeWhole(recordPath(folder, name), `${JSON.stringify(record)}\n`);
    return { record, placed: fitting.length + placed };
  } finally {
    rows.close();
  }
}

/** Gives figures their place in a layout. */
async function place(
  items: AsyncIterable<Item>,
  layout: Layout,
  rows: RowWriter,
  folder: string,
  options: MakeMapOptions,
  progress: ReturnType<typeof progressOf>,
): Promise<{ placed: number; without: number }> {
  let [placed, without] = [0, 0];
  await eachFeature(items, folder, options, (item, vector) => {
    const at = vector && layout.placeOf(vector);
    if (at) placed++;
    else without++;
    rows.add({ ...item, x: at?.[0] ?? null, y: at?.[1] ?? null, components: null });
    if (item.image_path !== null) progress.step();
  });
  return { placed, without };
}

/** Works features out, some at a time, and hands them over in the order of the items. */
async function eachFeature(
  items: AsyncIterable<Item>,
  folder: string,
  { features, signal }: MakeMapOptions,
  take: (item: Item, vector: Float32Array | null) => void,
): Promise<void> {
  const lanes = 2 * availableParallelism();
  const waiting: { item: Item; vector: Promise<Float32Array | null> }[] = [];
  const first = async () => {
    const { item, vector } = waiting.shift()!;
    take(item, await vector);
  };
  for await (const item of items) {
    signal.throwIfAborted();
    const vector = features.of(folder, item, signal);
    vector.catch(() => undefined);
    waiting.push({ item, vector });
    if (waiting.length >= lanes) await first();
  }
  while (waiting.length > 0) await first();
}

function progressOf(total: number, { features, onProgress }: MakeMapOptions) {
  const started = performance.now();
  let done = 0;
  const report = (note?: string) => {
    const seconds = (performance.now() - started) / 1000;
    const about = { stage: `map by ${features.name}`, done, failed: 0, reused: 0, total, seconds };
    onProgress({ ...about, ...(note !== undefined && { note }) });
  };
  return {
    step() {
      done++;
      report();
    },
    note: report,
  };
}
