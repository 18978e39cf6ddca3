import { buildCard } from "../../views/card.js";
import type { diffWords } from "../../views/diff-words.js";
import { buildMatrix, type MatrixReply, type MatrixView } from "../../views/matrix.js";
import type { FigureCard } from "../../views/protocol.js";
import { columnsOf } from "./summary.js";
import type { Reply, TrialTable } from "./table.js";

/** Name of a caption on a card: its side's, with the repetition behind it from the second on. */
const captionName = (arm: string, repeat: number): string => (repeat === 0 ? arm : `${arm}~${repeat}`);

/** A figure as the views show it, with the raw caption and all answers. */
export function cardOf(table: TrialTable, figure: number): FigureCard {
  const { figure: row, picture, scores } = table.figures[figure]!;
  const answers = table.of(figure).flatMap((replies, arm) =>
    replies.flatMap((reply, repeat) => {
      if (reply.state !== "answered") return [];
      return [{ ...reply, name: captionName(table.arms[arm]!.name, repeat) }];
    }),
  );
  return buildCard(row, {
    paper: row,
    recaptions: answers.map(({ caption, name }) => ({ ...caption, variant: name })),
    scores: [
      ...scores,
      ...answers.flatMap(({ scores, name }) => scores.map((score) => ({ ...score, caption: name }))),
    ],
    thumb: picture.thumb,
    path: picture.path,
    marks: row.marks,
  });
}

export interface MatrixOfOptions {
  title: string;
  note: string;
  /** `raw` or a side's name. */
  against: string;
  seed: number;
  /** Whether the work goes on: what is missing then may still come. */
  running?: boolean;
  diff?: typeof diffWords;
}

/** The table as a view. */
export function matrixOf(
  table: TrialTable,
  { title, note, against, seed, running = false, ...options }: MatrixOfOptions,
): MatrixView {
  const rows = table.figures.map((_, figure) => {
    const card = cardOf(table, figure);
    const replies = table
      .of(figure)
      .map((cell, arm) =>
        cell.map((reply, repeat) => shown(reply, card, captionName(table.arms[arm]!.name, repeat), running)),
      );
    return { card, replies };
  });
  return buildMatrix({ title, note, against, columns: columnsOf(table, against, seed), rows, ...options });
}

function shown(reply: Reply, card: FigureCard, name: string, running: boolean): MatrixReply {
  switch (reply.state) {
    case "answered":
      return { state: "answered", caption: card.captions.find((caption) => caption.name === name)! };
    case "failed":
      return { state: "failed", message: reply.line.message, wayOut: reply.line.way_out };
    default:
      return running ? reply : { state: "unasked" };
  }
}
