import type { CaptionInput } from "../../captions/captioner.js";
import type { FigureRow } from "../../dataset/query.js";
import type { QuarantineLine, Score, TrialCaption } from "../../model.js";
import type { Picture } from "../../views/protocol.js";
import type { Arm } from "./arms.js";

/** A figure of the sample. */
export interface TrialFigure {
  figure: FigureRow;
  input: CaptionInput;
  picture: Picture;
  /** What the scorers say of the raw caption. */
  scores: Score[];
}

/** What has become of one question. */
export type Reply =
  | { state: "waiting" }
  /** The answer so far. */
  | { state: "asking"; text: string }
  | { state: "answered"; caption: TrialCaption; scores: Score[] }
  | { state: "failed"; line: QuarantineLine };

/** Positions in a {@link TrialTable}. */
export interface Place {
  figure: number;
  arm: number;
  repeat: number;
}

/** Figures × prompts × repetitions: what was asked, and what has come of it so far. */
export class TrialTable {
  readonly #replies: Reply[][][];
  readonly #listeners = new Set<(place: Place) => void>();

  constructor(
    readonly figures: readonly TrialFigure[],
    readonly arms: readonly Arm[],
    readonly repeats: number,
  ) {
    this.#replies = figures.map(() =>
      arms.map(() => Array.from({ length: repeats }, (): Reply => ({ state: "waiting" }))),
    );
  }

  /** The replies of one figure: by prompt, then by repetition. */
  of(figure: number): readonly (readonly Reply[])[] {
    return this.#replies[figure]!;
  }

  set({ figure, arm, repeat }: Place, reply: Reply): void {
    this.#replies[figure]![arm]![repeat] = reply;
    for (const listener of this.#listeners) listener({ figure, arm, repeat });
  }

  /** Listens for replies that are set. @returns ends it */
  onReply(listener: (place: Place) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Every place, figure by figure. */
  *places(): Generator<Place & { reply: Reply }> {
    for (const [figure, arms] of this.#replies.entries())
      for (const [arm, replies] of arms.entries())
        for (const [repeat, reply] of replies.entries()) yield { figure, arm, repeat, reply };
  }
}
