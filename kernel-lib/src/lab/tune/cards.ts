import { buildCard } from "../../views/card.js";
import type { MatrixPrompt, MatrixReply, MatrixRow } from "../../views/matrix.js";
import type { CaptionText, FigureCard } from "../../views/protocol.js";
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

/** The heads of the columns. */
export function promptsOf({ arms }: TrialTable): MatrixPrompt[] {
  return arms.map(({ name, prompt, model }) => ({
    ...{ name, model },
    about: prompt.about,
    prompt_hash: prompt.hash,
  }));
}

/**
 * A figure with what was replied about it.
 * @param running whether the work goes on: what is missing then may still come
 */
export function rowOf(table: TrialTable, figure: number, running: boolean): MatrixRow {
  const { captions, ...card } = cardOf(table, figure);
  const replies = table.of(figure).map((cell, arm) =>
    cell.map((reply, repeat) => {
      const name = captionName(table.arms[arm]!.name, repeat);
      return shown(
        reply,
        captions.find((caption) => caption.name === name),
        running,
      );
    }),
  );
  return { card: { ...card, captions: captions.slice(0, 1) }, replies };
}

function shown(reply: Reply, caption: CaptionText | undefined, running: boolean): MatrixReply {
  switch (reply.state) {
    case "answered": {
      const { completion_tokens: tokens, seconds } = reply.caption;
      return { state: "answered", caption: caption!, tokens, seconds };
    }
    case "failed":
      return { state: "failed", message: reply.line.message, wayOut: reply.line.way_out };
    default:
      return running ? reply : { state: "unasked" };
  }
}
