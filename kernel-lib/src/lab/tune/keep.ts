import { readFile } from "node:fs/promises";
import { join, parse, relative, resolve } from "node:path";
import { parseDocument } from "yaml";
import type { Prompt } from "../../captions/prompts/prompt.js";
import { makePrompt } from "../../captions/prompts/load.js";
import { writeWhole } from "../../disk/files.js";
import { ConfigurationError, errorText } from "../../errors.js";
import type { PairedDifference } from "../../statistics/paired.js";
import { VERSION } from "../../version.js";
import type { MatrixColumn } from "../../views/matrix.js";
import { saying } from "../summary.js";
import type { Arm } from "./arms.js";
import type { TrialAbout } from "./trial-about.js";

/** Where a prompt is kept. */
export interface KeepOptions {
  /** The file, relative to the notebook's folder. @default `prompts/<id>.md` */
  as?: string;
  /** Whether a file that holds something else gives way. @default false */
  overwrite?: boolean;
  /** Whether a file that holds something else stays, and a number is put behind the name: `terse-2.md`. @default false */
  newVersion?: boolean;
}

/** A prompt that was kept. */
export interface Kept {
  /** Absolute path. */
  file: string;
  prompt_hash: string;
}

/** What is kept, and what is said of it. */
interface Keepsake extends TrialAbout {
  arm: Arm;
  column: MatrixColumn;
  /** What it was compared with: `raw` or a column's name. */
  against: string;
  /** The trial's other sides. */
  others: readonly Arm[];
  figures: readonly string[];
  papers: number;
}

/**
 * Writes a prompt with the record of its trial, see `Trial.keep`.
 * @throws {ConfigurationError} when another prompt's file is there, or it cannot be read
 */
export async function keepAsFile(keepsake: Keepsake, options: KeepOptions): Promise<Kept> {
  const { prompt } = keepsake.arm;
  const file = await placeFor(prompt, options);
  const source = withTrial(prompt, recordOf(keepsake));
  if (makePrompt({ file, name: file, source }).hash !== prompt.hash)
    throw new ConfigurationError(
      `With the trial's record the prompt "${prompt.id}" would read as another one, so that it was not written: simplify its front matter.`,
    );
  await writeWhole(file, source);
  const near = relative(".", file);
  const shown = near.startsWith("..") ? file : near;
  return saying({ file, prompt_hash: prompt.hash }, `Prompt ${prompt.id} (${prompt.hash}) kept in ${shown}`);
}

/** Numbers that are tried behind a name. */
const MOST_VERSIONS = 1000;

/** The file that a prompt may be written into. */
export async function placeFor(
  prompt: Prompt,
  { as, overwrite = false, newVersion = false }: KeepOptions,
): Promise<string> {
  const file = resolve(as ?? join("prompts", `${prompt.id}.md`));
  const { dir, name, ext } = parse(file);
  for (let version = 1; version <= (newVersion ? MOST_VERSIONS : 1); version++) {
    const place = version === 1 ? file : join(dir, `${name}-${version}${ext}`);
    const there = await textOf(place);
    if (there === null || overwrite || sameBut(there, prompt)) return place;
  }
  throw new ConfigurationError(
    `${file} is there and holds something else; give another name with { as }, or { newVersion: true } for the next number behind it, or { overwrite: true }.`,
  );
}

/** What a file holds; `null` where there is none. */
async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new ConfigurationError(`${file} cannot be read: ${errorText(error)}`, { cause: error });
  }
}

/** What the front matter's `trial` says. */
function recordOf(keepsake: Keepsake): Record<string, unknown> {
  const { arm, column, against, others, figures, papers, seed, where, sampling } = keepsake;
  return {
    date: new Date().toISOString(),
    figloom: VERSION,
    model: arm.model,
    seed,
    ...(where !== null && { where }),
    ...(Object.keys(sampling).length > 0 && { sampling }),
    figures: [...figures],
    papers,
    answers: column.answers,
    failed: column.failed,
    means: rounded(column.means),
    ...(column.deltas && { against, deltas: deltasOf(column.deltas) }),
    compared: others.map(({ name, prompt, model }) => ({ name, hash: prompt.hash, model })),
  };
}

function deltasOf(deltas: Record<string, PairedDifference>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(deltas)
      .filter(([, { n }]) => n > 0)
      .map(([name, { mean, interval, n, papers, note }]) => [
        name,
        {
          mean: round(mean),
          ...(interval ? { interval_95: interval.map(round) } : { note }),
          figures: n,
          papers,
        },
      ]),
  );
}

const rounded = (values: Record<string, number | null>): Record<string, number | null> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, round(value)]));

const round = (value: number | null): number | null => value && Number(value.toPrecision(4));

const FRONT_MATTER = /^(\ufeff?---[ \t]*\r?\n)([\s\S]*?\n)??(---[ \t]*(?:\r?\n|$))/;

/**
 * A prompt's file with another record of a trial in its front matter, or with none. Its id is written down where it came
 * from the file's name, which may be another now.
 */
function withTrial(
  { id, source }: Pick<Prompt, "id" | "source">,
  record: Record<string, unknown> | null,
): string {
  const [whole = "", opening = "---\n", yaml = "", closing = "---\n"] = FRONT_MATTER.exec(source) ?? [];
  const document = parseDocument(yaml, { version: "1.2", merge: false });
  if (!document.has("id")) document.set("id", id);
  document.delete("trial");
  if (record) document.set("trial", document.createNode(record));
  const front = document.toString({ lineWidth: 0 });
  return `${opening}${front}${closing}${source.slice(whole.length)}`;
}

/** Whether a file holds this prompt, whatever trials are on record. */
function sameBut(there: string, prompt: Prompt): boolean {
  try {
    return withTrial({ id: prompt.id, source: there }, null) === withTrial(prompt, null);
  } catch {
    return false;
  }
}
