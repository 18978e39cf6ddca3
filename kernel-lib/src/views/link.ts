/**
 * How a page asks a kernel: questions and answers over one comm, and events that the kernel sends unasked. Both sides
 * share these types; what travels is JSON.
 */

/** Questions by name, each with its argument and its answer. */
export type Methods = object;

/** Events by name, each with what it says. */
export type Events = object;

/** What a method takes. */
export type Argument<M, K extends keyof M> = M[K] extends (argument: infer A) => unknown ? A : never;

/** What a method answers. */
export type Answer<M, K extends keyof M> = M[K] extends (argument: never) => infer R ? Awaited<R> : never;

/** From the page to the kernel. */
export type Question = { id: number; ask: string; argument: unknown } | { cancel: number };

/** From the kernel to the page. */
export type Reply =
  /** The first message: somebody answers here. A kernel that does not know the target closes the comm instead. */
  | { open: true }
  | { id: number; answer: unknown }
  /** `kind` is `configuration` for what the user can mend, `gone` for a question that was cancelled. */
  | { id: number; error: { kind: "configuration" | "defect" | "gone"; message: string } }
  | { event: string; about: unknown };

/** `connecting` until the kernel has answered for the first time, `gone` while there is no kernel that answers. */
export type LinkState = "connecting" | "live" | "gone";

/** A page's end of the line to a kernel. It connects again by itself when the kernel is restarted. */
export interface Link<M extends Methods, E extends Events = object> {
  readonly state: LinkState;
  /** Listens for changes of {@link state}. @returns ends it */
  onState(listener: (state: LinkState) => void): () => void;
  /**
   * Asks the kernel; waits while the link is connecting.
   * @throws {LinkError} what the kernel says against it, or that there is no kernel
   */
  ask<K extends keyof M & string>(
    method: K,
    argument: Argument<M, K>,
    signal?: AbortSignal,
  ): Promise<Answer<M, K>>;
  /** Listens to an event. @returns ends it */
  on<K extends keyof E & string>(event: K, listener: (about: E[K]) => void): () => void;
}

/** Why a question has no answer. */
export class LinkError extends Error {
  override readonly name = "LinkError";
  constructor(
    message: string,
    /** `configuration`: the user can mend it, as the message says; `gone`: nobody is there, or the question was withdrawn. */
    readonly kind: "configuration" | "defect" | "gone",
  ) {
    super(message);
  }
}
