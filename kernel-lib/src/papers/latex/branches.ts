import { evaluate, skipBranch, type Facts } from "./conditionals.js";

/** Conditions without an end in sight that hide nothing all the same. */
const MAX_UNCLOSED = 4;

/** Which branches of a paper's `\if… \else … \fi` are read. */
export class Branches {
  private open = 0;
  private unclosed = 0;
  constructor(private readonly facts: Facts) {}

  /** Where reading goes on behind `\if…`, whose name ends at `next`. */
  enter(name: string, text: string, next: number): number {
    const test = evaluate(name, text, next, this.facts);
    if (test.holds) {
      this.open++;
      return test.next;
    }
    const end = skipBranch(text, test.next, true);
    if (end.by === "else") this.open++;
    // Without its end in sight a condition hides nothing, for it would hide the rest of the paper.
    return end.by === null && ++this.unclosed < MAX_UNCLOSED ? test.next : end.next;
  }

  /** Where reading goes on behind the `\else`, `\or` or `\fi` that ends a branch that was read. */
  leave(name: string, text: string, next: number): number {
    if (this.open === 0) return next;
    this.open--;
    return name === "fi" ? next : skipBranch(text, next, false).next;
  }
}
