import { cp } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readQuarantine } from "../../../../../kernel-lib/src/dataset/quarantine.js";
import { reading } from "../../../../../kernel-lib/src/dataset/query.js";
import { Dataset } from "../../../../../kernel-lib/src/dataset/store.js";
import { ocr } from "../../../../../kernel-lib/src/lab/ocr.js";
import { ocrWork, type OcrWorkOptions } from "../../../../../kernel-lib/src/stages/works/ocr-work.js";
import { workOf } from "../../../../../kernel-lib/src/stages/works/work-of.js";
import { freshFolder } from "../../../../support/fresh-folder.js";
import { datasetOf, spelling } from "../../ocr/spelling.js";
import { collect, doShards, keysIn, seen, shardsOf, type Work } from "./workers.js";

const { signal } = new AbortController();

const made = () => datasetOf(["known", "second"], ["known", "bad", "table", "fifth"], ["known"], ["k", "l"]);

const workWith = ({ folder }: Dataset, failing: string[] = [], options: OcrWorkOptions = {}) => {
  const reader = spelling({ failing });
  return { reader, work: ocrWork(folder, reader, options) as Work };
};

describe("the text on figures by shards", () => {
  it("is what a cell reads, tables among it; what cannot be read harms no neighbour and is remembered", async () => {
    const byCell = await made();
    const byShards = await Dataset.openOrCreate(join(await freshFolder(), "d"));
    await cp(byCell.folder, byShards.folder, { recursive: true });
    await ocr(byCell, { reader: spelling({ failing: ["bad"] }), signal });

    const { work } = workWith(byShards, ["bad"]);
    const shards = await shardsOf(byShards, work, 3);
    expect(shards.map(({ items }) => items)).toEqual([2, 4, 3]);
    const parts = await doShards(byShards, work, shards, "first");
    expect(await collect(byShards, work, parts.toReversed())).toBe("collected");
    expect(await seen(byShards.folder, "picture_texts")).toEqual(await seen(byCell.folder, "picture_texts"));
    expect(await seen(byShards.folder, "picture_texts")).toHaveLength(8);
    expect(await readQuarantine(byShards.folder)).toEqual(await readQuarantine(byCell.folder));
    expect(await readQuarantine(byShards.folder)).toMatchObject([{ stage: "ocr", reason: "x" }]);

    const later = workWith(byShards);
    await doShards(byShards, later.work, shards, "second");
    expect(later.reader.seen).toEqual([]);
    const again = workWith(byShards, [], { retryFailed: true });
    await collect(byShards, again.work, await doShards(byShards, again.work, shards, "third"));
    expect(again.reader.seen).toEqual(["bad"]);
    expect(await readQuarantine(byShards.folder)).toEqual([]);
  });

  it.each([{ limit: 4 }, { where: "float = 'table'" }, { limit: 0 }])(
    "is that of the figures that a cell would take: %j",
    async (selection) => {
      const dataset = await made();
      const { work } = workWith(dataset, [], selection);
      const shards = await shardsOf(dataset, work, 3);
      await reading(dataset.folder, async (reader) => {
        const each = [];
        for (const shard of shards) each.push(...(await keysIn(reader, work, shard)));
        expect(each).toEqual(await keysIn(reader, work));
        expect(each).toHaveLength((await work.count(reader))!);
      });
    },
  );

  it("is read by the reader that was meant, or not at all", async () => {
    const dataset = await made();
    const spec = { stage: "ocr", where: null, limit: null, retryFailed: false } as const;
    const planned = await workOf(dataset, { ...spec, reader: { kind: "vllm", model: "org/m" } }, { signal });
    expect(planned.shelf).toMatch(/^org\/m@vllm lines-/);
    await expect(
      workOf(dataset, { ...spec, reader: { kind: "tesseract" }, id: "tesseract-eng@3" }, { signal }),
    ).rejects.toThrow(
      /was to be read by tesseract-eng@3, and what goes by this name on .* is tesseract-eng@4/,
    );
  });
});
