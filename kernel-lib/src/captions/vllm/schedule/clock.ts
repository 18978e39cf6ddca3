/** Time as the scheduler sees it, in milliseconds; tests hand in one that they turn themselves. */
export interface Clock {
  /** Never goes back; its zero means nothing. */
  now(): number;
  setTimeout(call: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  setTimeout: (call, ms) => setTimeout(call, ms),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};
