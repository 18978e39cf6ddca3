import { agreement, type MatrixColumn } from "../../views/matrix.js";
import { mean } from "../../scores/statistics.js";
import { differences, meanMeasures } from "./measures.js";
import type { TrialTable } from "./table.js";

/** What came of each side of a trial, compared with `against`: a side's name or `raw`. */
export function columnsOf(table: TrialTable, against: string, seed: number): MatrixColumn[] {
  const baseline = table.arms.findIndex(({ name }) => name === against);
  return table.arms.map(({ name, prompt, model }, arm) => {
    const replies = table.figures.map((_, figure) => table.of(figure)[arm]!);
    const count = (state: string) => replies.flat().filter((reply) => reply.state === state).length;
    const [answers, failed] = [count("answered"), count("failed")];
    return {
      name,
      about: prompt.about,
      prompt_hash: prompt.hash,
      model,
      answers,
      failed,
      missing: replies.flat().length - answers - failed,
      means: meanMeasures(table, arm),
      deltas: arm === baseline ? null : differences(table, baseline < 0 ? "raw" : baseline, arm, seed),
      agreement: meanAgreement(replies),
    };
  });
}

function meanAgreement(replies: ReturnType<TrialTable["of"]>): number | null {
  const cells = replies
    .map((cell) =>
      agreement(cell.flatMap((reply) => (reply.state === "answered" ? [{ text: reply.caption.text }] : []))),
    )
    .filter((share) => share !== null);
  return cells.length > 0 ? mean(cells) : null;
}
