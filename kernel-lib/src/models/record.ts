import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeWhole } from "../disk/files.js";
import { ConfigurationError, errorText } from "../errors.js";

/** Stands beside a model's files: what they are and where they come from. */
export const RECORD = "figloom-model.json";

const MOST_BYTES = 1024 * 1024;
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const schema = z.object({
  version: z.literal(1),
  kind: z.enum(["clip", "masked-lm", "ppocr"]),
  /** Its repository on the hub, or the name of the folder that it was copied from. */
  id: z.string().min(1).max(200),
  /** Commit of the repository, or `local`. */
  revision: z.string().regex(/^([0-9a-f]{40}|local)$/),
  /** The hub's address, or the path of a folder. */
  source: z.string().max(4096),
  /** How the files came about where they are not the source's own, such as the exporter's versions. */
  made: z.string().max(400).optional(),
  /** ISO 8601. */
  date: z.string().max(40),
  files: z.record(z.string().max(200), z.object({ bytes: z.number().int().nonnegative(), sha256 })),
});

export type ModelRecord = z.infer<typeof schema>;

/** `null` where the folder has none, as one that was put there by hand. */
export async function readRecord(folder: string): Promise<ModelRecord | null> {
  const path = join(folder, RECORD);
  const size = (await stat(path).catch(() => null))?.size;
  if (size === undefined) return null;
  try {
    if (size > MOST_BYTES) throw new Error(`it is larger than ${MOST_BYTES} bytes`);
    return schema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    const what = error instanceof z.ZodError ? z.prettifyError(error) : errorText(error);
    throw new ConfigurationError(
      `${path} cannot be read: ${what}. Remove it, and the model counts as one that was put there by hand.`,
    );
  }
}

export async function writeRecord(folder: string, record: ModelRecord): Promise<void> {
  await writeWhole(join(folder, RECORD), `${JSON.stringify(record, null, 2)}\n`);
}
