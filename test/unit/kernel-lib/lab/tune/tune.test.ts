import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ConfigurationError } from "../../../../../kernel-lib/src/errors.js";
import { FakeModel, pictured, prompt } from "./bench.js";

let printed = "";
beforeEach(() => {
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => ((printed += String(text)), true));
});
afterEach(() => {
  vi.restoreAllMocks();
});

const long = prompt("long", "and more words, 17 of them.");
const terse = prompt("terse", "Briefly.");

describe("a trial", () => {
  test("asks every prompt about every figure of the sample, ahead of other work", async () => {
    const [lab, model] = [await pictured(), new FakeModel()];
    const trial = await lab.tune([long, terse], { on: model, sample: 4, seed: 7 });
    expect(trial.figures).toHaveLength(4);
    expect(trial.columns).toEqual(["long", "terse"]);
    expect(trial.captions).toHaveLength(8);
    expect(model.asked).toHaveLength(8);
    expect(model.options.every(({ urgent }) => urgent)).toBe(true);
    for (const { figure_id, column, text, repeat } of trial.captions) {
      expect(figure_id).toMatch(/#fig[12]$/);
      expect(text).toContain(column === "long" ? "17 of them" : "Briefly");
      expect(repeat).toBe(0);
    }
  });

  test("draws the same figures for the same seed, and a larger sample has the smaller one's", async () => {
    const [lab, on] = [await pictured(), new FakeModel()];
    const figures = async (sample: number, seed: number) =>
      (await lab.tune([terse], { on, sample, seed })).figures;
    const small = await figures(3, 7);
    expect((await figures(8, 7)).slice(0, 3)).toEqual(small);
    expect(await figures(3, 7)).toEqual(small);
    expect(await figures(3, 8)).not.toEqual(small);
    expect(await figures(500, 7)).toHaveLength(12);
  });

  test("takes figures by name, in the order given, or by a condition", async () => {
    const [lab, on] = [await pictured(), new FakeModel()];
    const sample = ["p3#fig2", "p1#fig1"];
    expect((await lab.tune([terse], { on, sample })).figures).toEqual(sample);
    const where = "discipline = 'Physics'";
    expect([...(await lab.tune([terse], { on, where })).figures].sort()).toEqual(["p1#fig1", "p1#fig2"]);
  });

  test("asks again only what changed", async () => {
    const [lab, model] = [await pictured(), new FakeModel()];
    const options = { on: model, sample: 5 };
    await lab.tune([long, terse], options);
    model.asked.length = 0;
    const again = await lab.tune([long, terse], options);
    expect(model.asked).toEqual([]);
    expect(again.captions).toHaveLength(10);
    const edited = prompt("terse", "Shorter still.");
    await lab.tune([long, edited], options);
    expect(model.asked).toHaveLength(5);
    expect(model.asked.every((question) => question.endsWith("terse@fake"))).toBe(true);
    model.asked.length = 0;
    await lab.tune([long, terse], { ...options, sample: 6 });
    expect(model.asked).toHaveLength(2);
    await lab.tune([terse], { ...options, temperature: 0 });
    expect(model.asked).toHaveLength(7);
  });

  test("leaves a run over the dataset only what it did not ask", async () => {
    const [lab, model] = [await pictured(), new FakeModel()];
    const trial = await lab.tune([long, terse], { on: model, sample: 5, repeats: 2 });
    model.asked.length = 0;
    const result = await lab.recaption({ prompt: terse, on: model });
    expect(result).toMatchObject({ made: 13, reused: 5, quarantined: 0 });
    expect(model.asked).toHaveLength(13);
    for (const figure of trial.figures)
      expect(model.asked.some((question) => question.includes(figure))).toBe(false);
    expect(await lab.recaption({ prompt: terse, on: model })).toMatchObject({ made: 0, reused: 18 });
    expect(model.asked).toHaveLength(13);
  });

  test("takes over what a run over the dataset captioned", async () => {
    const [lab, model] = [await pictured(), new FakeModel()];
    await lab.recaption({ captioner: model.captioner(terse) });
    model.asked.length = 0;
    const trial = await lab.tune([terse], { on: model, sample: 5 });
    expect(model.asked).toEqual([]);
    expect(trial.captions).toHaveLength(5);
  });

  test("says of what fails why, goes on, and asks it again the next time", async () => {
    const [lab, model] = [await pictured(), new FakeModel()];
    model.refuses = (question) => question === "p2#fig1 terse@fake";
    const trial = await lab.tune([long, terse], { on: model, sample: 12 });
    expect(trial.captions).toHaveLength(23);
    expect(trial.failures).toEqual([
      {
        figure_id: "p2#fig1",
        column: "terse",
        repeat: 0,
        reason: "blank",
        message: "Nothing to see.",
        way_out: "Look elsewhere.",
      },
    ]);
    trial.matrix();
    expect(printed).toContain("terse failed: Nothing to see. Look elsewhere.");
    expect(trial.compare(long, terse).measures["words"]).toMatchObject({ n: 11, papers: 6 });
    expect(await lab.quarantine()).toEqual([]);
    model.refuses = () => false;
    model.asked.length = 0;
    expect((await lab.tune([long, terse], { on: model, sample: 12 })).failures).toEqual([]);
    expect(model.asked).toEqual(["p2#fig1 terse@fake"]);
  });

  test("keeps what was answered when it is cancelled", async () => {
    const [lab, model] = [await pictured(), new FakeModel()];
    const cancel = new AbortController();
    model.pause = async (question, signal) => {
      if (!question.startsWith("p1#")) return;
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("stopped"))));
    };
    const options = { on: model, sample: 12 };
    const running = lab.tune([terse], {
      ...options,
      signal: cancel.signal,
      onProgress: ({ done, total }) => {
        expect(total).toBe(12);
        if (done === 10) cancel.abort();
      },
    });
    await expect(running).rejects.toThrow(/Cancelled. What is done is kept \(10 new results\)/);
    model.pause = async () => undefined;
    model.asked.length = 0;
    expect((await lab.tune([terse], options)).captions).toHaveLength(12);
    expect(model.asked.sort()).toEqual(["p1#fig1 terse@fake", "p1#fig2 terse@fake"]);
  });

  test("stops when its budget is spent, and goes on from there", async () => {
    const [lab, model] = [await pictured(), new FakeModel()];
    model.pause = async () => void (model.usage.prompt_tokens += 100);
    const options = { on: model, sample: 12 };
    const first = await lab.tune([long, terse], { ...options, budget: { tokens: 500 } });
    expect(first.captions.length).toBeGreaterThanOrEqual(5);
    expect(first.captions.length).toBeLessThan(24);
    first.matrix();
    expect(printed).toContain("not asked");
    expect((await lab.tune([long, terse], options)).captions).toHaveLength(24);
    expect(model.asked).toHaveLength(24);
  });

  test("repeats questions with another draw each, and tells how much the answers agree", async () => {
    const [lab, model] = [await pictured(), new FakeModel()];
    const trial = await lab.tune([terse], { on: model, sample: 2, repeats: 3 });
    expect(trial.captions.map(({ repeat }) => repeat)).toEqual([0, 1, 2, 0, 1, 2]);
    expect(model.options.map(({ repeat }) => repeat)).toEqual([0, 1, 2]);
    const [column] = trial.summary().columns;
    expect(column!.answers).toBe(6);
    expect(column!.agreement).toBeGreaterThan(0.7);
    expect(column!.agreement).toBeLessThan(1);
  });

  test("sets models side by side, named where prompts alone do not tell", async () => {
    const [lab, one, other] = [await pictured(), new FakeModel("one"), new FakeModel("other")];
    const trial = await lab.tune([long, terse], { on: [one, other], sample: 2 });
    expect(trial.columns).toEqual(["long@one", "long@other", "terse@one", "terse@other"]);
    expect(trial.captions).toHaveLength(8);
    expect(() => trial.compare(terse, long)).toThrow(/name one of: "long@one"/);
    expect(trial.compare("terse@one", "terse@other").measures["words"]!.mean).toBe(0);
  });

  test("tells two versions of one prompt by their hashes", async () => {
    const [lab, on] = [await pictured(), new FakeModel()];
    const edited = prompt("terse", "Shorter still.");
    const trial = await lab.tune([terse, edited], { on, sample: 2 });
    expect(trial.columns).toEqual([`terse ${terse.hash.slice(0, 6)}`, `terse ${edited.hash.slice(0, 6)}`]);
    expect(trial.compare(terse, edited).to).toBe(`terse ${edited.hash.slice(0, 6)}`);
  });

  test.each([
    ["no prompt", [], {}, /at least one prompt/],
    ["a prompt twice", [terse, terse], {}, /"terse" is there twice/],
    ["no figures", [terse], { sample: 0 }, /1 to 500 figures, not 0/],
    ["a figure that there is not", [terse], { sample: ["p9#fig9"] }, /no figure "p9#fig9" with a picture/],
    ["a figure without a picture", [terse], { sample: ["p1#fig3"] }, /no figure "p1#fig3" with a picture/],
    ["a condition that picks nothing", [terse], { where: "width > 9999" }, /fulfils "width > 9999"/],
    ["no repeats", [terse], { repeats: 0 }, /1 to 20 times, not 0/],
    [
      "more captions than fit a screen",
      Array.from({ length: 130 }, (_, i) => prompt(`p${i}`, `${i}`)),
      { repeats: 20 },
      /2 figures × 130 prompts and models × 20 repeats are 5200 captions/,
    ],
    ["a scorer that there is not", [terse], { scorers: ["beauty"] }, /no metric "beauty"/],
    ["a seed that is none", [terse], { seed: 0.5 }, /whole number, not 0.5/],
  ])("refuses %s before anything is asked", async (_, prompts, options, message) => {
    const [lab, model] = [await pictured(1), new FakeModel()];
    const refused = expect(lab.tune(prompts, { on: model, ...options })).rejects;
    await refused.toSatisfy((error) => error instanceof ConfigurationError && message.test(error.message));
    expect(model.asked).toEqual([]);
  });

  test("says what came of each prompt when it is printed", async () => {
    const [lab, on] = [await pictured(), new FakeModel()];
    const trial = await lab.tune([long, terse], { on, sample: 12, seed: 7 });
    const lines = inspect(trial).split("\n");
    expect(lines[0]).toBe("12 figures of 6 papers · seed 7 · compared with long");
    expect(lines[1]).toMatch(/^\s+long\s+terse$/);
    expect(lines.find((line) => line.startsWith("words"))).toMatch(/^words\s+12\s+7 −5 \[−5, −5\]$/);
    expect(inspect(trial.compare(long, terse))).toContain("terse − long");
  });
});
