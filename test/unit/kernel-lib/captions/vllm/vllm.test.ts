import { setMaxListeners } from "node:events";
import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import type { Captioner, CaptionOptions } from "../../../../../kernel-lib/src/captions/captioner.js";
import type { VisionModel } from "../../../../../kernel-lib/src/captions/vision-model.js";
import { vllm, type VllmOptions } from "../../../../../kernel-lib/src/captions/vllm/vllm.js";
import type { FaultRule, MockServer } from "../../../../../cluster/src/mock-server/index.js";
import { MODEL, serve } from "../../../cluster/mock-server/client.js";
import { prompt } from "../prompts/make.js";
import { figuresIn, newFolder, removeFolders } from "./figures.js";

const models: VisionModel[] = [];
afterEach(async () => {
  await Promise.all(models.splice(0).map((model) => model.close()));
  await removeFolders();
});

const SIGNAL = new AbortController().signal;
setMaxListeners(0, SIGNAL);
const PROMPT = prompt("id: plain\nabout: A caption.\nlanguage: en\nsampling: { max_tokens: 200 }");
const STRUCTURED = prompt(
  `id: structured\nabout: A caption.\nanswer: json\nschema:\n  type: object\n  properties: { caption: { type: string }, panels: { type: array, items: { type: string } } }\n  required: [caption, panels]\n  additionalProperties: false`,
);

interface Scene {
  model: VisionModel;
  captioner: Captioner;
  warnings: string[];
  folder: string;
}

async function ready(
  servers: readonly MockServer[],
  more: VllmOptions = {},
  asking = PROMPT,
): Promise<Scene> {
  const warnings: string[] = [];
  const model = vllm({
    endpoints: servers.map(({ url }) => url),
    onWarning: (message) => warnings.push(message),
    ...more,
  });
  models.push(model);
  const folder = await newFolder();
  await model.ready({ signal: SIGNAL, folder });
  const captioner = model.captioner(asking);
  await captioner.ready!({ signal: SIGNAL, folder });
  return { model, captioner, warnings, folder };
}

/** Asks about one figure while chat requests go wrong like this. */
async function asking(rules: FaultRule[], { about = PROMPT, speed = 100 } = {}) {
  const server = await serve({ speed });
  const scene = await ready([server], {}, about);
  server.setFaults({ rules });
  const [figure] = await figuresIn(scene.folder);
  const ask = (more: Partial<CaptionOptions> = {}) =>
    scene.captioner.caption(figure!, { signal: SIGNAL, ...more });
  return { ...scene, server, figure: figure!, ask };
}

describe("a figure's caption", () => {
  test("says who made it from what, and what it took", async () => {
    const { ask, model, captioner } = await asking([]);
    const made = await ask();
    expect(made).toMatchObject({
      figure_id: "paper#fig1",
      variant: `plain@${MODEL}`,
      captioner: "vllm",
      prompt_id: "plain",
      prompt_hash: PROMPT.hash,
      model: MODEL,
      finish_reason: "stop",
      attempts: 1,
      detail: null,
    });
    expect(made.text).not.toBe("");
    expect(JSON.parse(made.sampling!)).toEqual(PROMPT.sampling);
    expect(made.prompt_tokens).toBeGreaterThan(80);
    expect(model.usage).toEqual({
      requests: 1,
      prompt_tokens: made.prompt_tokens,
      completion_tokens: made.completion_tokens,
    });
    expect(captioner.note!()).toMatch(/^1 of 1 servers, 0 in flight, /);
  });

  test("that is streamed is told of as it grows, and is the same", async () => {
    const { ask } = await asking([], { speed: 5 });
    const texts: string[] = [];
    const streamed = await ask({ onText: (text) => texts.push(text) });
    expect(streamed.text).toBe((await ask()).text);
    expect(texts.length).toBeGreaterThan(2);
    expect(texts.at(-1)).toBe(streamed.text);
  });

  test("with structure keeps what else was answered", async () => {
    const { ask } = await asking([], { about: STRUCTURED });
    const made = await ask();
    expect(Object.keys(JSON.parse(made.detail!) as object)).toEqual(["panels"]);
  });

  test("is predicted about right", async () => {
    const { ask, captioner, figure } = await asking([]);
    const question = captioner.predict!(figure)! - 200;
    const { prompt_tokens } = await ask();
    expect(Math.abs(question / prompt_tokens! - 1)).toBeLessThan(0.4);
  });

  test("of another repeat is drawn with another seed and kept apart", async () => {
    const { model, captioner, folder, figure } = await asking([]);
    const other = model.captioner(PROMPT, { repeat: 2, sampling: { temperature: 0.7 } });
    await other.ready!({ signal: SIGNAL, folder });
    expect(other.variant).toBe(`plain@${MODEL}~2`);
    expect(other.fingerprint).not.toBe(captioner.fingerprint);
    const { sampling } = await other.caption(figure, { signal: SIGNAL });
    const { seed, temperature } = JSON.parse(sampling!) as Record<string, number>;
    expect(temperature).toBe(0.7);
    expect(seed).not.toBe(PROMPT.sampling.seed);
  });

  test("is given up at once when it is cancelled, at the server too", async () => {
    const { ask, server } = await asking([{ fault: { kind: "hang" } }]);
    const controller = new AbortController();
    const before = server.report();
    const asked = ask({ signal: controller.signal });
    await expect.poll(() => server.report().requests).toBeGreaterThan(before.requests);
    controller.abort(new Error("enough"));
    await expect(asked).rejects.toThrow("enough");
    await expect.poll(() => server.report().aborted).toBeGreaterThan(before.aborted);
  });
});

describe("an answer that is no caption", () => {
  const once = (fault: FaultRule["fault"]): FaultRule[] => [{ fault, times: 1 }];

  test.each([["loop"], ["refusal"], ["empty"], ["wrong-language"]] as const)(
    "(%s) is drawn again, warmer and with another seed",
    async (kind) => {
      const { ask, model } = await asking(once({ kind }));
      const made = await ask();
      const { temperature, seed } = JSON.parse(made.sampling!) as Record<string, number>;
      expect(made.attempts).toBe(2);
      expect(temperature).toBeCloseTo(PROMPT.sampling.temperature + 0.3);
      expect(seed).toBe(PROMPT.sampling.seed + 1);
      expect(model.usage.requests).toBe(2);
      expect(model.usage.prompt_tokens).toBe(2 * made.prompt_tokens!);
    },
  );

  test("of the wrong shape is drawn again", async () => {
    const { ask } = await asking(once({ kind: "wrong-json" }), { about: STRUCTURED });
    expect((await ask()).attempts).toBe(2);
  });

  test("that was cut off gets more room", async () => {
    const { ask } = await asking(once({ kind: "finish", reason: "length" }));
    expect(JSON.parse((await ask()).sampling!)).toMatchObject({
      max_tokens: 300,
      seed: PROMPT.sampling.seed,
    });
  });

  test.each([
    [{ kind: "loop" }, "answer-repetition", 3],
    [{ kind: "refusal" }, "answer-refusal", 3],
    [{ kind: "finish", reason: "length" }, "answer-truncated", 2],
  ] as const)("time and again is told as such: %o", async (fault, reason, requests) => {
    const { ask, model } = await asking([{ fault }]);
    await expect(ask()).rejects.toMatchObject({ name: "ItemError", reason, transient: false });
    expect(model.usage.requests).toBe(requests);
  });
});

describe("a question that is too long", () => {
  test("is asked once with less of picture and words", async () => {
    const { ask } = await asking([{ fault: { kind: "error", error: "too-long" }, times: 1 }]);
    expect((await ask()).attempts).toBe(2);
  });

  test("to leave room for an answer is asked with less, too", async () => {
    const ask = async (maxModelLen?: number) => {
      const server = await serve({ answerTokens: 150, ...(maxModelLen && { maxModelLen }) });
      const { captioner, folder } = await ready([server]);
      const [figure] = await figuresIn(folder, 1, { width: 1024, height: 1024 });
      return captioner.caption(figure!, { signal: SIGNAL });
    };
    const { prompt_tokens: whole } = await ask();
    const made = await ask(whole! + 50);
    expect(made).toMatchObject({ attempts: 2, completion_tokens: 150, finish_reason: "stop" });
    expect(made.prompt_tokens).toBeLessThan(whole!);
  });

  test("even so is told", async () => {
    const { ask } = await asking([{ fault: { kind: "error", error: "encoder-cache" } }]);
    await expect(ask()).rejects.toMatchObject({ name: "ItemError", reason: "too-long" });
  });
});

describe("what goes wrong on the way", () => {
  test.each<FaultRule["fault"]>([
    { kind: "reset", at: "start" },
    { kind: "reset", at: "half" },
    { kind: "stream-error" },
    { kind: "broken-body" },
    { kind: "finish", reason: "abort" },
    { kind: "error", error: "generation" },
    {
      kind: "status",
      status: 502,
      body: "<html><title>502 Bad Gateway</title></html>",
      contentType: "text/html",
    },
    { kind: "status", status: 429, headers: { "retry-after": "0" } },
  ])("is tried again: %o", async (fault) => {
    const { ask } = await asking([{ fault, times: 1 }]);
    expect((await ask()).attempts).toBe(2);
  });

  test("and goes wrong every time is given up for now: the next start asks again", async () => {
    const { ask } = await asking([{ fault: { kind: "error", error: "generation" } }]);
    await expect(ask()).rejects.toMatchObject({ name: "ItemError", reason: "gave-up", transient: true });
  });

  test("an error in a stream is none of the answer", async () => {
    const { server, ask } = await asking([]);
    const whole = await ask();
    server.setFaults({ rules: [{ fault: { kind: "stream-error" }, times: 1 }] });
    const made = await ask({ onText: () => undefined });
    expect(made.attempts).toBe(2);
    expect(made.text).toBe(whole.text);
  });

  test("a picture that the server cannot read is told with the figure's name", async () => {
    const { ask } = await asking([{ fault: { kind: "error", error: "undecodable" } }]);
    await expect(ask()).rejects.toMatchObject({
      name: "ItemError",
      reason: "picture-unreadable",
      message: expect.stringContaining("paper#fig1") as string,
    });
  });

  test("a figure without a picture is told before anything is sent", async () => {
    const { captioner, figure, model } = await asking([]);
    await expect(captioner.caption({ ...figure, image: null }, { signal: SIGNAL })).rejects.toMatchObject({
      reason: "image-missing",
    });
    expect(model.usage.requests).toBe(0);
  });

  test("what every figure would meet stops the run", async () => {
    const { ask } = await asking([{ fault: { kind: "error", error: "unauthorized" } }]);
    await expect(ask()).rejects.toMatchObject({ name: "ConfigurationError" });
  });
});

describe("many figures", () => {
  test("go over all servers, each once, with their own pictures", async () => {
    const servers = await Promise.all([serve(), serve(), serve()]);
    const { captioner, folder } = await ready(servers);
    const before = servers.map((server) => server.report().requests);
    const figures = await figuresIn(folder, 60);
    const made = await Promise.all(figures.map((figure) => captioner.caption(figure, { signal: SIGNAL })));
    expect(new Set(made.map(({ figure_id }) => figure_id)).size).toBe(60);
    const asked = servers.map((server, i) => server.report().requests - before[i]!);
    expect(asked.reduce((a, b) => a + b)).toBe(60);
    for (const requests of asked) expect(requests).toBeGreaterThan(5);
    for (const server of servers) expect(server.report().wrong_pictures_total).toBe(0);
  });
});

describe("secrets", () => {
  const KEY = "sk-very-secret-key";

  test("reach neither captions, errors, notes nor warnings, even where the server sends them back", async () => {
    const server = await serve({ apiKey: KEY });
    const url = server.url;
    const scene = await ready([server], { key: KEY });
    const [figure] = await figuresIn(scene.folder);
    const seen: unknown[] = [scene, await scene.captioner.caption(figure!, { signal: SIGNAL })];
    const echo = { kind: "status", contentType: "application/json" } as const;
    for (const status of [400, 418, 500, 401]) {
      const body = JSON.stringify({ error: { message: `Bearer ${KEY} is wrong`, code: status } });
      server.setFaults({ rules: [{ fault: { ...echo, status, body } }] });
      seen.push(await scene.captioner.caption(figure!, { signal: SIGNAL }).catch((error: unknown) => error));
    }
    const wrong = vllm({ endpoints: url.replace("//", "//me:hush-hush@"), key: KEY });
    models.push(wrong);
    seen.push(
      await wrong.ready({ signal: SIGNAL, folder: scene.folder }).catch((error: unknown) => error),
      wrong,
    );
    const all = inspect(seen, { depth: 12, showHidden: true, maxStringLength: null }) + JSON.stringify(seen);
    expect(all).toContain("[secret] is wrong");
    expect(all).not.toMatch(/very-secret|hush-hush/);
    expect(all).not.toContain(Buffer.from("me:hush-hush").toString("base64"));
  });
});
