import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { FaultRule, MockServer } from "../../../../../cluster/src/mock-server/index.js";
import { judge, type JudgeOptions } from "../../../../../kernel-lib/src/scores/judge/judge.js";
import type { JudgeDetail } from "../../../../../kernel-lib/src/scores/judge/verdicts.js";
import { scorerOf } from "../../../../../kernel-lib/src/scores/named.js";
import type { Scorer } from "../../../../../kernel-lib/src/scores/scorer.js";
import { MODEL, serve } from "../../../cluster/mock-server/client.js";
import { figuresIn, newFolder, removeFolders } from "../../captions/vllm/figures.js";

const scorers: Scorer[] = [];
// That servers do not read the folder is said there.
beforeEach(() => void vi.spyOn(console, "warn").mockReturnValue(undefined));
afterEach(async () => {
  await Promise.all(scorers.splice(0).map((scorer) => scorer.close?.()));
  await removeFolders();
  vi.restoreAllMocks();
});

const { signal } = new AbortController();
const CAPTION = "The red curve rises to the right. Blue squares lie below it.";

async function judging(rules: FaultRule[], options: JudgeOptions = {}) {
  const server: MockServer = await serve({});
  const scorer = judge({ endpoints: server.url, ...options });
  scorers.push(scorer);
  const folder = await newFolder();
  await scorer.ready!({ signal, folder });
  server.setFaults({ rules });
  const [one] = await figuresIn(folder);
  const ask = async (text: string, image = one!.image) => {
    const { scores } = await scorer.score(
      { ...one!, image, figure_text: null, caption: "model", text },
      { signal },
    );
    const [score] = scores;
    return {
      score: score!,
      detail: score!.detail === null ? null : (JSON.parse(score!.detail) as JudgeDetail),
    };
  };
  return { scorer, server, ask };
}

describe("a caption judged by a model on a server", () => {
  test("has its visual claims in its own words, and says which model and prompt judged", async () => {
    const { ask, scorer } = await judging([]);
    const { score, detail } = await ask(CAPTION);
    expect(score).toMatchObject({
      metric: "judge",
      caption: "model",
      value: 1,
      truncated: 0,
      scorer: scorer.id,
    });
    expect(scorer.id).toMatch(new RegExp(`^${MODEL}@vllm visual-claims-[0-9a-f]{16}$`));
    expect(detail!.claims.length).toBeGreaterThan(0);
    for (const { text, span, verdict } of detail!.claims) {
      expect(CAPTION.slice(...span)).toBe(text);
      expect(verdict).toBe("supported");
    }
    expect(detail!.sees).not.toBe("");
  });

  test("is asked about with its picture and without the paper", async () => {
    const { ask, server } = await judging([]);
    const before = server.report().requests;
    await ask(CAPTION);
    expect(server.report().requests).toBe(before + 1);
  });

  test.each([
    ["no JSON", { kind: "wrong-json" }],
    ["a refusal", { kind: "refusal" }],
    ["an engine that gives up", { kind: "finish", reason: "error" }],
    ["a server that has too much to do", { kind: "error", error: "overloaded" }],
  ] as [string, FaultRule["fault"]][])("is asked about again after %s", async (_, fault) => {
    const { ask } = await judging([{ fault, times: 1 }]);
    expect((await ask(CAPTION)).score.value).toBe(1);
  });

  test("that is never answered by the schema is given up, with the reason", async () => {
    const { ask } = await judging([{ fault: { kind: "wrong-json" } }]);
    await expect(ask(CAPTION)).rejects.toMatchObject({ name: "ItemError" });
  });

  test("without words is not asked about", async () => {
    const { ask } = await judging([{ fault: { kind: "wrong-json" } }]);
    expect((await ask(" – ")).score).toMatchObject({ value: null, detail: null });
  });

  test("whose figure has no picture is refused with the reason", async () => {
    const { ask } = await judging([]);
    await expect(ask(CAPTION, null)).rejects.toThrow("has no picture");
  });

  test("under another name stands beside another judge's, also on a worker", async () => {
    const { ask, scorer } = await judging([], { as: "judge-2" });
    expect((await ask(CAPTION)).score.metric).toBe("judge-2");
    const anew = scorerOf(scorer.spec!);
    scorers.push(anew);
    expect(anew.metric).toBe("judge-2");
  });
});
