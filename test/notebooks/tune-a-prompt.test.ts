import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MockServer } from "../../cluster/src/mock-server/index.js";
import { loadPrompt } from "../../kernel-lib/src/captions/prompts/load.js";
import { type Cell, errorsIn, executed, executedUpTo, textOf } from "./executed.js";

const KEY = `sk-${randomBytes(12).toString("hex")}`;
const FIGURES = 45;

describe("03-tune-a-prompt.ipynb, run against servers of the environment that want a key", () => {
  let server: MockServer;
  let folder: string;
  let cells: Cell[];
  let html: string;

  beforeAll(async () => {
    server = await MockServer.start({ apiKey: KEY, speed: 20 });
    const env = { FIGLOOM_ENDPOINTS: server.url, FIGLOOM_API_KEY: KEY };
    ({ folder, cells, html } = await executed("03-tune-a-prompt.ipynb", env));
  });
  afterAll(() => server?.close());

  test("every cell runs, numbered in order, without an error", () => {
    expect(cells.map(({ execution_count }) => execution_count)).toEqual(cells.map((_, i) => i + 1));
    expect(errorsIn(cells)).toEqual([]);
    expect(textOf(cells, "MockServer.start")).toBe("Asking the servers in FIGLOOM_ENDPOINTS\n");
  });

  test("what a model is asked is shown to the letter", () => {
    expect(textOf(cells, ".compose(")).toMatch(
      /^You write captions[\s\S]*\[the picture\][\s\S]*<refers>Air speed is known for 7,164 strikes[\s\S]*About \d+ tokens/,
    );
  });

  test("figures and prompts stand in one table, with their pictures and what is measured", () => {
    const [matrix] = html.split('<table class="matrix"').slice(1);
    const table = matrix!.slice(0, matrix!.indexOf("</table>"));
    expect(table.match(/<img /g)).toHaveLength(9);
    expect(table.match(/<div class="answer">/g)).toHaveLength(27);
    const text = textOf(cells, "const trial");
    expect(text).toMatch(/^27 captions, 0 failed in /);
    expect(text).toContain("9 figures of 6 papers · seed 7 · compared with context\n");
    expect(text).toMatch(/^ +context +terse +plain-words$/m);
    expect(text).toMatch(/^support +[01]\.?\d* +[01]\.?\d* [+−±][\d.]+ \[.+\] /m);
    expect(textOf(cells, "trial.compare")).toMatch(/^plain-words − terse\nwords +\+\d.* 95 % interval/);
  });

  test("a larger sample asks only about the figures that are new to it", () => {
    expect(textOf(cells, "const larger")).toMatch(/^36 captions \(27 made before\), 0 failed/);
  });

  test("a prompt is kept with its trial on record, and stays the same prompt", async () => {
    const [before, kept] = await Promise.all(
      ["prompts/plain-words.md", "prompts/kept/plain-words.md"].map((name) => loadPrompt(join(folder, name))),
    );
    expect(kept!.hash).toBe(before!.hash);
    expect(kept!.source).toMatch(/^trial:\n[\s\S]*^ {2}model: figloom-mock-vl$/m);
    expect(textOf(cells, "larger.keep")).toContain("kept in prompts/kept/plain-words.md");
  });

  test("an estimate is a line for each amount", () => {
    const figure = String.raw`[\d.]+`;
    expect(textOf(cells, "lab.estimate")).toMatch(
      new RegExp(
        String.raw`(\d+) figures to ask about\n {2}questions {2}${figure}K tokens \(.*\n {2}answers {4}${figure}K? tokens \(.*\n {2}time {7}.*\n {2}GPU-hours {2}.*\n {2}cost {7}.*\nIn brackets: .* 8 figures answered`,
      ),
    );
  });

  test("a budget stops the run, and the same call goes on from there", () => {
    const numbers = (source: string) =>
      /^(\d+) captions "plain-words@figloom-mock-vl" \(and (\d+) made before\), 0 quarantined, ([\d,]+) tokens/
        .exec(textOf(cells, source))!
        .slice(1)
        .map((number) => Number(number.replace(",", "")));
    const stopped = textOf(cells, "budget:");
    expect(stopped).toMatch(/stopped: the token budget of 30,000 is spent; \d+ figures are left$/);
    expect(numbers("budget:")[2]).toBeLessThanOrEqual(30_000);
    const [made, before] = numbers("lab.recaption({ prompt: mine, on: model })");
    expect(made).toBeGreaterThan(0);
    expect(made! + before!).toBe(FIGURES);
  });

  test("nothing is asked twice", () => {
    const asked = Object.entries(server.report().ids).filter(([id]) => id.includes("#"));
    // Twelve figures of three prompts, three figures three times, and the other 33 for the run.
    expect(asked.reduce((sum, [, { asked: times }]) => sum + times, 0)).toBe(12 * 3 + 3 * 3 + (FIGURES - 12));
    expect(server.report().wrong_pictures).toEqual([]);
  });

  test("the key stands nowhere", () => {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files.length).toBeGreaterThan(50);
    const found = files.filter(({ parentPath, name }) => readFileSync(join(parentPath, name)).includes(KEY));
    expect(found).toEqual([]);
  });
});

test("without servers of the environment an imitation on this machine is asked", async () => {
  const cells = await executedUpTo("03-tune-a-prompt.ipynb", "MockServer.start");
  expect(errorsIn(cells)).toEqual([]);
  expect(textOf(cells, "MockServer.start")).toMatch(/^Asking an imitation at http:\/\/127\.0\.0\.1:\d+\n$/);
});
