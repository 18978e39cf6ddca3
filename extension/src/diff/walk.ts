import type { DiffList } from "./list.js";
import { findChanges, scrollInto } from "./steps.js";

/** Goes from change to change, and from one unsupported claim to the next, through figures that come as one reads on. */
export class ChangeWalk {
  readonly #list: DiffList;
  readonly #onMark: (at: number, count: number) => void;
  #changes: HTMLElement[][] = [];
  #at = -1;

  /** @param onMark is told which change of how many in the page is marked; none below 0 */
  constructor(list: DiffList, onMark: (at: number, count: number) => void) {
    this.#list = list;
    this.#onMark = onMark;
  }

  /** Other figures stand in the page: the same change stays marked as long as it does. */
  refresh(): void {
    const marked = this.#changes[this.#at]?.[0];
    this.#changes = findChanges(this.#list.node);
    this.mark(marked ? this.#changes.findIndex((pieces) => pieces.includes(marked)) : -1);
  }

  /** The figures were drawn in another manner: the same change stays marked, as far as there is one. */
  redrawn(draw: () => void): void {
    const at = this.#at;
    draw();
    this.mark(Math.min(at, this.#changes.length - 1));
  }

  mark(to: number): void {
    this.#changes[this.#at]?.forEach((piece) => piece.classList.remove("figloom-current"));
    this.#at = to;
    this.#changes[to]?.forEach((piece) => piece.classList.add("figloom-current"));
    this.#onMark(to, this.#changes.length);
  }

  /** @param row the figure that is being read */
  async step(by: 1 | -1, row: number): Promise<void> {
    const to = this.#at < 0 ? this.#firstFrom(row, by) : this.#at + by;
    if (this.#changes[to]) this.mark(to);
    else if (!(await this.#stepBeyond(by))) return;
    const [piece] = this.#changes[this.#at] ?? [];
    if (piece) scrollInto(this.#list.node, piece, "near");
  }

  /** Beyond what stands in the page there may be more. */
  async #stepBeyond(by: 1 | -1): Promise<boolean> {
    const { figures } = this.#list;
    const edge = by === 1 ? (figures.at(-1)?.row ?? 0) + 1 : (figures[0]?.row ?? 0) - 1;
    const marked = this.#changes[this.#at]?.[0];
    if (!(await this.#list.reach(edge))) return false;
    const to = (marked ? this.#changes.findIndex((pieces) => pieces.includes(marked)) : -1) + by;
    if (this.#changes[to]) this.mark(to);
    return this.#changes[to] !== undefined;
  }

  /** The first change in or after a figure, or the last before it. */
  #firstFrom(row: number, by: 1 | -1): number {
    const rowOf = (pieces: HTMLElement[]) =>
      Number(pieces[0]!.closest<HTMLElement>(".figloom-diff-item")!.dataset.row);
    return by === 1
      ? this.#changes.findIndex((pieces) => rowOf(pieces) >= row)
      : this.#changes.findLastIndex((pieces) => rowOf(pieces) < row);
  }

  /** Goes to the next unsupported claim from where the focus is, or from a figure on. @returns it, `null` for none */
  claim(by: 1 | -1, row: number): HTMLElement | null {
    const claims = [...this.#list.node.querySelectorAll<HTMLElement>("mark.figloom-doubt")];
    const at = claims.indexOf(document.activeElement as HTMLElement);
    const own = this.#list.item(row);
    const first = claims.findIndex(
      (mark) => !own || own.contains(mark) || !!(own.compareDocumentPosition(mark) & 4),
    );
    const to = claims[at >= 0 ? at + by : first];
    if (!to) return null;
    to.focus({ preventScroll: true });
    scrollInto(this.#list.node, to, "near");
    return to;
  }
}
