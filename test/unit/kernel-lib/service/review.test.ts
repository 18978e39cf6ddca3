import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Reviews } from "../../../../kernel-lib/src/dataset/reviews/reviews.js";
import { Dataset } from "../../../../kernel-lib/src/dataset/store.js";
import type { Reviewed } from "../../../../kernel-lib/src/views/dataset-service.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { sampleEntry } from "../dataset/samples.js";
import { asked, lookAt } from "./samples.js";

const [A, B, C] = ["p1#fig1", "p1#fig2", "p1#fig3"] as const;

async function folder(): Promise<string> {
  const dataset = await Dataset.openOrCreate(join(await freshFolder(), "d"));
  await dataset.write({ stage: "ingest", stage_version: 1 }, (writer) => writer.append(sampleEntry("p1", 3)));
  return dataset.folder;
}

const row = async (page: ReturnType<typeof lookAt>, figure_id: string) => {
  const tiles = await page.ask("tiles", { ...asked(), from: 0, count: 10 });
  const { verdict, tags } = tiles.find((tile) => tile.figure_id === figure_id)!;
  return [verdict, ...tags];
};

describe("a page", () => {
  it("accepts and tags figures: tiles, conditions, facets and every page follow, and undo takes it back", async () => {
    const at = await folder();
    const [page, other] = [lookAt(at), lookAt(at)];
    expect(await row(page, A)).toEqual([null]);
    const rejected = asked({ where: "verdict = 'rejected'" });
    expect((await page.ask("rows", rejected)).total).toBe(0);
    const heard = new Promise<Reviewed>((resolve) => other.on("reviewed", resolve));
    await other.ask("about", {});

    const said = await page.ask("review", { figure_ids: [A, B], verdict: "rejected", addTags: ["odd"] });
    expect(said).toEqual({
      done: 'rejected 2 figures, tagged 2 figures "odd"',
      count: 2,
      figures: [
        { figure_id: A, verdict: "rejected", tags: ["odd"] },
        { figure_id: B, verdict: "rejected", tags: ["odd"] },
      ],
      undo: 'rejected 2 figures, tagged 2 figures "odd"',
      redo: null,
    });
    expect(await heard).toEqual(said);
    expect(await row(page, B)).toEqual(["rejected", "odd"]);
    expect((await page.ask("rows", rejected)).total).toBe(2);
    expect(await page.ask("facets", { ...asked(), column: "review.verdict" })).toEqual([
      { value: "rejected", count: 2 },
      { value: null, count: 1 },
    ]);
    expect(await page.ask("tags", {})).toEqual([{ tag: "odd", count: 2 }]);

    expect((await other.ask("undoReview", {}))!.done).toBe(
      'undid: rejected 2 figures, tagged 2 figures "odd"',
    );
    expect(await row(page, B)).toEqual([null]);
    expect((await page.ask("rows", rejected)).total).toBe(0);
    expect(await page.ask("reviewHistory", {})).toEqual({ undo: null, redo: said.done });
    await page.ask("redoReview", {});
    expect((await page.ask("rows", rejected)).total).toBe(2);
    expect(await page.ask("redoReview", {})).toBe(null);
  });

  it("sees what another process says, in its rows and as an event", async () => {
    const at = await folder();
    const page = lookAt(at);
    expect(await row(page, C)).toEqual([null]);
    const heard = new Promise<Reviewed>((resolve) => page.on("reviewed", resolve));
    await (await Reviews.open(at, { history: "other" })).review([C], { verdict: "accepted" });
    expect(await heard).toMatchObject({
      count: 1,
      figures: [{ figure_id: C, verdict: "accepted" }],
      undo: null,
    });
    expect(await row(page, C)).toEqual(["accepted"]);
  });

  it("is refused figures that there are not, and what is no review", async () => {
    const page = lookAt(await folder());
    const review = (argument: object) => page.ask("review", argument as never);
    await expect(review({ figure_ids: [A, "x"], verdict: "accepted" })).rejects.toThrow(
      /has no figure "x"; nothing/,
    );
    await expect(review({ figure_ids: [A], verdict: "maybe" })).rejects.toThrow(/cannot be asked: verdict/);
    await expect(review({ figure_ids: [A], addTags: ["\u0007"] })).rejects.toThrow(/control characters/);
    await expect(review({ figure_ids: Array(10_001).fill(A), verdict: null })).rejects.toThrow(/figure_ids/);
    expect(await row(page, A)).toEqual([null]);
  });
});
