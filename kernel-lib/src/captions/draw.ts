import { createHash } from "node:crypto";

/**
 * Draws so many items out of any number, each as likely as any other. An item's place among those drawn depends on the
 * seed and on its name only: the same items give the same sample, whatever their order, and a smaller sample is the
 * first part of a larger one. Memory holds twice the sample.
 */
export class Draw<T> {
  readonly #seed: number;
  readonly #size: number;
  #drawn: { place: string; item: T }[] = [];
  /** Places from here on are too late. */
  #end: string | null = null;
  /** Items that were offered. */
  offered = 0;

  constructor(size: number, seed: number) {
    this.#size = size;
    this.#seed = seed;
  }

  /** @param make the item, asked for only if it has a chance */
  offer(name: string, make: () => T): void {
    this.offered++;
    const place = createHash("sha256").update(`${this.#seed} ${name}`).digest("hex");
    if (this.#end !== null && place >= this.#end) return;
    this.#drawn.push({ place, item: make() });
    if (this.#drawn.length >= 2 * this.#size) this.#cut();
  }

  /** The items drawn, in the order of their places. */
  get items(): T[] {
    this.#cut();
    return this.#drawn.map(({ item }) => item);
  }

  #cut(): void {
    this.#drawn.sort((a, b) => (a.place < b.place ? -1 : 1));
    this.#drawn.splice(this.#size);
    if (this.#drawn.length === this.#size) this.#end = this.#drawn[this.#size - 1]?.place ?? "";
  }
}
