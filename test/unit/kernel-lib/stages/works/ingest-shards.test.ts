import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { readQuarantine } from "../../../../../kernel-lib/src/dataset/quarantine.js";
import { Dataset } from "../../../../../kernel-lib/src/dataset/store.js";
import type * as Ingest from "../../../../../kernel-lib/src/lab/ingest.js";
import { listSources } from "../../../../../kernel-lib/src/papers/sources.js";
import { writeSources } from "../../../../../kernel-lib/src/stages/works/sources.js";
import type * as WorkOf from "../../../../../kernel-lib/src/stages/works/work-of.js";
import { bundlePrograms } from "../../../../support/bundle-programs.js";
import { freshFolder } from "../../../../support/fresh-folder.js";
import { collect, doShards, seen, shardsOf } from "./workers.js";

const SOURCES = "kernel-lib/src";
const { signal } = new AbortController();

/** Papers are read in threads, whose program lies beside the code that starts them. */
let programs: typeof WorkOf & typeof Ingest;
beforeAll(async () => {
  const folder = await bundlePrograms("ingest-shards", {
    "work-of": `${SOURCES}/stages/works/work-of.ts`,
    ingest: `${SOURCES}/lab/ingest.ts`,
    worker: `${SOURCES}/stages/worker.ts`,
  });
  const load = createRequire(import.meta.url);
  const all = ["work-of", "ingest"].map((name) => load(join(folder, `${name}.cjs`)) as object);
  programs = Object.assign({}, ...all) as typeof programs;
});

const paper = (n: number) => String.raw`\documentclass{article}\title{Paper ${n}}
\begin{document}
As figure~\ref{f} shows, ${n} is a number.
\begin{figure}\includegraphics{nowhere}\caption{Caption ${n}.}\label{f}\end{figure}
\begin{table}\caption{A table.}\end{table}
\end{document}
`;

it(
  "papers read by shards leave the same dataset as a cell, quarantine included, and are not read twice",
  { timeout: 240_000 },
  async () => {
    const papers = await freshFolder();
    for (let n = 0; n < 7; n++) await writeFile(join(papers, `Paper-${n}.tex`), paper(n));
    await writeFile(join(papers, "broken.tar.gz"), "no archive");
    await mkdir(join(papers, "more"));
    await writeFile(join(papers, "more", "Paper-1.tex"), paper(11));
    await writeFile(
      join(papers, "metadata.jsonl"),
      JSON.stringify({ id: "Paper-3", title: "Three", license: "CC0" }),
    );

    const inputs = ["*.tex", "*.tar.gz", "more/*.tex"].map((pattern) => join(papers, pattern));
    const [byCell, byShards] = [
      await Dataset.openOrCreate(join(await freshFolder(), "d")),
      await Dataset.openOrCreate(join(await freshFolder(), "d")),
    ];
    const inCell = await programs.ingest(byCell as never, inputs, { jobs: 2, signal });

    await byShards.make();
    const file = join(await freshFolder(), "sources.jsonl");
    await writeSources(file, await listSources(inputs));
    const spec = { stage: "ingest", sources: file, discipline: null, metadata: null, layout: null } as const;
    const work = await programs.workOf(byShards as never, spec, { signal });
    try {
      const shards = await shardsOf(byShards, work, 3);
      const parts = await doShards(byShards, work, shards);
      await collect(byShards, work, parts.toReversed());
      for (const table of ["papers", "figures"])
        expect(await seen(byShards.folder, table)).toEqual(await seen(byCell.folder, table));
      const problems = async ({ folder }: Dataset) =>
        (await readQuarantine(folder)).map(({ item, reason }) => `${item} ${reason}`);
      expect((await problems(byShards)).sort()).toEqual((await problems(byCell)).sort());
      expect(await problems(byShards)).toContain("Paper-1 duplicate-paper-id");
      expect(inCell).toMatchObject({ papers: 7, figures: 7, quarantined: 2 });

      const again = await doShards(byShards, work, shards, "again");
      expect(again.map(({ entries }) => entries)).toEqual(again.map(() => null));
    } finally {
      await work.close();
    }
  },
);
