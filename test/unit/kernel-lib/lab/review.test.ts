import { join } from "node:path";
import { expect, it } from "vitest";
import { Dataset } from "../../../../kernel-lib/src/dataset/store.js";
import { labOf, type Lab } from "../../../../kernel-lib/src/lab/lab.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { sampleEntry } from "../dataset/samples.js";

async function lab(): Promise<Lab> {
  const dataset = await Dataset.openOrCreate(join(await freshFolder(), "d"));
  await dataset.write({ stage: "ingest", stage_version: 1 }, (writer) => writer.append(sampleEntry("p1", 3)));
  return labOf(dataset);
}

it("reviews figures by condition, by id and as they come, and says what it did", async () => {
  const open = await lab();
  expect(String(await open.review("number = '1'", { verdict: "rejected" }))).toBe("Rejected 1 figure.");
  expect(String(await open.review(["p1#fig2"], { addTags: ["nice"] }))).toBe('Tagged 1 figure "nice".');
  const rest = await open.figures("verdict IS NULL");
  expect(await open.review(rest, { verdict: "accepted" })).toEqual({
    done: "accepted 2 figures",
    figures: 2,
    undo: "accepted 2 figures",
    redo: null,
  });
  expect(String(await open.review({ where: "true", limit: 1 }, { addTags: ["nice"] }))).toContain("1 figure");
  expect(String(await open.tags())).toBe("nice: 2 figures");
  expect((await open.figures("verdict = 'accepted'")).map(({ tags }) => tags)).toEqual([["nice"], []]);
});

it("takes back what it did, and says so when there is nothing left", async () => {
  const open = await lab();
  await open.review("true", { verdict: "accepted" });
  expect(String(await open.undo())).toBe("Undid: accepted 3 figures.");
  expect(await open.figures("verdict IS NOT NULL")).toEqual([]);
  expect(String(await open.undo())).toBe("Nothing to undo.");
  expect(String(await open.redo())).toBe("Did again: accepted 3 figures.");
});

it("refuses figures that the dataset does not have, and conditions that are not right", async () => {
  const open = await lab();
  await expect(open.review(["p1#fig1", "p9#fig1"], { verdict: "accepted" })).rejects.toThrow(
    /has no figure "p9#fig1"; nothing was written/,
  );
  await expect(open.review("nonsense = 1", { verdict: "accepted" })).rejects.toThrow(
    /Columns: .*verdict, tags/,
  );
  expect(await open.figures("verdict IS NOT NULL")).toEqual([]);
});
