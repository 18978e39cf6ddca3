import type { PairedDifference } from "../../statistics/paired.js";
import { plainText } from "./plain.js";
import type { MatrixAnswer, Matrix } from "../matrix.js";
import {
  deltaText,
  lengthsOf,
  measuresOf,
  notesOf,
  noteText,
  rewrittenText,
  scoresOf,
} from "../matrix-wording.js";
import { figureName, paperName, signedText } from "../wording.js";
import { wdiffText } from "./diff.js";

/** Figures of the text twin; the rest is only counted. */
const TEXT_FIGURES = 20;

/** What came of each prompt, as a table of text. */
export function summaryText(view: Pick<Matrix, "note" | "against" | "columns">): string {
  const rows = measuresOf(view.columns).map(({ name, value, delta }) => [
    name,
    ...view.columns.map((column) => {
      const change = delta?.(column);
      return change && change.mean !== null ? `${value(column)} ${deltaText(change)}` : value(column);
    }),
  ]);
  const lines = aligned([["", ...view.columns.map(({ name }) => name)], ...rows]);
  return plainText([noteText(view), ...lines, ...notesOf(view.columns)]);
}

/** How far one prompt lies above another, as text. */
export function comparisonText({
  from,
  to,
  measures,
}: {
  from: string;
  to: string;
  measures: Record<string, PairedDifference>;
}): string {
  const rows = Object.entries(measures).map(([name, delta]) => [
    name,
    deltaText(delta),
    `${delta.n} figures of ${delta.papers} papers`,
    delta.note ?? "95 % interval",
  ]);
  return plainText([`${to} − ${from}`, ...aligned(rows)]);
}

/** Columns as wide as their longest text, the first aligned left. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]!.length))) ?? [];
  return rows.map((row) =>
    row
      .map((text, i) => text.padEnd(widths[i]!))
      .join("  ")
      .trimEnd(),
  );
}

/** The matrix as text: the table of measures, then figure by figure, what differs in the notation of wdiff. */
export function matrixText(view: Matrix): string {
  const figures = view.rows
    .slice(0, TEXT_FIGURES)
    .map(({ card, raw, cells }) =>
      [
        `${card.figure_id}  ${figureName(card)}, ${paperName(card)}`,
        `  raw: ${raw.text}`,
        ...cells.flatMap((cell, i) =>
          cell.answers.map((answer) => `  ${view.columns[i]!.name} ${answerText(answer)}`),
        ),
      ].join("\n"),
    );
  const rest = view.rows.length - figures.length;
  return plainText(
    [summaryText(view), ...figures, ...(rest > 0 ? [`… and ${rest} more figures`] : [])],
    "\n\n",
  );
}

function answerText(answer: MatrixAnswer): string {
  switch (answer.state) {
    case "answered": {
      const figures = [...lengthsOf(answer), ...scoresOf(answer)].map(({ text, delta }) =>
        delta === null ? text : `${text} ${signedText(delta)}`,
      );
      const rewritten = rewrittenText(answer);
      return `(${[...figures, ...(rewritten === null ? [] : [rewritten])].join(", ")}): ${answer.changes === null ? answer.caption.text : wdiffText(answer.changes)}`;
    }
    case "failed":
      return `failed: ${answer.message} ${answer.wayOut}`;
    case "asking":
      return `… ${answer.text}`;
    default:
      return answer.state === "waiting" ? "waiting" : "not asked";
  }
}
