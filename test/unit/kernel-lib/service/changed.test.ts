import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { Dataset } from "../../../../kernel-lib/src/dataset/store.js";
import { sampleEntry } from "../dataset/samples.js";
import { asked, lookAt, writeScores } from "./samples.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "figloom-changed-"));
  await ingest("p1", 3);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function ingest(paper_id: string, figures: number): Promise<void> {
  const dataset = await Dataset.openOrCreate(folder);
  await dataset.write({ stage: "ingest", stage_version: 1 }, (writer) =>
    writer.append(sampleEntry(paper_id, figures)),
  );
}

test("views hear that the dataset was written to, and what they ask then is of its new state", async () => {
  const page = lookAt(folder);
  const heard: { runs: number }[] = [];
  page.on("changed", (about) => heard.push(about));
  expect((await page.ask("rows", asked())).total).toBe(3);
  await expect(
    page.ask("rows", asked({ sort: { column: "score.support@raw", descending: false } })),
  ).rejects.toMatchObject({ kind: "configuration" });

  await vi.waitFor(
    async () => {
      // The folder is looked at from time to time: a run after the first look is news.
      await ingest(`p${10 + heard.length}`, 1);
      expect(heard.length).toBeGreaterThan(0);
    },
    { timeout: 60_000, interval: 1_000 },
  );
  const before = (await page.ask("rows", asked())).total;
  expect(before).toBeGreaterThan(3);

  await writeScores(folder, "support", { "p1#fig2": 0.7 });
  const sorted = asked({ sort: { column: "score.support@raw", descending: false } });
  expect(await page.ask("ids", { ...sorted, from: 0, count: 1 })).toEqual(["p1#fig2"]);
  await vi.waitFor(() => expect(heard.at(-1)!.runs).toBeGreaterThan(heard[0]!.runs), { timeout: 60_000 });
});
