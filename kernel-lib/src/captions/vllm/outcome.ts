import type { ProblemParts } from "../../errors.js";

/** An answer as the server gave it, whole or not. */
export interface Answer {
  text: string;
  /** `stop`, `length`, `abort`, `error`, `repetition`. */
  finish_reason: string;
  prompt_tokens: number;
  completion_tokens: number;
  /** Tokens of the picture, where the server says. */
  image_tokens: number | null;
  /** Prompt tokens that the server had cached, where it says. */
  cached_tokens: number | null;
}

/** How one request ended. Each kind has its own remedy. */
export type Outcome<A = Answer> =
  /** HTTP 200 with a whole answer; whether it is a caption is for `answer.ts` to say. */
  | { kind: "answered"; answer: A }
  /** Too long for the model: may fit with a smaller picture and fewer words. */
  | { kind: "too-long"; problem: ProblemParts }
  /** This figure cannot be asked about, wherever it is sent. */
  | { kind: "refused"; problem: ProblemParts }
  /** Every request would fail like this: the run stops. */
  | { kind: "misconfigured"; message: string }
  /** Failed on the way or in the engine; another try may do. */
  | { kind: "transient"; problem: ProblemParts }
  /** The server has too much to do. `after` is what it asked for, in milliseconds. */
  | { kind: "overloaded"; after: number | null }
  /**
   * The connection broke, or the engine is dead. `accepted` when the request may have reached the engine: then what
   * it asked for may be what killed it.
   */
  | { kind: "lost"; accepted: boolean; problem: ProblemParts }
  /** No answer within the request's deadline. */
  | { kind: "late"; problem: ProblemParts };
