import { ConfigurationError, errorText } from "../errors.js";
import type { Answer, Argument, Events, Methods, Question, Reply } from "../views/link.js";
import { onComm } from "./comms.js";

/** One function for each method. What arrives was sent by a browser: check it before use. */
export type Handlers<M extends Methods> = {
  [K in keyof M]: (
    argument: Argument<M, K>,
    context: { signal: AbortSignal },
  ) => Answer<M, K> | Promise<Answer<M, K>>;
};

/** Sends an event to the page. */
export type Emit<E extends Events> = <K extends keyof E & string>(event: K, about: E[K]) => void;

/** What answers one page. */
export interface Desk<M extends Methods> {
  handlers: Handlers<M>;
  /** Called once when the page has gone. */
  close?(): void;
}

/**
 * Answers questions that pages ask over comms on `target`, see `views/link.ts`. `open` is called for each page with what
 * the page gave when it opened the comm; what it throws is the answer to everything that the page asks.
 * @returns ends the registration
 */
export function answerOn<M extends Methods, E extends Events = object>(
  target: string,
  open: (about: unknown, emit: Emit<E>) => Desk<M> | Promise<Desk<M>>,
): () => void {
  return onComm(target, (comm, about) => {
    const send = (reply: Reply) => comm.send(reply);
    send({ open: true });
    const desk = Promise.resolve().then(() => open(about, (event, said) => send({ event, about: said })));
    desk.catch(() => undefined);
    const asked = new Map<number, AbortController>();

    comm.onMessage = async (message) => {
      if (typeof message !== "object" || message === null) return;
      const question = message as Question;
      if ("cancel" in question) return asked.get(question.cancel)?.abort();
      const { id, ask, argument } = question;
      const controller = new AbortController();
      asked.set(id, controller);
      try {
        const { handlers } = await desk;
        controller.signal.throwIfAborted();
        if (!Object.hasOwn(handlers, ask))
          throw new Error(`This kernel's figloom has no answer to "${ask}".`);
        const handler = handlers[ask as keyof M] as (argument: unknown, context: object) => unknown;
        const answer = await handler(argument, { signal: controller.signal });
        send({ id, answer: answer ?? null });
      } catch (error) {
        send({ id, error: { kind: kindOf(error, controller.signal), message: errorText(error) } });
      } finally {
        asked.delete(id);
      }
    };
    comm.onClose = async () => {
      for (const controller of asked.values()) controller.abort();
      (await desk.catch(() => null))?.close?.();
    };
  });
}

function kindOf(error: unknown, signal: AbortSignal): "configuration" | "defect" | "gone" {
  if (signal.aborted) return "gone";
  return error instanceof ConfigurationError ? "configuration" : "defect";
}
