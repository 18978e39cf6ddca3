import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Dataset } from "../../../../../kernel-lib/src/dataset/store.js";
import { listSources, type SourceList } from "../../../../../kernel-lib/src/papers/sources.js";
import type { IngestItem } from "../../../../../kernel-lib/src/stages/ingest.js";
import {
  filedSources,
  writeSources,
  type ListedSource,
} from "../../../../../kernel-lib/src/stages/works/sources.js";
import { workOf } from "../../../../../kernel-lib/src/stages/works/work-of.js";
import { freshFolder } from "../../../../support/fresh-folder.js";
import { collected, sampleEntry } from "../../dataset/samples.js";
import { keysIn, shardsOf } from "./workers.js";

const IDS = ["a", "B", "é", "\uff21", "\u{1d538}", "\u{1f600}x", "\uffee", "zz", 'o"brien', "100% _x"];

const sourcesOf = (ids: readonly string[], folder = "/papers"): SourceList => ({
  sources: ids.map((paper_id) => ({ paper_id, path: join(folder, `${paper_id}.tar.gz`), pdf: null })),
  skipped: [],
});

const SPEC = { stage: "ingest", discipline: null, metadata: null, layout: null } as const;
const { signal } = new AbortController();

describe("a file of sources", () => {
  it("gives the papers back, as the dataset sorts them, all or a shard's", async () => {
    const path = join(await freshFolder(), "sources.jsonl");
    await writeSources(path, sourcesOf(IDS));
    const sources = filedSources(path);
    expect(await sources.count()).toBe(IDS.length);
    const all = (await collected(asAsync(sources.read()))).map(({ paper_id }) => paper_id);
    expect(all).toEqual(IDS.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    for (const size of [1, 3, 10, 11]) {
      const shards = await collected(sources.shards(size));
      expect(shards.map(({ items }) => items)).toEqual(
        Array.from({ length: Math.ceil(10 / size) }, (_, at) => Math.min(size, 10 - at * size)),
      );
      const each = [];
      for (const { range } of shards) each.push(...(await collected(asAsync(sources.read(range as never)))));
      expect(each.map(({ paper_id }) => paper_id)).toEqual(all);
    }
    expect(await readdir(join(path, ".."))).toEqual(["sources.jsonl"]);
  });

  it("has no shards where there are no papers", async () => {
    const path = join(await freshFolder(), "sources.jsonl");
    await writeSources(path, sourcesOf([]));
    expect(await collected(filedSources(path).shards(5))).toEqual([]);
    expect(await filedSources(path).count()).toBe(0);
  });

  it("tells workers where each paper's metadata stand, beside the papers or in the user's file", async () => {
    const folder = await freshFolder();
    const line = (id: string, title: string) => `${JSON.stringify({ id, title })}\n`;
    const beside = join(folder, "metadata.jsonl");
    await writeFile(beside, line("other", "Other") + line("zz", "Beside, é"));
    const own = join(folder, "own.jsonl");
    await writeFile(own, line("zz", "Own") + line("a", "Own, too"));
    const titles = async (metadata: string | null) => {
      const path = join(folder, "sources.jsonl");
      await writeSources(path, sourcesOf(["a", "zz"], folder), metadata);
      const sources = filedSources(path);
      const papers = await collected(asAsync(sources.read()));
      return Promise.all(papers.map(async (paper) => (await sources.metadataOf(paper))?.title ?? null));
    };
    expect(await titles(null)).toEqual([null, "Beside, é"]);
    expect(await titles(own)).toEqual(["Own, too", "Own"]);
    // Metadata that have changed would be another paper's, or none.
    const sources = filedSources(join(folder, "sources.jsonl"));
    const [a] = await collected(asAsync(sources.read()));
    for (const text of [line("a", "Own") + line("zz", "Own, too"), ""]) {
      await writeFile(own, text);
      await expect(sources.metadataOf(a!)).rejects.toThrow("plan it anew");
    }
  });

  it("stops the work when it cannot be read", async () => {
    const path = join(await freshFolder(), "sources.jsonl");
    await expect(collected(filedSources(path).shards(5))).rejects.toThrow("The list of papers");
    await writeFile(path, "no JSON\n");
    await expect(collected(asAsync(filedSources(path).read()))).rejects.toThrow("The list of papers");
  });

  it("is of what inputs stand for", async () => {
    const folder = await freshFolder();
    await mkdir(join(folder, "papers"));
    for (const name of ["b.tex", "a.tex", "a.pdf"]) await writeFile(join(folder, "papers", name), "");
    await mkdir(join(folder, "others"));
    await writeFile(join(folder, "others", "b.tex"), "");
    const path = join(folder, "sources.jsonl");
    await writeSources(
      path,
      await listSources([join(folder, "papers", "*.*"), join(folder, "others", "*.*")]),
    );
    const lines = (await readFile(path, "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as ListedSource);
    expect(lines.map(({ paper_id, pdf, skipped }) => [paper_id, pdf !== null, skipped?.reason])).toEqual([
      ["a", true, undefined],
      ["b", false, undefined],
      ["b", false, "duplicate-paper-id"],
    ]);
  });
});

describe("the papers of a shard", () => {
  it("come with what the dataset has of them", async () => {
    const dataset = await Dataset.openOrCreate(join(await freshFolder(), "d"));
    const known = IDS.filter((_, at) => at % 2 === 0);
    await dataset.write({ stage: "ingest", stage_version: 1 }, async ({ append }) => {
      for (const id of [...known, "between"]) await append(sampleEntry(id));
    });
    const sources = join(await freshFolder(), "sources.jsonl");
    await writeSources(sources, sourcesOf(IDS));
    const work = await workOf(dataset, { ...SPEC, sources }, { signal });
    const reader = await dataset.read();
    try {
      const each: unknown[] = [];
      for (const { range } of await shardsOf(dataset, work, 3))
        each.push(...(await collected(work.items(reader, range))));
      expect(each).toEqual(await collected(work.items(reader)));
      for (const item of each as (IngestItem & { knownFigures: number })[]) {
        const isKnown = known.includes(item.paper_id);
        expect([item.known, item.knownFigures]).toEqual(isKnown ? [`key of ${item.paper_id}`, 2] : [null, 0]);
      }
      expect(new Set(await keysIn(reader, work))).toEqual(new Set(IDS));
    } finally {
      reader.close();
      await work.close();
    }
  });
});

async function* asAsync<T>(items: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T> {
  yield* items;
}
