import { setTimeout as sleep } from "node:timers/promises";

/**
 * Looks again and again until something is there; the test's own time limit ends the waiting.
 * @param everyMs seldom where a look is work, which what is waited for would have to wait for
 */
export async function until<T>(look: () => T | Promise<T>, everyMs = 50): Promise<NonNullable<T>> {
  for (;;) {
    const found = await look();
    if (found) return found;
    await sleep(everyMs);
  }
}
