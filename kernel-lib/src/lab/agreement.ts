import type { Reader } from "../dataset/query.js";
import { oneOf } from "../dataset/sql.js";
import { ConfigurationError } from "../errors.js";
import type { Score } from "../model.js";
import { agreement, type Agreement, type ClaimVerdict } from "../scores/judge/agreement.js";
import { judgedClaims, readLabels } from "../scores/judge/labels.js";
import { asking } from "./work.js";

/** Which judge is compared with people. */
export interface AgreementOptions {
  /** The judge's metric, where it is not called `judge`. @default "judge" */
  metric?: string;
  /** The same seed gives the same interval. @default 1 */
  seed?: number;
}

/** Figures asked about at once. */
const AT_ONCE = 1000;

/** How far a judge agrees with people, see `Lab.agreement`. */
export async function agreementOf(
  folder: string,
  labels: string | readonly ClaimVerdict[],
  { metric = "judge", seed = 1 }: AgreementOptions = {},
): Promise<Agreement> {
  const said = typeof labels === "string" ? await readLabels(labels) : labels;
  const judged = await asking(folder, (reader) => judgedOf(reader, metric, said));
  if (judged.length === 0)
    throw new ConfigurationError(
      `Of the ${said.length} labelled claims none is of a caption with a "${metric}" score: lab.score(["${metric}"]) makes them; labels name figures by figure_id, and captions as raw or by variant.`,
    );
  return agreement(said, judged, { seed });
}

/** What the judge said of the captions that have labels. */
async function judgedOf(
  reader: Reader,
  metric: string,
  labels: readonly ClaimVerdict[],
): Promise<ClaimVerdict[]> {
  const captions = new Set(labels.map(({ figure_id, caption }) => JSON.stringify([figure_id, caption])));
  const figures = [...new Set(labels.map(({ figure_id }) => figure_id))];
  const judged: ClaimVerdict[] = [];
  for (let at = 0; at < figures.length; at += AT_ONCE) {
    const rows = await reader.all<Pick<Score, "figure_id" | "caption" | "detail">>(
      `SELECT figure_id, caption, detail FROM scores
       WHERE metric = $1 AND ${oneOf("figure_id", figures.slice(at, at + AT_ONCE))}`,
      [metric],
    );
    judged.push(
      ...judgedClaims(
        rows.filter(({ figure_id, caption }) => captions.has(JSON.stringify([figure_id, caption]))),
      ),
    );
  }
  return judged;
}
