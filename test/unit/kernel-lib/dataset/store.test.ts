import { appendFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exportFigures } from "../../../../kernel-lib/src/dataset/export.js";
import { reading } from "../../../../kernel-lib/src/dataset/query.js";
import { listRuns } from "../../../../kernel-lib/src/dataset/runs.js";
import { Dataset } from "../../../../kernel-lib/src/dataset/store.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { collected, sampleEntry, sampleFigure, sampleRecaption, sampleScore } from "./samples.js";

const INGEST = { stage: "ingest", stage_version: 1 } as const;

async function ingest(dataset: Dataset, ...entries: ReturnType<typeof sampleEntry>[]) {
  await dataset.write(INGEST, async (writer) => {
    for (const entry of entries) await writer.append(entry);
  });
}

const figureIds = (folder: string, where?: string) =>
  reading(folder, async (reader) => {
    const ids: string[] = [];
    for await (const row of reader.figures({ where })) ids.push(row.figure_id);
    return ids;
  });

describe("a dataset", () => {
  it("of which a file is missing says which, and what to do", async () => {
    const dataset = await Dataset.openOrCreate(join(await freshFolder(), "d"));
    await ingest(dataset, sampleEntry("p1", 1));
    const [run] = await listRuns(dataset.folder);
    const file = join(dataset.folder, run!.files.figures!);
    await rm(file);
    await expect(figureIds(dataset.folder)).rejects.toThrow(
      `${file} is missing, though a run of the dataset wrote it. Copy it back`,
    );
  });

  it("gives back what was written, nested fields and all, from the ledger as from Parquet", async () => {
    const dataset = await Dataset.openOrCreate(join(await freshFolder(), "d"));
    const entry = sampleEntry("p1", 1);
    entry.figures[0]!.provenance.bbox = [1.5, 2, 3, 4];
    const read = () =>
      reading(dataset.folder, async (reader) => ({
        papers: await collected(reader.papers()),
        figures: await collected(reader.figures()),
      }));
    let unsealed;
    await dataset.write(INGEST, async (writer) => {
      await writer.append(entry);
      unsealed = await read();
    });
    const sealed = await read();
    const { title, abstract, discipline, categories, licence, arxiv_id, doi, source } = entry.paper;
    const joined = { title, abstract, discipline, categories, licence, arxiv_id, doi, source };
    const unsaid = { verdict: null, tags: [], reviewed_at: null };
    const unchecked = { language: null, flags: null, flagged: null, marks: null, ...unsaid };
    expect(sealed).toEqual({
      papers: [entry.paper],
      figures: [{ ...entry.figures[0], ...joined, ...unchecked }],
    });
    expect(unsealed).toEqual(sealed);
  });

  it("lets go of a condition without end when the work is cancelled", async () => {
    const dataset = await Dataset.openOrCreate(join(await freshFolder(), "d"));
    await ingest(dataset, sampleEntry("p1", 1));
    const where =
      "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n) > 0";
    const reader = await dataset.read(AbortSignal.timeout(300));
    await expect(collected(reader.figures({ where }))).rejects.toThrow(/timeout/);
    reader.close();
    const signal = AbortSignal.timeout(300);
    const exported = exportFigures(dataset.folder, join(dataset.folder, "x.jsonl"), { where, signal });
    await expect(exported).rejects.toThrow(/timeout/);
  });

  it("tells the first error where sealing fails, too, and seals at the next start", async () => {
    const dataset = await Dataset.openOrCreate(join(await freshFolder(), "d"));
    const inTheWay = join(dataset.folder, "papers");
    const failing = dataset.write(INGEST, async (writer) => {
      await writer.append(sampleEntry("p1", 1));
      await writeFile(inTheWay, "");
      throw new Error("the first error");
    });
    await expect(failing).rejects.toThrow("the first error");
    await rm(inTheWay);
    await ingest(dataset, sampleEntry("p2", 1));
    expect(await figureIds(dataset.folder)).toEqual(["p1#fig1", "p2#fig1"]);
    expect((await listRuns(dataset.folder)).every(({ sealed }) => sealed !== null)).toBe(true);
  });

  it("is asked with a bound on memory, whatever the machine has", async () => {
    const dataset = await Dataset.openOrCreate(await freshFolder());
    const reader = await dataset.read();
    const [setting] = await reader.all<{ limit: string }>(
      `SELECT current_setting('memory_limit') AS "limit"`,
    );
    reader.close();
    const [, amount, unit] = /^([\d.]+) ([KMG]iB)$/.exec(setting!.limit)!;
    expect(Number(amount) * { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 }[unit!]!).toBeLessThanOrEqual(
      2 ** 31,
    );
  });

  it("is there only once something was written to it", async () => {
    const folder = join(await freshFolder(), "later");
    const dataset = await Dataset.openOrCreate(folder);
    const reader = await dataset.read();
    expect(await reader.count("papers")).toBe(0);
    reader.close();
    await expect(Dataset.open(folder)).rejects.toThrow("There is no dataset");
    await dataset.write({ stage: "ingest", stage_version: 1 }, async () => undefined);
    expect((await Dataset.open(folder)).name).toBe("later");
  });

  it("replaces a paper that was read again, with all its figures", async () => {
    const dataset = await Dataset.openOrCreate(join(await freshFolder(), "d"));
    await ingest(dataset, sampleEntry("p1", 3), sampleEntry("p2", 1));
    await ingest(dataset, sampleEntry("p1", 1));
    expect(await figureIds(dataset.folder)).toEqual(["p1#fig1", "p2#fig1"]);
  });

  it("leaves no run behind when there was nothing to write", async () => {
    const dataset = await Dataset.openOrCreate(join(await freshFolder(), "d"));
    await ingest(dataset);
    expect(await listRuns(dataset.folder)).toEqual([]);
  });

  it("keeps what a failed writer had finished", async () => {
    const dataset = await Dataset.openOrCreate(join(await freshFolder(), "d"));
    const failing = dataset.write(INGEST, async (writer) => {
      await writer.append(sampleEntry("p1", 1));
      throw new Error("the disk is on fire");
    });
    await expect(failing).rejects.toThrow("the disk is on fire");
    expect(await figureIds(dataset.folder)).toEqual(["p1#fig1"]);
  });

  it("reads and seals a killed run's ledger, without its torn last line", async () => {
    const dataset = await Dataset.openOrCreate(join(await freshFolder(), "d"));
    await ingest(dataset, sampleEntry("p1", 1));
    const run = (await listRuns(dataset.folder))[0]!;
    const info = join(dataset.folder, "runs", run.run, "run.json");
    const text = await readFile(info, "utf8");
    await writeFile(info, JSON.stringify({ ...JSON.parse(text), sealed: null, files: {} }));
    await appendFile(
      join(dataset.folder, "runs", run.run, "ledger", "0.jsonl"),
      '{"key":"torn","paper":{"pa',
    );

    expect(await figureIds(dataset.folder)).toEqual(["p1#fig1"]);
    await ingest(dataset, sampleEntry("p2", 1));
    expect(await figureIds(dataset.folder)).toEqual(["p1#fig1", "p2#fig1"]);
    expect((await listRuns(dataset.folder)).every((each) => each.sealed !== null)).toBe(true);
    expect(await readdir(join(dataset.folder, "figures"))).toEqual([
      "000001-ingest.parquet",
      "000002-ingest.parquet",
    ]);
  });

  it("stores text that is no proper Unicode", async () => {
    const dataset = await Dataset.openOrCreate(join(await freshFolder(), "d"));
    const entry = sampleEntry("p1", 1, { title: "half \ud835 a pair, nul \0, whole 𝛼" });
    await ingest(dataset, entry);
    const [paper] = await reading(dataset.folder, (reader) => collected(reader.papers()));
    expect(paper!.title).toBe("half \ufffd a pair, nul \0, whole 𝛼");
  });

  it("refuses a folder with other files in it", async () => {
    const folder = await freshFolder();
    await writeFile(join(folder, "thesis.doc"), "");
    await expect(Dataset.openOrCreate(folder)).rejects.toThrow("has other files in it");
    await expect(Dataset.open(folder)).rejects.toThrow("There is no dataset at");
  });

  it("has one writer at a time", async () => {
    const dataset = await Dataset.openOrCreate(join(await freshFolder(), "d"));
    await dataset.write(INGEST, async () => {
      await expect(ingest(dataset)).rejects.toThrow(`is being written by process ${process.pid}`);
    });
    await ingest(dataset, sampleEntry("p1"));
  });
});

describe("a condition", () => {
  async function dataset() {
    const made = await Dataset.openOrCreate(join(await freshFolder(), "d"));
    await ingest(made, sampleEntry("p1", 2), sampleEntry("p2", 1, { discipline: "Physics" }));
    return made.folder;
  }

  it("may ask about the paper", async () => {
    expect(await figureIds(await dataset(), "discipline = 'Physics' -- only")).toEqual(["p2#fig1"]);
  });

  it("that is wrong is answered with the reason and the columns", async () => {
    await expect(figureIds(await dataset(), "colour = 1")).rejects.toThrow(
      /"colour = 1" cannot be used on figures: .*colour.* Columns: figure_id, .*discipline/,
    );
  });

  it.each([
    ["another file", "caption IN (SELECT content FROM read_text('/etc/hostname'))"],
    ["a file by its name", "caption IN (SELECT * FROM '/etc/hosts.csv')"],
    ["a second statement", "true); COPY (SELECT 1) TO '/tmp/figloom-escaped.csv' --"],
    ["a setting", "true); SET enable_external_access = true --"],
  ])("cannot reach %s", async (_, where) => {
    await expect(figureIds(await dataset(), where)).rejects.toThrow("cannot be used on figures");
  });
});

describe("an export", () => {
  it("is sorted by paper and order in the paper, whatever the order of writing", async () => {
    const folder = await freshFolder();
    const dataset = await Dataset.openOrCreate(join(folder, "d"));
    await ingest(dataset, { ...sampleEntry("p2", 0), figures: [11, 2, 0].map((n) => sampleFigure("p2", n)) });
    await ingest(dataset, sampleEntry("p10", 1));
    expect(await exportFigures(dataset.folder, join(folder, "out.jsonl"))).toBe(4);
    const lines = (await readFile(join(folder, "out.jsonl"), "utf8")).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).figure_id)).toEqual([
      "p10#fig1",
      "p2#fig1",
      "p2#fig3",
      "p2#fig12",
    ]);
    expect(JSON.parse(lines[0]!).contexts).toEqual(["As figure 1 shows."]);
  });

  it("gives the chosen variant with its scores", async () => {
    const folder = await freshFolder();
    const dataset = await Dataset.openOrCreate(join(folder, "d"));
    await ingest(dataset, sampleEntry("p1", 2));
    for (const variant of ["a", "b"])
      await dataset.write({ stage: "recaption", stage_version: 1, shelf: variant }, (writer) =>
        writer.append({ key: variant, recaption: sampleRecaption("p1#fig1", { variant, text: variant }) }),
      );
    await dataset.write({ stage: "score", stage_version: 1, shelf: "support" }, async (writer) => {
      for (const [caption, value] of [
        ["raw", 0.25],
        ["a", 0.5],
        ["b", null],
      ] as const)
        await writer.append({
          key: caption,
          scores: [sampleScore("p1#fig1", { caption, value })],
          embeddings: [],
        });
    });
    const file = join(folder, "out.jsonl");
    await expect(exportFigures(dataset.folder, file)).rejects.toThrow("several variants (a, b)");
    await expect(exportFigures(dataset.folder, file, { variant: "c" })).rejects.toThrow("there are: a, b");
    await exportFigures(dataset.folder, file, { variant: "b" });
    const [first, second] = (await readFile(file, "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(first).toMatchObject({
      recaption: "b",
      variant: "b",
      scores: { support: { raw: 0.25, b: null } },
    });
    expect(Object.keys(second)).not.toContain("recaption");
  });

  it("of nothing is an empty file", async () => {
    const folder = await freshFolder();
    const dataset = await Dataset.openOrCreate(join(folder, "d"));
    expect(await exportFigures(dataset.folder, join(folder, "out.jsonl"))).toBe(0);
    expect(await readFile(join(folder, "out.jsonl"), "utf8")).toBe("");
  });
});
