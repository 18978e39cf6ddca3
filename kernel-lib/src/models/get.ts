import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { ConfigurationError } from "../errors.js";
import { Courier } from "../http/courier.js";
import { userAgent } from "../http/server.js";
import type { Progress } from "../stages/stage.js";
import { VERSION } from "../version.js";
import { CATALOGUE, catalogued, isHubId } from "./catalogue.js";
import { checkPython, exportInto } from "./export.js";
import { findModel, locate, type ModelFolder } from "./find.js";
import { typeOf } from "./folder.js";
import { commitOf, filesAt, hubOf, hubProblem, type Hub, type HubFile } from "./hub.js";
import {
  filesOf,
  KINDS,
  kindOfModel,
  kindOfType,
  missingFiles,
  sourceFilesOf,
  type ModelKind,
} from "./kinds.js";
import { unusableModel } from "./missing.js";
import { modelFolders } from "./places.js";
import { withStore, type Store } from "./store.js";
import { fetchFiles, type Transferred } from "./transfer.js";

export interface GetOptions {
  /** Branch, tag or commit. @default `main` */
  revision?: string;
  /** Gets it also where it is there already. @default false */
  again?: boolean;
  /** Python with torch and transformers, for models that are exported. @default FIGLOOM_PYTHON, else `python3` */
  python?: string;
  /** How often a request that fails in passing is tried again. @default 5 */
  retries?: number;
  /** Seconds without a byte after which a request is given up. @default 60 */
  silence?: number;
  signal: AbortSignal;
  /** Hears how many megabytes have come. */
  onProgress: (progress: Progress) => void;
  /** Hears what goes wrong in passing and what else takes its time. */
  onNews: (text: string) => void;
}

export interface GotModel extends ModelFolder {
  /** Whether it was there before. */
  reused: boolean;
  /** Bytes that were fetched. */
  bytes: number;
}

/**
 * Gets a model from the hub into the first of the folders of models. Of PyTorch weights without ONNX files it is
 * exported on this machine, in the user's Python. What an interruption leaves is gone on with.
 * @param name of the catalogue, or a repository of the hub
 * @throws {ConfigurationError} where it cannot be had; says why and what to do
 */
export async function getModel(name: string, options: GetOptions): Promise<GotModel> {
  const known = catalogued(name);
  const id = known?.id ?? name;
  if (known?.from === "package")
    return { ...(await findModel(name, known.kind, options)), reused: true, bytes: 0 };
  if (!isHubId(id))
    throw new ConfigurationError(
      `"${name}" is no model that can be fetched. Known by name: ${CATALOGUE.map((entry) => entry.name).join(", ")}; also a repository of the hub (owner/name).`,
    );
  const asked = options.again === true || options.revision !== undefined;
  const there = asked ? null : await present(name, null, options.signal);
  if (there) return { ...there, reused: true, bytes: 0 };
  const hub = hubOf();
  const courier = new Courier({
    userAgent: userAgent(VERSION, process.env["FIGLOOM_CONTACT"]),
    signal: options.signal,
    retries: options.retries ?? 5,
    silence: (options.silence ?? 60) * 1000,
    onWait: () => undefined,
    onTrouble: (message) => options.onNews(`${message}; trying again`),
  });
  const [models] = modelFolders();
  const errand = { name: known?.name ?? id, id, kind: known?.kind ?? null, hub, courier };
  try {
    return await withStore(models, `models get ${name}`, (store) => bring(errand, store, options));
  } catch (error) {
    options.signal.throwIfAborted();
    throw hubProblem(error, id, hub);
  } finally {
    await courier.close();
  }
}

interface Errand {
  name: string;
  id: string;
  /** `null` where only its settings tell. */
  kind: ModelKind | null;
  hub: Hub;
  courier: Courier;
}

async function bring(errand: Errand, store: Store, options: GetOptions): Promise<GotModel> {
  const { name, id, hub, courier } = errand;
  const { signal, onNews } = options;
  await store.checkPlace(name);
  const commit = await commitOf(courier, hub, id, options.revision ?? "main");
  const there = options.again ? null : await present(name, commit, signal);
  if (there) return { ...there, reused: true, bytes: 0 };
  const listed = await filesAt(courier, hub, id, commit);
  const paths = listed.map(({ path }) => path);
  const draft = await store.draft(name, commit);
  const fetch = (wanted: readonly string[], folder: string) =>
    fetchFiles(
      courier,
      hub,
      { id, commit },
      listed.filter(({ path }) => wanted.includes(path)),
      folder,
      reporter(name, wanted, listed, options),
    );
  const kind = await kindOf(errand, paths, (wanted) => fetch(wanted, draft), draft);
  const record = { kind, id, revision: commit, source: hub.server.base };
  const missing = missingFiles(kind, paths);
  const sources = sourceFilesOf(paths);
  let bytes: number;
  let made: string | undefined;
  if (missing.length === 0) ({ done: bytes } = await fetch(filesOf(kind, paths), draft));
  else if (sources.length > 0) {
    onNews(`${id} lacks ${missing.join(", ")}: made of its PyTorch weights on this machine.`);
    await checkPython(options);
    const source = join(draft, "source");
    await mkdir(source, { recursive: true });
    ({ done: bytes } = await fetch(sources, source));
    made = await exportInto(source, draft, kind, { ...options, type: catalogued(id)?.type });
    await rm(source, { recursive: true });
  } else
    throw new ConfigurationError(
      `${id} has neither the files that ${KINDS[kind].called} needs (${missing.join(", ")}) nor weights that they could be made of.`,
    );
  await store.keep(name, draft, { ...record, ...(made !== undefined && { made }) }, signal);
  return { ...(await findModel(name, kind, { signal })), reused: false, bytes };
}

/** The kind of a repository, by its settings. */
async function kindOf(
  { id, kind }: Errand,
  paths: readonly string[],
  fetch: (wanted: readonly string[]) => Promise<unknown>,
  draft: string,
): Promise<ModelKind> {
  if (kind !== null) return kind;
  const told = kindOfModel(null, paths);
  if (told !== null) return told;
  if (!paths.includes("config.json"))
    throw new ConfigurationError(`${id} has no config.json, which every model of transformers has.`);
  await fetch(["config.json"]);
  const type = await typeOf(draft);
  const found = kindOfType(type);
  if (found === null) throw unusableModel(id, type);
  return found;
}

/** Says how many megabytes have come. */
function reporter(
  name: string,
  wanted: readonly string[],
  listed: readonly HubFile[],
  { onProgress }: GetOptions,
): (transferred: Transferred) => void {
  const started = performance.now();
  const megabytes = (bytes: number) => Math.round(bytes / 1e6);
  const total = listed.filter(({ path }) => wanted.includes(path)).reduce((sum, { bytes }) => sum + bytes, 0);
  return ({ done, reused }) =>
    onProgress({
      stage: name,
      done: megabytes(done),
      failed: 0,
      reused: megabytes(reused),
      total: megabytes(total),
      seconds: (performance.now() - started) / 1000,
      unit: "MB",
    });
}

/** The model that goes by a name on this machine already, of a commit where one is wanted. */
async function present(
  name: string,
  commit: string | null,
  signal: AbortSignal,
): Promise<ModelFolder | null> {
  for (const kind of Object.keys(KINDS) as ModelKind[]) {
    if (!(await locate(name, kind).catch(() => null))) continue;
    const found = await findModel(name, kind, { signal }).catch(() => null);
    return found && (commit === null || found.revision === commit) ? found : null;
  }
  return null;
}
