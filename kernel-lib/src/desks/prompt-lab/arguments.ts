/** What a prompt lab sends, as it must be. */
import { z } from "zod";
import { folder } from "../../service/arguments.js";

const NAME = z.string().min(1).max(1000);
/** Of a prompt: a file's path, or what it is called. */
const PROMPT_NAME = folder.max(1000);
export const PROMPT = z.object({ name: PROMPT_NAME, source: z.string().max(256 * 1024) });
export const NAMED = z.object({ name: PROMPT_NAME });

const PICK = z.object({
  sample: z.int().min(1).max(500),
  seed: z.int(),
  where: z.string().max(10_000).nullable(),
  among: z.array(NAME).max(10_000).nullable(),
});
const WAY = z.object({
  endpoint: NAME.nullable(),
  model: NAME.nullable(),
  temperature: z.number().min(0).max(2).nullable(),
  repeats: z.int().min(1).max(20),
});
const SETTING = { dataset: folder, pick: PICK, way: WAY };

export const FIGURES = z.object({ dataset: folder, pick: PICK });
export const PREVIEW = z.object({ dataset: folder, figure_id: NAME, prompt: PROMPT });
export const RUN = z.object({ ...SETTING, prompts: z.array(PROMPT).min(1).max(8) });
export const CELL = z.object({ ...SETTING, prompts: z.array(NAME).min(1).max(8) });
export const TRIAL = z.object({ trial: NAME });
export const KEEP = PROMPT.extend({ trial: NAME.nullable() });
