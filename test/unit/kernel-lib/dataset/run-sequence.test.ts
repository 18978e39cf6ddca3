import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { reading } from "../../../../kernel-lib/src/dataset/query.js";
import { RunSequence } from "../../../../kernel-lib/src/dataset/run-sequence.js";
import { listRuns } from "../../../../kernel-lib/src/dataset/runs.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { sampleEntry } from "./samples.js";

const ABOUT = { stage: "ingest", stage_version: 1, shelf: null, figloom_version: "0" } as const;
const ids = Array.from({ length: 40 }, (_, i) => `p${String(i).padStart(2, "0")}`);

it("long work is sealed piece by piece while it goes on, and nothing is lost or there twice", async () => {
  const folder = await freshFolder();
  const { length } = JSON.stringify(sampleEntry("p00"));
  const runs = new RunSequence(folder, ABOUT, { ledgerBytes: 5 * length });
  for (let i = 0; i < ids.length; i += 4)
    await Promise.all(ids.slice(i, i + 4).map((id) => runs.append(sampleEntry(id))));
  await expect
    .poll(async () => (await listRuns(folder)).filter(({ sealed }) => sealed).length, { timeout: 50_000 })
    .toBeGreaterThan(2);
  await runs.seal();

  const all = await listRuns(folder);
  expect(all.length).toBeGreaterThan(3);
  expect(all.every(({ sealed }) => sealed)).toBe(true);
  const rows = await reading(folder, (reader) =>
    reader.all<{ paper_id: string }>("SELECT paper_id FROM stored_papers ORDER BY paper_id"),
  );
  expect(rows.map(({ paper_id }) => paper_id)).toEqual(ids);
});

it("work without results leaves no run", async () => {
  const folder = await freshFolder();
  await new RunSequence(folder, ABOUT).seal();
  expect(await listRuns(folder)).toEqual([]);
});

it("a piece that cannot be sealed stops the work, and its results wait in the ledger", async () => {
  const folder = await freshFolder();
  const runs = new RunSequence(folder, ABOUT, { ledgerBytes: 1 });
  // The Parquet file cannot be put where a folder is.
  await mkdir(join(folder, "papers", "000001-ingest.parquet"), { recursive: true });
  await writeFile(join(folder, "papers", "000001-ingest.parquet", "x"), "");
  await runs.append(sampleEntry("p00"));
  await expect(runs.seal()).rejects.toThrow("000001-ingest.parquet");
  await expect(runs.append(sampleEntry("p01"))).rejects.toThrow("000001-ingest.parquet");
  const [run] = await listRuns(folder);
  expect(run).toMatchObject({ sealed: null });
  const rows = await reading(folder, (reader) => reader.all("SELECT paper_id FROM papers"));
  expect(rows).toEqual([{ paper_id: "p00" }]);
});
