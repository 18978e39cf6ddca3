import type { Captioner } from "./captioner.js";
import type { Prompt, Sampling } from "./prompts/prompt.js";

/** How a model is asked. */
export interface CaptionerOptions {
  /** In place of the prompt's own. */
  sampling?: Partial<Sampling>;
  /** Which repetition this is: 0 for the first. Others draw with another seed and are kept apart. @default 0 */
  repeat?: number;
  /** Goes before everything else that waits for the same servers, as what a person waits for does. @default false */
  urgent?: boolean;
}

/** A vision-language model that answers prompts, on one server or many. */
export interface VisionModel {
  /** The model's name as the servers know it; `null` while it was neither given nor asked for. */
  readonly name: string | null;
  /** Servers that answer for it, where that is known. */
  readonly servers?: number | undefined;
  /**
   * Learns the model's {@link name} where it was not given, by asking the servers what they serve, and nothing more.
   * @throws {ConfigurationError} where they do not agree on one
   */
  identify?(options: { signal: AbortSignal }): Promise<void>;
  /**
   * Asks every server before work starts; the second time it costs nothing.
   * @param options.folder the folder below which all pictures lie
   * @throws {ConfigurationError} one sentence that says what to change
   */
  ready(options: { signal: AbortSignal; folder: string }): Promise<void>;
  /**
   * A captioner that asks this prompt. Captioners of one model share its servers, windows and limits.
   * @throws {ConfigurationError} when the model's name is not known yet: give it, or wait for {@link ready}
   */
  captioner(prompt: Prompt, options?: CaptionerOptions): Captioner;
  /**
   * Tells what the user should know while it works, in one sentence each: servers' ups and downs, and what to look
   * after. Several may listen; each is told everything.
   * @returns ends it
   */
  onNotice?(listener: (text: string) => void): () => void;
  /** How its servers are just now, where it has any. */
  readonly serverStates?: readonly ServerNow[];
  /** What was asked and answered so far. */
  readonly usage: Usage;
  /** Ends connections and what waits. */
  close(): Promise<void>;
}

/** What a model's servers were asked for since it was made, answers that were thrown away included. */
export interface Usage {
  requests: number;
  prompt_tokens: number;
  completion_tokens: number;
}

/** A server as it is just now. What it says of itself is of everybody's requests, and `null` where it says nothing. */
export interface ServerNow {
  /** Its address as it may be shown. */
  endpoint: string;
  /** `up`, `down`, `hung` … */
  health: string;
  /** Our requests with it. */
  inFlight: number;
  running: number | null;
  waiting: number | null;
  /** Share of its key-value cache in use, 0..1. */
  cacheUsage: number | null;
  /** Answers per second, lately. */
  perSecond: number;
}
