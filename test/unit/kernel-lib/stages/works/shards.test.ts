import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Captioner } from "../../../../../kernel-lib/src/captions/captioner.js";
import { captioning } from "../../../../../kernel-lib/src/captions/captioning.js";
import { extractive } from "../../../../../kernel-lib/src/captions/extractive.js";
import type { VisionModel } from "../../../../../kernel-lib/src/captions/vision-model.js";
import { asStored } from "../../../../../kernel-lib/src/dataset/order.js";
import { keptPrompts } from "../../../../../kernel-lib/src/dataset/prompts.js";
import { readQuarantine } from "../../../../../kernel-lib/src/dataset/quarantine.js";
import { reading, type FigureRow } from "../../../../../kernel-lib/src/dataset/query.js";
import { Dataset } from "../../../../../kernel-lib/src/dataset/store.js";
import { ItemError } from "../../../../../kernel-lib/src/errors.js";
import { recaption } from "../../../../../kernel-lib/src/lab/recaption.js";
import { score } from "../../../../../kernel-lib/src/lab/score.js";
import type { Shard, StageSpec } from "../../../../../kernel-lib/src/stages/work.js";
import type { CaptionItem } from "../../../../../kernel-lib/src/stages/works/caption-items.js";
import { recaptionWork } from "../../../../../kernel-lib/src/stages/works/recaption-work.js";
import { workOf } from "../../../../../kernel-lib/src/stages/works/work-of.js";
import { freshFolder } from "../../../../support/fresh-folder.js";
import { collected, sampleEntry, sampleFigure, samplePaper } from "../../dataset/samples.js";
import { collect, doShards, keysIn, seen, shardsOf, type Work } from "./workers.js";

/** Ids as no archive should be named, and as UTF-16 and UTF-8 sort differently. */
const ODD = [
  ...["a", "B", "b#", "é", "\uff21", "\u{1d538}", "\u{1f600}x", "\uffee", "zz", "o'brien", "100% _x", "a b"],
  ...["-", '"', "$1", "a'; DROP VIEW figures; --", "a--b", "z/*"],
];

/** Oddly named papers with one to three figures and a table each, the first of them read twice. */
let original: Dataset;
beforeAll(async () => {
  const dataset = await Dataset.openOrCreate(await mkdtemp(join(tmpdir(), "figloom-odd-")));
  const entry = (id: string, at: number) => ({
    key: `key of ${id}`,
    paper: samplePaper(id),
    figures: [
      ...Array.from({ length: 1 + (at % 3) }, (_, n) => sampleFigure(id, n)),
      sampleFigure(id, 9, { float: "table" }),
    ],
  });
  const about = { stage: "ingest", stage_version: 1 } as const;
  await dataset.write(about, ({ append }) => append(sampleEntry(ODD[0]!, 7)));
  await dataset.write(about, async ({ append }) => {
    for (const [at, id] of ODD.entries()) await append(entry(id, at));
  });
  original = dataset;
});
afterAll(() => rm(original.folder, { recursive: true, force: true }));

/** A copy of them of a test's own. */
const odd = (): Promise<Dataset> => copyOf(original);

const copyOf = async ({ folder }: Dataset): Promise<Dataset> => {
  const copy = join(await freshFolder(), "d");
  await cp(folder, copy, { recursive: true });
  return Dataset.open(copy);
};

const { signal } = new AbortController();
const RECAPTION = { stage: "recaption", ask: null, where: null, limit: null, retryFailed: false } as const;
const SCORE = {
  stage: "score",
  metric: "support",
  scorer: { kind: "support", options: {} },
  variant: null,
  where: null,
  limit: null,
} as const;

const workOn = (dataset: Dataset, spec: StageSpec): Promise<Work> => workOf(dataset, spec, { signal });

describe("shards of figures", { timeout: 240_000 }, () => {
  it.each([1, 3, 1000])("of %i hold all figures once, in their order, and no paper in two", async (size) => {
    const dataset = await odd();
    const work = await workOn(dataset, RECAPTION);
    const shards = await shardsOf(dataset, work, size);
    await reading(dataset.folder, async (reader) => {
      const each = [];
      for (const shard of shards) {
        const keys = await keysIn(reader, work, shard);
        expect(keys).toHaveLength(shard.items);
        const papers = new Set(keys.map((key) => key.slice(0, key.lastIndexOf("#"))));
        expect(shard.items <= size || papers.size === 1).toBe(true);
        each.push(...keys);
      }
      expect(each).toEqual(await keysIn(reader, work));
      expect(each).toHaveLength((await work.count(reader))!);
    });
    const ids = shards.map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted());
    const firsts = shards.map(({ range }) => (range as { first: string }).first);
    expect(firsts).toEqual(firsts.toSorted(asStored));
  });

  it.each([0, 7, 1000])("stop at a limit of %i, like a cell", async (limit) => {
    const dataset = await odd();
    for (const spec of [
      { ...RECAPTION, limit },
      { ...SCORE, limit },
    ]) {
      const work = await workOn(dataset, spec);
      const shards = await shardsOf(dataset, work, 3);
      await reading(dataset.folder, async (reader) => {
        const each = [];
        for (const shard of shards) each.push(...(await keysIn(reader, work, shard)));
        expect(each).toEqual(await keysIn(reader, work));
        expect(shards.reduce((sum, { items }) => sum + items, 0)).toBe(each.length);
      });
    }
  });

  it("are of what a condition picks, and none where it picks nothing", async () => {
    const dataset = await odd();
    const where = "paper_id > 'a' AND number = '2' -- a comment";
    const work = await workOn(dataset, { ...RECAPTION, where });
    const shards = await shardsOf(dataset, work, 2);
    await reading(dataset.folder, async (reader) => {
      const each = [];
      for (const shard of shards) each.push(...(await keysIn(reader, work, shard)));
      expect(each).toEqual(await keysIn(reader, work));
      expect(each.length).toBeGreaterThan(2);
    });
    for (const spec of [RECAPTION, SCORE])
      expect(await shardsOf(dataset, await workOn(dataset, { ...spec, where: "false" }), 2)).toEqual([]);
    const wrong = await workOn(dataset, { ...RECAPTION, where: "colour = 1" });
    await expect(shardsOf(dataset, wrong, 2)).rejects.toThrow("Columns: ");
  });

  it("hold of each figure what is said of it in the whole dataset, judgements included", async () => {
    const dataset = await odd();
    const isMarked = ({ figure_id }: { figure_id: string }) => !figure_id.endsWith("#fig2");
    const rows = await reading(dataset.folder, (reader) =>
      reader.all<{ figure_id: string; run: string }>("SELECT figure_id, run FROM figures"),
    );
    await dataset.write({ stage: "judge", stage_version: 1 }, async ({ append }) => {
      for (const { figure_id, run } of rows.filter(isMarked)) {
        const marks = [{ flag: "small", reason: "It is small.", value: 1, limit: 2, of: null }];
        await append({ key: "k", judgement: { figure_id, figure_run: run, language: "en", marks } });
      }
    });
    const work = await workOn(dataset, RECAPTION);
    const shards = await shardsOf(dataset, work, 4);
    await reading(dataset.folder, async (reader) => {
      const figuresOf = async (shard?: Shard) =>
        (await collected(work.items(reader, shard?.range))).map((item) => (item as CaptionItem).figure);
      const each = [];
      for (const shard of shards) each.push(...(await figuresOf(shard)));
      expect(each).toEqual(await figuresOf());
      expect(each.filter((figure) => (figure as FigureRow).flagged)).toEqual(each.filter(isMarked));
    });
  });

  it("count every caption of a figure where captions are measured", async () => {
    const dataset = await odd();
    await recaption(dataset, { limit: 5, signal });
    const figures = await reading(dataset.folder, async (reader) =>
      (await workOn(dataset, RECAPTION)).count(reader),
    );
    for (const [variant, items] of [
      [null, figures! + 5],
      ["raw", figures!],
      ["extractive", 5],
    ] as const) {
      const work = await workOn(dataset, { ...SCORE, variant });
      const shards = await shardsOf(dataset, work, 4);
      expect(shards.reduce((sum, shard) => sum + shard.items, 0)).toBe(items);
      await reading(dataset.folder, async (reader) => {
        for (const shard of shards) expect(await keysIn(reader, work, shard)).toHaveLength(shard.items);
      });
    }
  });

  it("have a size", async () => {
    const dataset = await odd();
    const work = await workOn(dataset, RECAPTION);
    for (const size of [0, -1, 1.5, Number.NaN])
      await expect(shardsOf(dataset, work, size)).rejects.toThrow("The size of a shard");
  });
});

describe("work by shards", { timeout: 240_000 }, () => {
  it("leaves the same captions and scores as a cell, in whatever order it is collected", async () => {
    const byCell = await odd();
    const byShards = await copyOf(byCell);
    await recaption(byCell, { signal });
    await score(byCell, ["support"], { signal });
    for (const spec of [RECAPTION, SCORE]) {
      const work = await workOn(byShards, spec);
      const parts = await doShards(byShards, work, await shardsOf(byShards, work, 3), spec.stage);
      const [late, soon] = [parts.filter((_, at) => at % 2 === 0), parts.filter((_, at) => at % 2 > 0)];
      expect(await collect(byShards, work, soon.toReversed())).toBe("collected");
      expect(await collect(byShards, work, late)).toBe("collected");
    }
    for (const table of ["recaptions", "scores"]) {
      expect(await seen(byShards.folder, table)).toEqual(await seen(byCell.folder, table));
      expect((await seen(byShards.folder, table)).length).toBeGreaterThan(30);
    }
  });

  it("leaves the same quarantine as a cell, and what failed is not tried again unless asked for", async () => {
    const byCell = await odd();
    const byShards = await copyOf(byCell);
    const captioner = picky();
    await recaption(byCell, { captioner, signal });
    const chosen = await captioning({ captioner }, { signal, folder: byShards.folder });
    const workWith = (retryFailed: boolean): Promise<Work> =>
      reading(byShards.folder, (reader) => recaptionWork(byShards.folder, reader, chosen, { retryFailed }));

    const work = await workWith(false);
    await collect(byShards, work, await doShards(byShards, work, await shardsOf(byShards, work, 4), "first"));
    const problems = async ({ folder }: Dataset) =>
      (await readQuarantine(folder)).toSorted((a, b) => asStored(a.item, b.item));
    expect(await problems(byShards)).toEqual(await problems(byCell));
    expect(await problems(byShards)).toHaveLength(6 * 1 + 6 * 2);
    expect(await seen(byShards.folder, "recaptions")).toEqual(await seen(byCell.folder, "recaptions"));

    captioner.asked = 0;
    await doShards(byShards, work, await shardsOf(byShards, work, 4), "second");
    expect(captioner.asked).toBe((await problems(byShards)).filter(({ item }) => /fig3$/.test(item)).length);

    captioner.isPicky = false;
    const again = await workWith(true);
    const parts = await doShards(byShards, again, await shardsOf(byShards, again, 4), "third");
    await collect(byShards, again, parts);
    expect(await problems(byShards)).toEqual([]);
  });

  it("asks a prompt's file of a model, which is planned without one, and keeps the prompt's text", async () => {
    const dataset = await odd();
    const prompt = join(await freshFolder(), "terse.md");
    await writeFile(prompt, "---\nid: terse\n---\nSay what is seen.\n{{image}}\n{{caption}}\n");
    const spec = { ...RECAPTION, ask: { prompt, model: "org/painter" } };
    const planned = await workOn(dataset, spec);
    const shards = await shardsOf(dataset, planned, 5);
    const on = painter();
    const work = await workOf(dataset, spec, { on, signal });
    expect([planned.shelf, work.shelf]).toEqual(["terse@org/painter", "terse@org/painter"]);
    expect(on.readied).toBe(0);
    await collect(dataset, work, await doShards(dataset, work, shards));
    expect(on.readied).toBe(1);
    const [kept] = await keptPrompts(dataset.folder);
    expect(kept).toMatchObject({ id: "terse", source: await readFile(prompt, "utf8") });
    const made = await seen(dataset.folder, "recaptions");
    expect(new Set(made.map(({ prompt_hash }) => prompt_hash))).toEqual(new Set([kept!.hash]));
    expect(made).toHaveLength(shards.reduce((sum, { items }) => sum + items, 0));
  });

  it("does figures that were added to its papers meanwhile, and passes over what is gone", async () => {
    const dataset = await odd();
    const work = await workOn(dataset, RECAPTION);
    const shards = await shardsOf(dataset, work, 3);
    await dataset.write({ stage: "ingest", stage_version: 1 }, async ({ append }) => {
      await append({ ...sampleEntry("zz", 5), key: "another" });
      await append({ ...sampleEntry("é", 0), key: "another" });
    });
    await collect(dataset, work, await doShards(dataset, work, shards));
    const made = (await seen(dataset.folder, "recaptions")).map(({ figure_id }) => String(figure_id));
    expect(made.filter((id) => id.startsWith("zz#"))).toHaveLength(5);
    expect(made.filter((id) => id.startsWith("é#"))).toEqual([]);
  });
});

/** The extractive captioner, but second figures are never right for it, and third ones only another time. */
function picky(): Captioner & { isPicky: boolean; asked: number } {
  const usual = extractive();
  return {
    ...usual,
    ...{ id: usual.id, version: usual.version, variant: "picky", isPicky: true, asked: 0 },
    async caption(input, options) {
      this.asked++;
      const { number } = input.figure;
      if (this.isPicky && number !== "1")
        throw new ItemError({
          reason: "not-liked",
          message: `${input.figure.figure_id} is not liked.`,
          wayOut: "Like it.",
          transient: number === "3",
        });
      return { ...(await usual.caption(input, options)), variant: "picky" };
    },
  };
}

/** A model in this process, which says what the extractive captioner says. */
function painter(): VisionModel & { readied: number } {
  const usual = extractive();
  return {
    name: "org/painter",
    usage: { requests: 0, prompt_tokens: 0, completion_tokens: 0 },
    readied: 0,
    ready() {
      this.readied++;
      return Promise.resolve();
    },
    captioner({ id, hash }) {
      const variant = `${id}@org/painter`;
      const caption: Captioner["caption"] = async (input, options) => ({
        ...(await usual.caption(input, options)),
        ...{ variant, prompt_id: id, prompt_hash: hash },
      });
      return { id: "vllm", version: 1, variant, fingerprint: hash, caption };
    },
    close: () => Promise.resolve(),
  };
}
