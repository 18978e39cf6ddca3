import { afterEach, describe, expect, it } from "vitest";
import type { Outcome } from "../../../../../../kernel-lib/src/captions/vllm/outcome.js";
import {
  Scheduler,
  type SchedulerOptions,
} from "../../../../../../kernel-lib/src/captions/vllm/schedule/scheduler.js";

const answer = (text: string): Outcome => ({
  kind: "answered",
  answer: {
    text,
    finish_reason: "stop",
    prompt_tokens: 10,
    completion_tokens: 10,
    image_tokens: null,
    cached_tokens: null,
  },
});
const problem = { reason: "engine", message: "the engine stumbled", wayOut: "try again" };

let scheduler: Scheduler | undefined;
afterEach(() => scheduler?.close());

function start(options: Partial<SchedulerOptions> = {}): Scheduler {
  scheduler = new Scheduler({
    endpoints: ["http://a", "http://b"],
    probe: async () => null,
    alive: async () => true,
    random: () => 0,
    ...options,
  });
  return scheduler;
}

describe("an ask", () => {
  it("comes back with the answer of a server", async () => {
    const final = await start().ask({ key: "x", tokens: 10, send: async (endpoint) => answer(endpoint) });
    expect(final).toMatchObject({ kind: "answered", answer: { text: expect.stringMatching(/^http:/) } });
  });

  it("is tried again on the other server when one fails with it", async () => {
    const asked: string[] = [];
    await start().ask({
      key: "x",
      tokens: 10,
      send: async (endpoint) => {
        asked.push(endpoint);
        return asked.length === 1 ? { kind: "transient", problem } : answer("ok");
      },
    });
    expect(new Set(asked).size).toBe(2);
  });

  it("is given up after four tries, with what went wrong last", async () => {
    let tries = 0;
    const asked = start().ask({
      key: "fig1",
      tokens: 10,
      send: async () => {
        tries++;
        return { kind: "transient", problem };
      },
    });
    await expect(asked).rejects.toMatchObject({
      name: "ItemError",
      reason: "gave-up",
      cause: problem.message,
    });
    expect(tries).toBe(4);
  });

  it("is refused together with everything that waits when the servers are set up wrongly", async () => {
    const servers = start({ endpoints: ["http://a"], limits: { startWindow: 1 } });
    const send = async (): Promise<Outcome> => ({ kind: "misconfigured", message: "wrong model" });
    const asked = [1, 2, 3].map((n) => servers.ask({ key: `${n}`, tokens: 1, send }));
    for (const result of await Promise.allSettled(asked))
      expect(result).toMatchObject({ reason: { name: "ConfigurationError", message: "wrong model" } });
  });
});
