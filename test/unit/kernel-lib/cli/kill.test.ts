import { once } from "node:events";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { freshFolder } from "../../../support/fresh-folder.js";
import { bundleCommand, run, start } from "./bundle.js";
import { writePapers } from "./papers.js";

let command: string;
beforeAll(async () => {
  command = await bundleCommand();
});

/** Numbers in [0, 1) that are the same in every run (a linear congruential generator). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

/** The first line of some ledger, a Parquet file half written, …: whether the ingest has come that far. */
async function has(dataset: string, sign: (files: string[]) => boolean | Promise<boolean>): Promise<boolean> {
  const files = await readdir(dataset, { recursive: true }).catch(() => []);
  return sign(files);
}

const PAPERS = 16;

describe("an ingest that is killed", () => {
  it("and started again exports what an undisturbed one does, byte for byte", async () => {
    const folder = await freshFolder();
    const papers = join(folder, "papers");
    await writePapers(papers, PAPERS);
    const ingest = (dataset: string) => ["ingest", papers, "--out", dataset, "--jobs", "2"];
    const exported = async (dataset: string) => {
      const file = `${dataset}.jsonl`;
      expect(await run(command, ["export", dataset, "--out", file])).toMatchObject({ code: 0 });
      return readFile(file, "utf8");
    };
    const whole = join(folder, "whole");
    expect(await run(command, ingest(whole))).toMatchObject({ code: 0 });
    const expected = await exported(whole);
    expect(expected.trim().split("\n").length).toBeGreaterThan(2 * PAPERS);

    const random = seeded(20);
    const ledgerHas = (lines: number) => async (dataset: string) => {
      const ledger = join(dataset, "runs", "000001-ingest", "ledger", "0.jsonl");
      const text = await readFile(ledger, "utf8").catch(() => "");
      return text.split("\n").length > lines;
    };
    const moments: ((dataset: string) => Promise<boolean>)[] = [
      ledgerHas(1 + Math.floor(random() * PAPERS * 0.9)),
      ledgerHas(PAPERS),
      (dataset) => has(dataset, (files) => files.some((file) => /\.parquet\.\w+\.partial$/.test(file))),
      (dataset) => has(dataset, (files) => files.some((file) => /papers.*\.parquet$/.test(file))),
    ];
    let killed = 0;
    for (const [index, reached] of moments.entries()) {
      const dataset = join(folder, `killed-${index}`);
      const child = start(command, ingest(dataset));
      const ended = once(child, "exit");
      while (child.exitCode === null && !(await reached(dataset))) await delay(1);
      await delay(random() * 20);
      child.kill("SIGKILL");
      await ended;
      if (child.signalCode === "SIGKILL") killed++;
      const again = await run(command, ingest(dataset));
      expect(again).toMatchObject({ code: 0 });
      expect(again.stdout).toMatch(new RegExp(`^${PAPERS} papers`));
      expect(await exported(dataset)).toBe(expected);
    }
    expect(killed).toBeGreaterThanOrEqual(2);
  }, 300_000);

  it("may be killed again and again", async () => {
    const folder = await freshFolder();
    const papers = join(folder, "papers");
    await writePapers(papers, PAPERS);
    const dataset = join(folder, "dataset");
    const random = seeded(3);
    for (let round = 0; round < 3; round++) {
      const child = start(command, ["ingest", papers, "--out", dataset, "--jobs", "2"]);
      const ended = once(child, "exit");
      await delay(300 + random() * 900);
      child.kill("SIGKILL");
      await ended;
    }
    const last = await run(command, ["ingest", papers, "--out", dataset, "--json"]);
    expect(JSON.parse(last.stdout)).toMatchObject({ papers: PAPERS, quarantined: 0 });
    const lines = await run(command, ["export", dataset, "--out", join(folder, "out.jsonl"), "--json"]);
    const text = await readFile(join(folder, "out.jsonl"), "utf8");
    const ids = text
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { figure_id: string }).figure_id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(JSON.parse(lines.stdout)).toMatchObject({ lines: ids.length });
  }, 300_000);
});
