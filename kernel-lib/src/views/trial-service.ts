/** What a kernel answers about the trials of a dataset, on the comm target {@link TRIALS_TARGET}. */
import type { MatrixReply, MatrixView } from "./matrix.js";

/** A page opens it with `{ dataset }`: the folder, absolute or relative to the kernel's. */
export const TRIALS_TARGET = "figloom.trials.v1";

/** What a person thinks of what a prompt says of a figure. */
export type CaptionVerdict = "kept" | "rejected";

/** The same figure and prompt have one verdict per model, in whichever trial they meet again. */
export interface Judged {
  figure_id: string;
  prompt_hash: string;
  model: string | null;
  /** `null` where it was taken back. */
  verdict: CaptionVerdict | null;
}

export interface TrialMethods {
  /** A trial of this kernel as it is now, with all its figures; from now on its changes come as events. */
  follow(argument: { trial: string }): MatrixView;
  /** Notes a verdict in the dataset; on the disk when it answers. */
  judge(argument: Judged): Judged;
  /** All verdicts about captions that these prompts made. */
  verdicts(argument: { prompt_hashes: string[] }): Judged[];
  /**
   * Writes a column's prompt into a file beside the notebook, with the trial on record, under a name that is free.
   * `file` is relative to the kernel's folder where it lies below it.
   */
  keep(argument: { trial: string; column: string }): { file: string };
}

/** A reply that changed: positions of figure, column and repetition. */
export interface ReplyChange {
  figure: number;
  column: number;
  repeat: number;
  reply: MatrixReply;
}

export interface TrialEvents {
  /** What has changed in a trial since the last event; an empty list at the end may only say that it has ended. */
  replies: { trial: string; running: boolean; changes: ReplyChange[] };
  judged: Judged;
}
