import type { Reader } from "../dataset/query.js";
import type { AuditCaption } from "./report.js";

/** Origins of a variant that a report lists; a variant has one unless something was changed on the way. */
const MOST_ORIGINS = 20;

/** What made the captions that an audit compares. Asked while its tables are there. */
export async function captionsOf(reader: Reader, names: readonly [string, string]): Promise<AuditCaption[]> {
  const captions: AuditCaption[] = [];
  for (const name of names) {
    // Captions of one run have one row a figure: the view's search for the latest, which takes memory, can be left out.
    const [made] = await reader.all<{ runs: number }>(
      "SELECT count(DISTINCT run)::INTEGER AS runs FROM stored_recaptions WHERE variant = $1",
      [name],
    );
    const recaptions = made!.runs > 1 ? "recaptions" : "stored_recaptions";
    const made_by = await reader.all<AuditCaption["made_by"][number]>(
      `SELECT captioner, captioner_version AS version, prompt_id, prompt_hash, model, sampling, count(*)::INTEGER AS captions
       FROM ${recaptions} JOIN audit_figures USING (figure_id) WHERE variant = $1
       GROUP BY ALL ORDER BY captions DESC, prompt_hash, model, sampling LIMIT ${MOST_ORIGINS}`,
      [name],
    );
    captions.push({ name, made_by });
  }
  return captions;
}
