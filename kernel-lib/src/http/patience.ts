import { makeRetriable } from "p-retry";
import { waitUntil, type OnWait } from "./pace.js";
import { PassingError, ServerAwayError } from "./problems.js";

/** Longest time that a server may ask to be left alone for before the fetch ends, in milliseconds. */
const LONGEST_WAIT = 3_600_000;

export interface PatienceOptions {
  /** Attempts after the first. */
  retries: number;
  /** Milliseconds before the second attempt; they double from one to the next, and up to as many are added by chance. */
  backoff: number;
  signal: AbortSignal;
  onWait: OnWait;
  /** Hears what went wrong before it is tried again. */
  onTrouble(message: string): void;
}

/**
 * Tries until it goes well, as long as what goes wrong is a {@link PassingError}. Waits longer from one attempt to the
 * next, and never less than the server asks for.
 * @throws {ServerAwayError} when it asks for more than an hour
 */
export function patiently<T>(attempt: () => Promise<T>, options: PatienceOptions): Promise<T> {
  const { retries, backoff, signal, onWait, onTrouble } = options;
  const patient = makeRetriable(attempt, {
    retries,
    minTimeout: backoff,
    randomize: true,
    signal,
    shouldRetry: ({ error }) => error instanceof PassingError,
    async onFailedAttempt({ error, retriesLeft }) {
      if (!(error instanceof PassingError)) return;
      const asked = error.retryAfter ?? 0;
      if (asked > LONGEST_WAIT)
        throw new ServerAwayError(
          `${error.message} and asks to be left alone for ${Math.ceil(asked / 60_000)} minutes. What is there is kept; start the same again then.`,
        );
      if (retriesLeft === 0) return;
      onTrouble(error.message);
      // The back-off comes on top of it.
      await waitUntil(performance.now() + asked, signal, onWait);
    },
  });
  return patient();
}
