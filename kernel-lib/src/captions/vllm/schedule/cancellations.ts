/**
 * Watches many things' signals, with one listener a signal however many things share it: a signal's own list of
 * listeners is searched from its beginning for every removal, and a hundred thousand would be a leak.
 */
export class Cancellations<T> {
  readonly #watched = new Map<AbortSignal, { things: Set<T>; listener: () => void }>();

  constructor(readonly onAbort: (things: readonly T[], reason: unknown) => void) {}

  watch(signal: AbortSignal, thing: T): void {
    const known = this.#watched.get(signal);
    if (known) {
      known.things.add(thing);
      return;
    }
    const things = new Set([thing]);
    const listener = () => {
      this.#watched.delete(signal);
      this.onAbort([...things], signal.reason);
    };
    signal.addEventListener("abort", listener, { once: true });
    this.#watched.set(signal, { things, listener });
  }

  forget(signal: AbortSignal, thing: T): void {
    const known = this.#watched.get(signal);
    if (!known?.things.delete(thing) || known.things.size > 0) return;
    signal.removeEventListener("abort", known.listener);
    this.#watched.delete(signal);
  }
}
