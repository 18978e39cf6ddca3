/** A binary heap: the smallest by `order` comes out first. */
export class Heap<T> {
  readonly #items: T[] = [];
  readonly #order: (item: T) => number;

  constructor(order: (item: T) => number) {
    this.#order = order;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    const items = this.#items;
    const rank = this.#order(item);
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#order(items[parent]!) <= rank) break;
      items[at] = items[parent]!;
      at = parent;
    }
    items[at] = item;
  }

  pop(): T | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (items.length === 0 || last === undefined) return first;
    const rank = this.#order(last);
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && this.#order(items[child + 1]!) < this.#order(items[child]!)) child++;
      if (this.#order(items[child]!) >= rank) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = last;
    return first;
  }

  clear(): void {
    this.#items.length = 0;
  }
}
