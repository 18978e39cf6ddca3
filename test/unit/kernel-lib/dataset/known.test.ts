import { expect, it } from "vitest";
import { withKnown } from "../../../../kernel-lib/src/dataset/known.js";
import { asStored } from "../../../../kernel-lib/src/dataset/order.js";
import { Dataset } from "../../../../kernel-lib/src/dataset/store.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { collected, sampleFigure, samplePaper } from "./samples.js";

it("papers come with what the dataset has of them, whatever their ids", async () => {
  const dataset = await Dataset.openOrCreate(await freshFolder());
  // UTF-16 and UTF-8 sort the last three differently.
  const ids = ["a", "B", "b#", "é", "\uff21", "\u{1d538}", "\u{1f600}x", "zz"];
  const stored = ids.filter((_, i) => i % 2 === 1);
  await dataset.write({ stage: "ingest", stage_version: 1 }, async (writer) => {
    for (const id of [...stored, "not asked for", "\uffee"]) {
      const figures = [sampleFigure(id, 0), sampleFigure(id, 1), sampleFigure(id, 2, { float: "table" })];
      await writer.append({
        key: `key of ${id}`,
        paper: samplePaper(id),
        figures: id === "zz" ? [] : figures,
      });
    }
  });
  const reader = await dataset.read();
  const papers = await collected(
    withKnown(
      reader,
      ids.toSorted(asStored).map((paper_id) => ({ paper_id })),
    ),
  );
  reader.close();
  expect(new Set(papers.map(({ paper }) => paper.paper_id))).toEqual(new Set(ids));
  for (const { paper, known } of papers)
    if (!stored.includes(paper.paper_id)) expect(known).toBeNull();
    else
      expect(known).toEqual({
        paper_id: paper.paper_id,
        result_key: `key of ${paper.paper_id}`,
        figures: paper.paper_id === "zz" ? 0 : 2,
      });
});
