import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { link, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { collectResults, type Part } from "../../../../kernel-lib/src/dataset/collect.js";
import { lockDataset } from "../../../../kernel-lib/src/disk/lock.js";
import { readQuarantine, type Settled } from "../../../../kernel-lib/src/dataset/quarantine.js";
import { reading } from "../../../../kernel-lib/src/dataset/query.js";
import { listRuns, sealLeftovers } from "../../../../kernel-lib/src/dataset/runs.js";
import type { RecaptionEntry } from "../../../../kernel-lib/src/dataset/schema.js";
import { Dataset } from "../../../../kernel-lib/src/dataset/store.js";
import { forgetEarlier, takeClaim } from "../../../../kernel-lib/src/processes/index.js";
import { bundlePrograms } from "../../../support/bundle-programs.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { sampleRecaption } from "./samples.js";

const ABOUT = { stage: "recaption", stage_version: 1, shelf: "extractive" } as const;

const COLLECTOR = "test/unit/kernel-lib/dataset/collector.ts";

const fresh = async (): Promise<Dataset> => Dataset.openOrCreate(join(await freshFolder(), "d"));

const entryOf = (figure_id: string, text: string): RecaptionEntry => ({
  key: `key of ${text}`,
  recaption: sampleRecaption(figure_id, { text }),
});

const failed = (of: string): Settled => ({
  of,
  lines: [{ stage: "recaption", item: of, file: "x", reason: "r", message: "m", way_out: "w", raw: null }],
  key: "k",
});
const solved = (of: string): Settled => ({ of, lines: [], key: null });

/** What a worker leaves. */
async function part(
  { folder }: Dataset,
  id: string,
  entries: RecaptionEntry[] | null,
  settled: Settled[] | null = null,
): Promise<Part> {
  const work = join(folder, "work");
  await mkdir(work, { recursive: true });
  const file = async (lines: unknown[] | null, ending: string) => {
    if (!lines) return null;
    const path = join(work, `${id.replaceAll("/", "-")}.${ending}`);
    await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    return path;
  };
  return { id, entries: await file(entries, "jsonl"), settled: await file(settled, "settled.jsonl") };
}

const captions = ({ folder }: Dataset): Promise<{ figure_id: string; text: string }[]> =>
  reading(folder, (reader) => reader.all("SELECT figure_id, text FROM recaptions ORDER BY figure_id"));

const problems = async ({ folder }: Dataset): Promise<string[]> =>
  (await readQuarantine(folder)).map(({ item }) => item).sort();

describe("collecting what workers have done", () => {
  it("makes it rows of the dataset and lines of the quarantine, and a dataset where there was none", async () => {
    const dataset = await fresh();
    const parts = [
      await part(dataset, "r/p/0", [entryOf("a#1", "one"), entryOf("a#2", "two")], [failed("a#3")]),
      await part(dataset, "r/p/1", null, [failed("b#1"), failed("b#2")]),
      await part(dataset, "r/p/2", [entryOf("c#1", "three")]),
    ];
    expect(await collectResults(dataset, ABOUT, parts)).toBe("collected");
    expect((await captions(dataset)).map(({ text }) => text)).toEqual(["one", "two", "three"]);
    expect(await problems(dataset)).toEqual(["a#3", "b#1", "b#2"]);
    const [run, ...others] = await listRuns(dataset.folder);
    expect(others).toEqual([]);
    expect(run).toMatchObject({ ...ABOUT, parts: ["r/p/0", "r/p/1", "r/p/2"] });
    expect(run!.sealed).not.toBeNull();
    // Workers' files may be removed then.
    await rm(join(dataset.folder, "work"), { recursive: true });
    expect(await captions(dataset)).toHaveLength(3);
  });

  it("counts each part once: what was found out since stays, whoever collects again", async () => {
    const dataset = await fresh();
    const first = await part(dataset, "r/p/0", [entryOf("a#1", "old")], [failed("a#2"), solved("a#1")]);
    await collectResults(dataset, ABOUT, [first]);
    const newer = await part(dataset, "s/p/0", [entryOf("a#1", "new")], [solved("a#2"), failed("a#4")]);
    await collectResults(dataset, ABOUT, [newer]);
    const next = await part(dataset, "r/p/1", [entryOf("a#5", "five")]);
    await collectResults(dataset, ABOUT, [first, next, newer]);
    await collectResults(dataset, ABOUT, [next, first]);
    expect((await captions(dataset)).map(({ text }) => text)).toEqual(["new", "five"]);
    expect(await problems(dataset)).toEqual(["a#4"]);
    expect(await listRuns(dataset.folder)).toHaveLength(3);
  });

  it("does nothing while another writes, and does not wait", async () => {
    const dataset = await fresh();
    await dataset.make();
    const one = await part(dataset, "r/p/0", [entryOf("a#1", "one")], [failed("a#2")]);
    const lock = await lockDataset(dataset.folder, "score");
    expect(await collectResults(dataset, ABOUT, [one])).toBe("busy");
    expect(await captions(dataset)).toEqual([]);
    await lock.release();
    const all = await Promise.all(Array.from({ length: 4 }, () => collectResults(dataset, ABOUT, [one])));
    expect(all).toContain("collected");
    expect(await captions(dataset)).toHaveLength(1);
    expect(await listRuns(dataset.folder)).toHaveLength(1);
  });

  it("stops where a worker's file is missing: nothing is taken for done that is not there", async () => {
    const dataset = await fresh();
    const one = await part(dataset, "r/p/0", [entryOf("a#1", "one")]);
    const gone = { id: "r/p/1", entries: join(dataset.folder, "work", "gone.jsonl"), settled: null };
    await expect(collectResults(dataset, ABOUT, [one, gone])).rejects.toThrow("gone.jsonl");
    expect(await listRuns(dataset.folder)).toEqual([]);
    await collectResults(dataset, ABOUT, [one]);
    expect(await captions(dataset)).toHaveLength(1);
  });

  it("is completed by the next, wherever it was killed", { timeout: 240_000 }, async () => {
    const programs = await bundlePrograms("collect", {
      collect: "test/unit/kernel-lib/dataset/collector.ts",
    });
    const whole = await fresh();
    const parts = (dataset: Dataset) =>
      Promise.all(
        Array.from({ length: 20 }, (_, at) =>
          part(
            dataset,
            `r/p/${at}`,
            Array.from({ length: 300 }, (_, n) => entryOf(`${at}#${n}`, `${at} ${n} ${"long ".repeat(50)}`)),
            Array.from({ length: 20 }, (_, n) => failed(`${at}#${n + 1000}`)),
          ),
        ),
      );
    await collectResults(whole, ABOUT, await parts(whole));
    const moments = [
      (folder: string) => existsSync(join(folder, "lock", "1.json")),
      (folder: string) => existsSync(join(folder, "quarantine", "recaption.jsonl")),
      (folder: string) => existsSync(join(folder, "runs")),
      (folder: string) => existsSync(join(folder, "runs", "000001-recaption", "run.json")),
      (folder: string) => existsSync(join(folder, "recaptions")),
    ];
    for (const moment of moments) {
      const dataset = await fresh();
      await dataset.make();
      const made = await parts(dataset);
      const given = [dataset.folder, JSON.stringify(made)];
      const child = spawn(process.execPath, [join(programs, "collect.cjs"), ...given]);
      const ended = once(child, "exit");
      while (child.exitCode === null && !moment(dataset.folder)) await sleep(0);
      child.kill("SIGKILL");
      await ended;
      // Readers see parts whole or not at all, also now.
      expect((await captions(dataset)).length % 300).toBe(0);
      expect(await collectResults(dataset, ABOUT, made)).toBe("collected");
      expect(await captions(dataset)).toEqual(await captions(whole));
      expect(await problems(dataset)).toEqual(await problems(whole));
      expect((await listRuns(dataset.folder)).every(({ sealed }) => sealed !== null)).toBe(true);
      const files = await readdir(dataset.folder, { recursive: true });
      expect(files.filter((file) => file.endsWith(".partial"))).toEqual([]);
    }
  });

  it(
    "is done once by many processes that have the same in mind, though some are killed",
    { timeout: 240_000 },
    async () => {
      const programs = await bundlePrograms("collectors", { collect: COLLECTOR });
      const dataset = await fresh();
      await dataset.make();
      const made = await Promise.all(
        Array.from({ length: 30 }, (_, at) =>
          part(
            dataset,
            `r/p/${String(at).padStart(2, "0")}`,
            Array.from({ length: 50 }, (_, n) => entryOf(`${at}#${n}`, `${at} ${n}`)),
            [failed(`${at}#x`)],
          ),
        ),
      );
      // Each knows of two thirds.
      const children = Array.from({ length: 6 }, (_, child) => {
        const parts = made.filter((_, at) => at % 3 !== child % 3);
        return spawn(process.execPath, [
          join(programs, "collect.cjs"),
          dataset.folder,
          JSON.stringify(parts),
        ]);
      });
      const ended = children.map((child) => once(child, "exit"));
      while (!existsSync(join(dataset.folder, "runs"))) await sleep(1);
      for (const child of children.slice(0, 2)) child.kill("SIGKILL");
      await Promise.all(ended);
      expect(children.slice(2).map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
      expect(await captions(dataset)).toHaveLength(30 * 50);
      expect(await problems(dataset)).toHaveLength(30);
      const ids = (await listRuns(dataset.folder)).flatMap(({ parts = [] }) => parts);
      expect(ids.toSorted()).toEqual(made.map(({ id }) => id));
    },
  );
});

describe("a writer that was taken for dead, and is not", () => {
  /** What a writer on another machine does, to whom this process seems dead. */
  async function takeOver({ folder }: Dataset): Promise<void> {
    const claims = join(folder, "lock");
    forgetEarlier(claims, takeClaim(claims, { work: "score", since: "now" }, 1)!);
    await sealLeftovers(folder, () => undefined);
  }

  it("reports nothing as stored any more, and all that it reported is seen", async () => {
    const dataset = await fresh();
    const stored: string[] = [];
    const work = dataset.write(ABOUT, async ({ append, quarantine }) => {
      const store = async (figure_id: string) => {
        await append(entryOf(figure_id, figure_id));
        stored.push(figure_id);
      };
      await store("a#1");
      await takeOver(dataset);
      await expect(store("a#2")).rejects.toThrow("was taken over");
      await expect(quarantine.settle("a#3", failed("a#3").lines)).rejects.toThrow("was taken over");
      await store("a#4");
    });
    await expect(work).rejects.toThrow("was taken over by another writer");
    expect(stored).toEqual(["a#1"]);
    expect((await captions(dataset)).map(({ figure_id }) => figure_id)).toEqual(["a#1"]);
    expect(await problems(dataset)).toEqual([]);
  });

  it("begins no run any more", async () => {
    const dataset = await fresh();
    const work = dataset.write(ABOUT, async ({ append }) => {
      await takeOver(dataset);
      await append(entryOf("a#1", "one"));
    });
    await expect(work).rejects.toThrow("was taken over by another writer");
    await sealLeftovers(dataset.folder, () => undefined);
    expect(await captions(dataset)).toEqual([]);
  });

  it("cannot begin a run that it was about to begin", async () => {
    const dataset = await fresh();
    await dataset.make();
    const run = join(dataset.folder, "runs", "000001-recaption");
    await mkdir(join(run, "ledger"), { recursive: true });
    await sealLeftovers(dataset.folder, () => undefined);
    await writeFile(join(run, "own.partial"), "{}");
    await expect(link(join(run, "own.partial"), join(run, "run.json"))).rejects.toThrow("EEXIST");
    await collectResults(dataset, ABOUT, [await part(dataset, "r/p/0", [entryOf("a#1", "one")])]);
    expect(await captions(dataset)).toHaveLength(1);
    expect(JSON.parse(await readFile(join(run, "run.json"), "utf8"))).toMatchObject({ files: {} });
  });
});
