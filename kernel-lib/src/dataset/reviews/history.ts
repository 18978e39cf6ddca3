import type { Edit, ReviewLine } from "./line.js";

/** Something that a person did, and how to take it back. */
export interface Action {
  id: string;
  /** What it did; of one that took another back, what that other did. */
  said: string;
  edits: Edit[];
}

/** Figures that the history may be about in all; beyond that the oldest actions can no longer be taken back. */
const FIGURES = 2_000_000;

/** What undo and redo take back, worked out from the lines of one history. */
export class History {
  readonly #name: string;
  #done: Action[] = [];
  #undone: Action[] = [];
  readonly #seen = new Set<string>();

  constructor(name: string) {
    this.#name = name;
  }

  get undo(): Action | null {
    return this.#done.at(-1) ?? null;
  }

  get redo(): Action | null {
    return this.#undone.at(-1) ?? null;
  }

  /** Takes in a line of any history; the lines of one come in the order of their times. */
  apply({ time, writer, history, action: id, reverts, said, edits }: ReviewLine): void {
    if (history !== this.#name || this.#seen.has(`${time} ${writer}`)) return;
    this.#seen.add(`${time} ${writer}`);
    const latest = [this.undo, this.redo].find((action) => action?.id === id);
    if (latest) latest.edits.push(...edits);
    else this.#begin({ id, said, edits: [...edits] }, reverts);
    this.#forget();
  }

  #begin(action: Action, reverts: string | null): void {
    if (reverts !== null && reverts === this.undo?.id) {
      this.#done.pop();
      this.#undone.push(action);
      return;
    }
    if (reverts !== null && reverts === this.redo?.id) this.#undone.pop();
    else this.#undone = [];
    this.#done.push(action);
  }

  #forget(): void {
    let figures = sizeOf(this.#done);
    while (figures > FIGURES && this.#done.length > 1) figures -= sizeOf([this.#done.shift()!]);
  }
}

const sizeOf = (actions: Action[]): number =>
  actions.reduce((sum, { edits }) => sum + edits.reduce((n, { figure_ids }) => n + figure_ids.length, 0), 0);
