/** A page's line to a service that runs in the same process: what travels is JSON, as between page and kernel. */
import type { Desk, Emit } from "../../kernel-lib/src/kernel/answer.js";
import { ConfigurationError } from "../../kernel-lib/src/errors.js";
import { LinkError, type Link, type LinkState } from "../../kernel-lib/src/views/link.js";

export interface InProcessLink<M extends object, E extends object> extends Link<M, E> {
  /** Breaks the line, as a kernel that dies does, or mends it. */
  become(state: LinkState): void;
  /** Methods in the order in which they were asked. */
  readonly asked: string[];
}

const travel = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

export function inProcessLink<M extends object, E extends object>(
  open: (emit: Emit<E>) => Desk<M> | Promise<Desk<M>>,
): InProcessLink<M, E> {
  const listeners = new Map<string, Set<(about: never) => void>>();
  const states = new Set<(state: LinkState) => void>();
  const desk = Promise.resolve().then(() =>
    open((event, about) => {
      const sent = travel(about) as never;
      queueMicrotask(() => listeners.get(event)?.forEach((listener) => listener(sent)));
    }),
  );
  desk.catch(() => undefined);
  let state: LinkState = "live";
  const asked: string[] = [];
  return {
    asked,
    get state() {
      return state;
    },
    become(next) {
      state = next;
      states.forEach((listener) => listener(next));
    },
    onState(listener) {
      states.add(listener);
      return () => states.delete(listener);
    },
    async ask(method, argument, signal = new AbortController().signal) {
      asked.push(method);
      if (state === "gone") throw new LinkError("There is no kernel here that could answer.", "gone");
      try {
        const { handlers } = await desk;
        const handler = handlers[method] as (argument: unknown, context: object) => unknown;
        return travel(await handler(travel(argument), { signal })) as never;
      } catch (error) {
        const kind = signal.aborted
          ? "gone"
          : error instanceof ConfigurationError
            ? "configuration"
            : "defect";
        throw new LinkError((error as Error).message, kind);
      }
    },
    on(event, listener) {
      const all = listeners.get(event) ?? new Set();
      listeners.set(event, all.add(listener as (about: never) => void));
      return () => all.delete(listener as (about: never) => void);
    },
  };
}
