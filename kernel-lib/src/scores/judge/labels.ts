import { readFile, stat } from "node:fs/promises";
import { z } from "zod";
import { ConfigurationError, errorText } from "../../errors.js";
import type { Score } from "../../model.js";
import type { ClaimVerdict } from "./agreement.js";
import { VERDICTS, type JudgeDetail } from "./verdicts.js";

const LABEL = z.object({
  figure_id: z.string().min(1),
  caption: z.string().min(1),
  text: z.string().min(1),
  verdict: z.enum(VERDICTS),
});
const MAX_BYTES = 64 * 2 ** 20;

/**
 * Reads what people said of claims: a JSON object a line with `figure_id`, `caption` (`raw` or a variant), `text` (the
 * claim in the caption's own words) and `verdict` (supported, contradicted, cannot tell).
 * @throws {ConfigurationError} names the file, the line and what is wrong with it
 */
export async function readLabels(file: string): Promise<ClaimVerdict[]> {
  const lines = (await source(file)).split(/\r?\n/);
  return lines.flatMap((line, at) => {
    if (line.trim() === "") return [];
    const { data, error } = LABEL.safeParse(parsed(line));
    if (data) return [data];
    const [{ path, message }] = error.issues as [z.core.$ZodIssue];
    throw new ConfigurationError(
      `${file}:${at + 1}: ${path.length > 0 ? `${path.join(".")}: ` : ""}${message}. A label is a JSON object with figure_id, caption, text and verdict (${VERDICTS.join(", ")}).`,
    );
  });
}

/** What a judge said, out of its scores. */
export function judgedClaims(
  scores: readonly Pick<Score, "figure_id" | "caption" | "detail">[],
): ClaimVerdict[] {
  return scores.flatMap(({ figure_id, caption, detail }) => {
    const { claims } = JSON.parse(detail ?? '{"claims":[]}') as Pick<JudgeDetail, "claims">;
    return claims.map(({ text, verdict }) => ({ figure_id, caption, text, verdict }));
  });
}

async function source(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES)
      throw new ConfigurationError(`${file} has ${size} bytes; labels have at most ${MAX_BYTES}.`);
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new ConfigurationError(`The labels in ${file} cannot be read: ${errorText(error)}.`);
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
