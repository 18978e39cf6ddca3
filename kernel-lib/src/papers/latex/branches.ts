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
    if (test.branch !== null) return this.enterCase(text, test.next, test.branch);
    if (test.holds) {
      this.open++;
      return test.next;
    }
    const end = skipBranch(text, test.next, ["else"]);
    if (end.by === "else") this.open++;
    // Without its end in sight a condition hides nothing, for it would hide the rest of the paper.
    return end.by === null && ++this.unclosed < MAX_UNCLOSED ? test.next : end.next;
  }

  /** Where reading goes on behind the `\else`, `\or` or `\fi` that ends a branch that was read. */
  leave(name: string, text: string, next: number): number {
    if (this.open === 0) return next;
    this.open--;
    return name === "fi" ? next : skipBranch(text, next, []).next;
  }

  private enterCase(text: string, at: number, branch: number): number {
    let next = at;
    for (let i = 0; i < Math.min(branch, MAX_CASES) || branch < 0; i++) {
      const end = skipBranch(text, next, ["or", "else"]);
      if (end.by === null) return ++this.unclosed < MAX_UNCLOSED ? at : end.next;
      next = end.next;
      if (end.by === "fi") return next;
      if (end.by === "else") break;
    }
    this.open++;
    return next;
  }
}

const MAX_CASES = 200;
