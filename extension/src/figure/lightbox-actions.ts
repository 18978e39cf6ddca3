import type { Verdict } from "figloom/views";

/** What can be done in a lightbox, by buttons and by keys; `null` is not offered. */
export interface LightboxActions {
  /** Shows the figure of a row; none where there is no such row. */
  goTo(row: number): void;
  /** Shows a neighbour: 1 is the next. */
  goBy(rows: number): void;
  goToLast(): void;
  /** Says a verdict, or takes it back where it was said before. */
  judge: ((verdict: Verdict) => void) | null;
  tag: (() => void) | null;
  undo: (() => void) | null;
  redo: (() => void) | null;
  /** Shows or hides exact and near copies. */
  toggleCopies: (() => void) | null;
  showPaper: (() => void) | null;
  copyReference: (() => void) | null;
  copyId(): void;
  /** Shows or hides the details. */
  fold(): void;
  close(): void;
}
