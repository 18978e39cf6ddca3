import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ERROR_FAULTS, FaultPicker, type Fault } from "../../../../cluster/src/mock-server/faults.js";
import { answered, imagePart, metric, picture, post, question, serve, shaOf, until } from "./client.js";

const always = (fault: Fault) => ({ faults: { rules: [{ fault }] } });
const ask = { id: "", nth: 1, shas: [], text: () => "" };
const WORDS = "The measured cross section falls off quickly above 5 GeV, as the line shows.";

/** What a client sees of an answer: its status, or the code of a broken connection. */
async function seen(response: Promise<Response>): Promise<number | string> {
  try {
    const answer = await response;
    await answer.text();
    return answer.status;
  } catch (error) {
    return ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code ?? (error as Error).message;
  }
}

test.each(Object.keys(ERROR_FAULTS))("the error %s can be had on demand", async (error) => {
  const server = await serve(always({ kind: "error", error }));
  const response = await post(server, question(WORDS), { id: "a" });
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(server.report()).toMatchObject({
    faults: { error: 1 },
    ids: { a: { outcome: `${response.status}` } },
  });
});

test("a router's 429 says when to come back, its 502 is a page", async () => {
  const busy = await serve(always({ kind: "error", error: "rate-limit", retryAfter: 7 }));
  expect((await post(busy, question(WORDS))).headers.get("retry-after")).toBe("7");
  const broken = await serve(always({ kind: "error", error: "bad-gateway" }));
  const response = await post(broken, question(WORDS));
  expect([response.status, response.headers.get("content-type")]).toEqual([502, "text/html"]);
});

test.each(["start", "headers", "half"] as const)("a connection breaks at its %s", async (at) => {
  const server = await serve(always({ kind: "reset", at }));
  for (const stream of [false, true]) {
    const end = await seen(post(server, question(WORDS, { stream })));
    expect(end).not.toBe(200);
    expect(typeof end).toBe("string");
  }
  await until(() => server.report().broken === 2);
});

test.each(["abort", "error", "length", "repetition"] as const)(
  "an answer ends early with %s",
  async (reason) => {
    const server = await serve(always({ kind: "finish", reason }));
    const { choices } = await (await post(server, question(WORDS))).json();
    expect(choices[0]).toMatchObject({ finish_reason: reason });
    expect(await metric(server, "vllm:request_success_total", `"${reason}"`)).toBe(1);
  },
);

test("a loop goes to the last token, unless the request has loops noticed", async () => {
  const server = await serve(always({ kind: "loop" }));
  const end = async (more: object) =>
    (await (await post(server, question(WORDS, more))).json()).choices[0].finish_reason;
  expect(await end({})).toBe("length");
  const repetition_detection = { max_pattern_size: 20, min_pattern_size: 2, min_count: 4 };
  expect(await end({ repetition_detection })).toBe("repetition");
});

test("answers that are no captions", async () => {
  const text = async (fault: Fault) => answered(await post(await serve(always(fault)), question(WORDS)));
  expect(await text({ kind: "empty" })).toBe("");
  expect(await text({ kind: "refusal" })).toMatch(/sorry/);
  expect(await text({ kind: "wrong-language" })).toMatch(/\p{Script=Han}{10}/u);
  const json = await text({ kind: "wrong-json" });
  expect(() => JSON.parse(json)).toThrow();
});

test("a body that is not all of the JSON comes with 200", async () => {
  const server = await serve(always({ kind: "broken-body" }));
  const response = await post(server, question(WORDS));
  expect(response.status).toBe(200);
  await expect(response.json()).rejects.toThrow(SyntaxError);
});

test("a dripping answer begins at once and has not come yet", async () => {
  const server = await serve(always({ kind: "drip", bytesPerSecond: 1 }));
  const going = new AbortController();
  const response = await post(server, question(WORDS), { signal: going.signal });
  expect(response.status).toBe(200);
  going.abort();
  await until(() => server.report().aborted === 1);
});

test("a stalled server says that it is healthy, its counters stand still, and it takes requests", async () => {
  const server = await serve(always({ kind: "stall" }));
  const going = new AbortController();
  const asked = post(server, question(WORDS), { signal: going.signal }).catch(() => "left");
  await until(async () => (await metric(server, "vllm:num_requests_waiting")) === 1);
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
  expect(await metric(server, "vllm:generation_tokens_total")).toBe(0);
  going.abort();
  expect(await asked).toBe("left");
});

test("a figure that kills the engine takes everything along: 500 or a reset, then /health 503", async () => {
  const poison = await picture(50, 50, "black");
  const server = await serve({
    speed: 0.001,
    keepAliveOnEngineDeath: true,
    faults: { rules: [{ match: { sha: shaOf(poison) }, fault: { kind: "death" } }] },
  });
  const others = Array.from({ length: 10 }, (_, at) =>
    seen(post(server, question(WORDS), { id: `other/${at}` })),
  );
  await until(async () => (await metric(server, "vllm:num_requests_running")) === 10);
  const killer = seen(post(server, question([imagePart(poison)]), { id: "killer" }));
  const ends = await Promise.all([...others, killer]);
  expect(new Set(ends.map((end) => (end === 500 ? 500 : "broken")))).toEqual(new Set([500, "broken"]));
  expect((await fetch(`${server.url}/health`)).status).toBe(503);
  const after = await post(server, question(WORDS));
  expect([after.status, (await after.json()).error.message]).toEqual([
    500,
    "EngineCore encountered an issue. See stack trace (above) for the root cause.",
  ]);
  expect(server.report().deaths).toBe(1);
});

test("after a death the server goes, and comes back empty where it is told to", async () => {
  let gone = 0;
  const mortal = await serve({ exitMilliseconds: 1, onExit: () => gone++ });
  mortal.die();
  await until(() => gone === 1);
  await expect(fetch(`${mortal.url}/health`)).rejects.toThrow();

  const reborn = await serve({ exitMilliseconds: 1, restartMilliseconds: 1 });
  await post(reborn, question(WORDS), { id: "before" });
  reborn.die();
  await until(() =>
    fetch(`${reborn.url}/health`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  expect(await metric(reborn, "vllm:generation_tokens_total")).toBe(0);
  expect((await post(reborn, question(WORDS))).status).toBe(200);
  expect(reborn.report()).toMatchObject({ requests: 2, deaths: 1, ids: { before: { asked: 1 } } });
});

test("a client that leaves frees its slot and counts as an abort", async () => {
  const server = await serve({ speed: 0.001, maxNumSeqs: 1 });
  const going = new AbortController();
  const left = post(server, question(WORDS), { id: "left", signal: going.signal }).catch(() => "left");
  await until(async () => (await metric(server, "vllm:num_requests_running")) === 1);
  going.abort();
  expect(await left).toBe("left");
  await until(async () => (await metric(server, "vllm:num_requests_running")) === 0);
  expect(await metric(server, "vllm:request_success_total", '"abort"')).toBe(1);
  expect(server.report()).toMatchObject({ aborted: 1, ids: { left: { asked: 1, outcome: "aborted" } } });
});

test("faults can be changed while it runs, and wrong ones are refused by name", async () => {
  const server = await serve();
  const set = (faults: unknown) =>
    fetch(`${server.url}/mock/faults`, { method: "POST", body: JSON.stringify(faults) });
  expect((await set({ rules: [{ match: { nth: 2 }, fault: { kind: "empty" } }] })).status).toBe(200);
  const texts = [];
  for (let at = 0; at < 3; at++) texts.push(await answered(await post(server, question(WORDS))));
  expect(texts.map((text) => text === "")).toEqual([false, true, false]);
  const wrong = await set({ rules: [{ fault: { kind: "explode" } }] });
  expect(wrong.status).toBe(400);
  expect((await wrong.json()).error.message).toContain("Fault rule 1");
});

test("rules go by number, share, id, picture and text, so many times, the first that matches", () => {
  const picker = new FaultPicker({
    rules: [
      { match: { nth: [2, 3] }, fault: { kind: "empty" } },
      { match: { id: "^poison/", text: "cross" }, fault: { kind: "hang" } },
      { match: { sha: "abc" }, fault: { kind: "loop" }, times: 1 },
      { match: { id: "^poison/" }, fault: { kind: "refusal" } },
    ],
  });
  expect(picker.pick({ ...ask, nth: 2, id: "poison/1" })?.kind).toBe("empty");
  expect(picker.pick({ ...ask, id: "poison/1", text: () => "a cross section" })?.kind).toBe("hang");
  expect(picker.pick({ ...ask, shas: ["000", "abcdef"] })?.kind).toBe("loop");
  expect(picker.pick({ ...ask, shas: ["abcdef"] })).toBeNull();
  expect(picker.pick({ ...ask, id: "poison/2" })?.kind).toBe("refusal");
});

test("a share is drawn by the seed and the request, the same on every run", () => {
  const drawn = (seed: number) => {
    const picker = new FaultPicker({
      seed,
      rules: [{ match: { probability: 0.2 }, fault: { kind: "empty" } }],
    });
    return Array.from({ length: 5000 }, (_, at) => picker.pick({ ...ask, id: `run/${at}` }) !== null);
  };
  const hits = drawn(1).filter(Boolean).length;
  expect(hits).toBeGreaterThan(900);
  expect(hits).toBeLessThan(1100);
  expect(drawn(1)).toEqual(drawn(1));
  expect(drawn(1)).not.toEqual(drawn(2));
});

test.each([
  [{ rules: [{ fault: { kind: "error", error: "nothing" } }] }, /"error" is one of/],
  [{ rules: [{ match: { colour: "red" }, fault: { kind: "empty" } }] }, /not "colour"/],
  [{ rules: [{ match: { id: "(" }, fault: { kind: "empty" } }] }, /no regular expression/],
  [{}, /"rules"/],
])("a wrong rule is told: %j", (faults, message) => {
  expect(() => new FaultPicker(faults as never)).toThrow(message);
});

test("the log has a line for each request asked and ended, also of those that never got an answer", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mock-server-log-"));
  const log = join(folder, "log.jsonl");
  const server = await serve({ ...always({ kind: "reset" }), log });
  await seen(post(server, question(WORDS), { id: "a/1" }));
  const lines = (await readFile(log, "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { event: string; id: string; outcome?: string });
  expect(lines.filter(({ event }) => event === "asked")).toMatchObject([{ id: "a/1" }]);
  expect(lines.filter(({ event }) => event === "ended")).toMatchObject([{ id: "a/1", outcome: "reset" }]);
  await rm(folder, { recursive: true });
});
