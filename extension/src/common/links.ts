import type { JSONObject } from "@lumino/coreutils";
import type { Events, Link, Methods } from "figloom/views";
import { CommLine } from "./comm-line.js";
import type { KernelSource } from "./kernel-source.js";

/** How long a line without users stays open: drawings are replaced by others that ask the same service. */
const LINGER_MS = 5000;

/** The lines to the services of one kernel: whoever asks the same service about the same thing shares one. */
export class Links {
  readonly #source: KernelSource;
  readonly #lines = new Map<string, { line: CommLine; users: number }>();

  constructor(source: KernelSource) {
    this.#source = source;
  }

  /**
   * A line for as long as the signal lets; what was listened to on it ends with the signal, and so does what was asked
   * without a signal of its own. The line lingers, so that what is said last with one still reaches the kernel.
   */
  connect<M extends Methods, E extends Events>(
    target: string,
    about: object,
    signal: AbortSignal,
  ): Link<M, E> {
    const key = JSON.stringify([target, about]);
    const entry = this.#lines.get(key) ?? {
      line: new CommLine(this.#source, target, about as JSONObject),
      users: 0,
    };
    this.#lines.set(key, entry);
    const { line } = entry;
    entry.users++;
    const ends = new Set<() => void>();
    const until = (end: () => void) => {
      ends.add(end);
      return () => (ends.delete(end), end());
    };
    const leave = () => {
      ends.forEach((end) => end());
      entry.users--;
      setTimeout(() => {
        if (entry.users > 0 || this.#lines.get(key) !== entry) return;
        this.#lines.delete(key);
        line.close();
      }, LINGER_MS);
    };
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave, { once: true });
    return {
      get state() {
        return line.state;
      },
      onState: (listener) => until(line.onState(listener)),
      ask: (method, argument, withdrawn = signal) => line.ask(method, argument, withdrawn) as Promise<never>,
      on: (event, listener) => until(line.on(event, listener as (about: unknown) => void)),
    };
  }
}
