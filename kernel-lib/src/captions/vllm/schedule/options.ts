import type { Clock } from "./clock.js";
import type { ServerEvent } from "./events.js";
import type { Calls } from "./supervisor.js";

/**
 * What the scheduler is given: servers, and how to ask them. `probe` says a server's load (`null` where it says nothing,
 * or not now), `alive` whether it answers and its engine is not dead, `restart` starts one again that died or hangs,
 * where that can be done from here. `fit` is asked about one that was away and answers again: whether it may have work.
 */
export interface SchedulerOptions extends Calls {
  endpoints: readonly string[];
  /** Those of them that do not answer yet: asked again from time to time, like servers that died. */
  away?: readonly string[];
  /** Told of servers' ups and downs. Must not throw. */
  onEvent?(event: ServerEvent): void;
  limits?: Partial<Limits>;
  clock?: Clock;
  /** Evenly between 0 and 1. */
  random?(): number;
}

export interface Limits {
  /** Requests that a server gets at once before it is known. @default 16 */
  startWindow: number;
  /** The most that any server gets at once. @default 2048 */
  mostWindow: number;
  /** Tries that fail before an item is given up. @default 4 */
  tries: number;
  /** How long to wait for any server at all, in milliseconds. @default 600000 */
  patience: number;
}

export const defaults: Limits = { startWindow: 16, mostWindow: 2048, tries: 4, patience: 600_000 };
