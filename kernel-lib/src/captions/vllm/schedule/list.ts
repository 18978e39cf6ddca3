/** What a {@link List} holds: it keeps its own neighbours, so that it is taken out of the middle at no cost. */
export interface Linked<T extends Linked<T>> {
  before: T | null;
  after: T | null;
  list: List<T> | null;
}

/** A list in order whose every operation costs the same, however long it is. An item is in one list at most. */
export class List<T extends Linked<T>> {
  first: T | null = null;
  #last: T | null = null;
  size = 0;

  append(item: T): void {
    item.list = this;
    item.before = this.#last;
    item.after = null;
    if (this.#last) this.#last.after = item;
    else this.first = item;
    this.#last = item;
    this.size++;
  }

  prepend(item: T): void {
    item.list = this;
    item.before = null;
    item.after = this.first;
    if (this.first) this.first.before = item;
    else this.#last = item;
    this.first = item;
    this.size++;
  }

  remove(item: T): void {
    if (item.before) item.before.after = item.after;
    else this.first = item.after;
    if (item.after) item.after.before = item.before;
    else this.#last = item.before;
    item.before = item.after = null;
    item.list = null;
    this.size--;
  }
}
