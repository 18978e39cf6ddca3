import fc from "fast-check";
import { expect, it } from "vitest";
import type { Outcome } from "../../../../../../kernel-lib/src/captions/vllm/outcome.js";
import { Scheduler } from "../../../../../../kernel-lib/src/captions/vllm/schedule/scheduler.js";
import { draws } from "./draws.js";
import { answered, problem } from "./engine.js";
import { VirtualClock } from "./virtual-clock.js";

const outcomes = {
  answered,
  "too-long": { kind: "too-long", problem },
  refused: { kind: "refused", problem },
  transient: { kind: "transient", problem },
  late: { kind: "late", problem },
  overloaded: { kind: "overloaded", after: null },
  unreached: { kind: "lost", accepted: false, problem },
} satisfies Record<string, Outcome>;
type Name = keyof typeof outcomes;

const counted: readonly Name[] = ["transient", "late"];
const final: readonly Name[] = ["answered", "too-long", "refused"];

/** How an item must end whose requests end like this, one after the other, and then are answered. */
function expected(script: readonly Name[]): { end: string; sent: number } {
  let tries = 0;
  for (const [index, name] of script.entries()) {
    if (final.includes(name)) return { end: name, sent: index + 1 };
    if (counted.includes(name) && ++tries === 4) return { end: "gave-up", sent: index + 1 };
  }
  return { end: "answered", sent: script.length + 1 };
}

it("every ask ends once, as its requests' outcomes say, after no more requests than that takes", async () => {
  const names = Object.keys(outcomes) as Name[];
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.constantFrom(...names), { maxLength: 8 }), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(),
      async (scripts, count, seed) => {
        const clock = new VirtualClock();
        const random = draws(seed);
        const scheduler = new Scheduler({
          endpoints: Array.from({ length: count }, (_, index) => `${index}`),
          probe: async () => null,
          alive: async () => true,
          limits: { startWindow: 4 },
          clock,
          random,
        });
        const sent = scripts.map(() => 0);
        const ends: string[][] = scripts.map(() => []);
        scripts.forEach((script, item) => {
          const ask = scheduler.ask({
            key: `${item}`,
            tokens: 100,
            urgent: random() < 0.2,
            send: () =>
              new Promise<Outcome>((resolve) => {
                const outcome = outcomes[script[sent[item]!++] ?? "answered"];
                clock.setTimeout(() => resolve(outcome), 3000 * random());
              }),
          });
          ask.then(
            ({ kind }) => ends[item]!.push(kind),
            (error: { reason: string }) => ends[item]!.push(error.reason),
          );
        });
        await clock.run(() => false);
        scripts.forEach((script, item) => {
          const { end, sent: needed } = expected(script);
          expect(ends[item]).toEqual([end]);
          expect(sent[item]).toBe(needed);
        });
        expect(clock.pending).toBe(0);
        for (const state of scheduler.state())
          expect(state).toMatchObject({ inFlight: 0, outstandingTokens: 0, health: "up" });
      },
    ),
    { numRuns: 60, seed: 4 },
  );
});
