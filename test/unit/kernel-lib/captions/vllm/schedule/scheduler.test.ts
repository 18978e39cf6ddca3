import { getEventListeners } from "node:events";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Outcome } from "../../../../../../kernel-lib/src/captions/vllm/outcome.js";
import {
  Scheduler,
  type Ask,
  type SchedulerOptions,
} from "../../../../../../kernel-lib/src/captions/vllm/schedule/scheduler.js";
import { VirtualClock } from "./virtual-clock.js";

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

/** Asks whose end the test decides. */
function pending() {
  const sent: { endpoint: string; signal: AbortSignal; end(outcome: Outcome): void }[] = [];
  const send: Ask["send"] = (endpoint, { signal }) =>
    new Promise((end) => {
      sent.push({ endpoint, signal, end });
    });
  return { sent, send };
}

describe("a choice of servers", () => {
  it("goes by the tokens that each has to do", async () => {
    const servers = start();
    const { sent, send } = pending();
    for (const tokens of [1000, 100, 100, 100]) servers.ask({ key: "x", tokens, send }).catch(() => {});
    expect(sent.map(({ endpoint }) => endpoint)).toEqual(["http://a", "http://b", "http://b", "http://b"]);
  });

  it("leaves out a server that has too much to do until its time has come, and holds nothing against the item", async () => {
    const asked: string[] = [];
    const final = await start({ limits: { tries: 1 } }).ask({
      key: "x",
      tokens: 1,
      send: async (endpoint) => {
        asked.push(endpoint);
        return endpoint === "http://a" ? { kind: "overloaded", after: 60_000 } : answer("ok");
      },
    });
    expect(final.kind).toBe("answered");
    expect(asked).toEqual(["http://a", "http://b"]);
  });

  it("sends at once elsewhere what did not reach a server, and counts it not", async () => {
    const asked: string[] = [];
    const final = await start({
      alive: async (endpoint) => endpoint === "http://b",
      limits: { tries: 1 },
    }).ask({
      key: "x",
      tokens: 1,
      send: async (endpoint) => {
        asked.push(endpoint);
        return endpoint === "http://a" ? { kind: "lost", accepted: false, problem } : answer("ok");
      },
    });
    expect(final.kind).toBe("answered");
    expect(asked).toEqual(["http://a", "http://b"]);
  });
});

describe("urgent asks", () => {
  it("go beside a full window and before what waits, but not for ever", async () => {
    const servers = start({ endpoints: ["http://a"], limits: { startWindow: 1, mostWindow: 1 } });
    const { sent, send } = pending();
    const order: string[] = [];
    const ask = (key: string, urgent: boolean) =>
      servers.ask({ key, tokens: 1, urgent, send: (...to) => (order.push(key), send(...to)) });
    const all = [ask("first", false), ask("second", false)];
    all.push(ask("urgent", true));
    expect(order).toEqual(["first", "urgent"]);
    for (let n = 0; n < 40; n++) all.push(ask("urgent", true));
    for (let next = 0; next < 43; next++) {
      await vi.waitFor(() => expect(sent.length).toBeGreaterThan(next));
      sent[next]!.end(answer("ok"));
    }
    await Promise.all(all);
    expect(order.indexOf("second")).toBeLessThan(order.length - 1);
  });
});

describe("a cancelled ask", () => {
  it("rejects at once with the signal's reason, waiting or sent, and ends its request", async () => {
    const servers = start({ endpoints: ["http://a"], limits: { startWindow: 1 } });
    const { sent, send } = pending();
    const user = new AbortController();
    const asked = [1, 2].map((n) => servers.ask({ key: `${n}`, tokens: 1, signal: user.signal, send }));
    user.abort(new Error("enough"));
    for (const one of await Promise.allSettled(asked))
      expect(one).toMatchObject({ reason: { message: "enough" } });
    expect(sent.length).toBe(1);
    expect(sent[0]!.signal.aborted).toBe(true);
    expect(servers.state()[0]).toMatchObject({ inFlight: 0, outstandingTokens: 0 });
  });

  it("adds no listener of its own to a signal that many share, and leaves none behind", async () => {
    const servers = start();
    const { signal } = new AbortController();
    let most = 0;
    const count = () => (most = Math.max(most, getEventListeners(signal, "abort").length));
    const asked = Array.from({ length: 500 }, () =>
      servers.ask({ key: "x", tokens: 1, signal, send: async () => (count(), answer("ok")) }),
    );
    await Promise.all(asked);
    expect(most).toBe(1);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

it("closing ends what waits and what is sent, and takes nothing more", async () => {
  const servers = start({ endpoints: ["http://a"], limits: { startWindow: 1 } });
  const { sent, send } = pending();
  const asked = [1, 2].map((n) => servers.ask({ key: `${n}`, tokens: 1, send }));
  servers.close();
  asked.push(servers.ask({ key: "3", tokens: 1, send }));
  for (const one of await Promise.allSettled(asked))
    expect(one).toMatchObject({ reason: { name: "AbortError" } });
  expect(sent.length).toBe(1);
});

it("a request that gets lost on a server that answers all others is given up and tried elsewhere", async () => {
  const clock = new VirtualClock();
  const servers = start({ clock });
  const asked: string[] = [];
  let done = false;
  const lost = servers
    .ask({
      key: "lost",
      tokens: 1,
      send: async (endpoint) => {
        asked.push(endpoint);
        return asked.length === 1 ? new Promise<Outcome>(() => {}) : answer("ok");
      },
    })
    .finally(() => (done = true));
  const other = (): void => {
    if (done) return;
    void servers.ask({ key: "other", tokens: 1, send: async () => answer("ok") });
    clock.setTimeout(other, 1000);
  };
  other();
  await clock.run(() => done);
  expect((await lost).kind).toBe("answered");
  expect(new Set(asked).size).toBe(2);
});
