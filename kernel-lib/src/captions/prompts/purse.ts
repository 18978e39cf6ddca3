import { estimateTokens } from "../../text/tokens.js";
import { cut } from "./cut.js";
import { fenced, type Fence } from "./fence.js";
import type { FieldPath } from "./fields.js";

/** A letter or a number is cut to so many tokens. */
export const LABEL_TOKENS = 12;

/** What is left of a budget. A field that a template prints twice costs twice. */
export class Purse {
  constructor(
    public left: number,
    private readonly prints: ReadonlyMap<FieldPath, number>,
  ) {}

  /** Whether the template has any use for a field. */
  wants(path: FieldPath): boolean {
    return this.prints.has(path);
  }

  /** Pays for a piece that stands in this field, if it can. */
  pay(path: FieldPath, tokens: number): boolean {
    const cost = tokens * Math.max(1, this.prints.get(path) ?? 0);
    if (cost > this.left) return false;
    this.left -= cost;
    return true;
  }

  /** As much of the words as fits, whole sentences where possible. */
  buy(path: FieldPath, fence: Fence, words: string, most = Infinity): string {
    if (words === "") return "";
    const each = Math.min(most, this.left / Math.max(1, this.prints.get(path) ?? 0));
    const part = cut(words, each - tagTokens(fence));
    return part !== "" && this.pay(path, estimateTokens(part) + tagTokens(fence)) ? part : "";
  }
}

/** Both tags of a fence; one more, since pieces are counted one by one. */
export const tagTokens = (fence: Fence): number => estimateTokens(fenced(fence, " ")) + 1;
