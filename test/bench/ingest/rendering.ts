import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { sniffGraphic } from "../../../kernel-lib/src/figures/sniff.js";
import { openArchive } from "../../../kernel-lib/src/papers/archive/open.js";
import { readSource } from "../../../kernel-lib/src/papers/read-paper.js";
import type { Source } from "../../../kernel-lib/src/papers/sources.js";
import { inWorkers } from "../../../kernel-lib/src/stages/pool.js";
import { bundlePrograms } from "../../support/bundle-programs.js";
import type { Part } from "../support/report.js";
import { inLanes, median, runProgram, timed } from "../support/timing.js";
import type { DrawItem } from "./draw-worker.js";

/**
 * Every PDF that a figure is made of drawn to a PNG file of 1,600 pixels, beside poppler on the same files; both on
 * all processors. figloom's threads are those of an ingest, and each picture also gets its small WebP and its hashes.
 */
export async function benchRendering(
  papers: readonly Source[],
  rounds: number,
  scratch: string,
): Promise<Part> {
  const lanes = availableParallelism();
  const graphics = await collectGraphics(papers, join(scratch, "graphics"));
  const bundles = await bundlePrograms("bench", { "draw-worker": "test/bench/ingest/draw-worker.ts" });
  const worker = join(bundles, "draw-worker.cjs");
  const [ours, theirs]: [number[], number[]] = [[], []];
  let refused: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const [a, b] = ["a", "b"].map((side) => join(scratch, `drawn-${side}-${round}`)) as [string, string];
    for (const folder of [a, b]) mkdirSync(folder);
    ours.push(await timed(() => drawOurs(graphics, a, worker, lanes)));
    refused = [];
    theirs.push(
      await timed(() =>
        inLanes(graphics, lanes, (file) =>
          pdftocairo(file, join(b, basename(file, ".pdf"))).catch(() => refused.push(basename(file))),
        ),
      ),
    );
  }
  const [a, b] = [median(ours), median(theirs)];
  return {
    title: "Figures drawn from PDF",
    items: `${graphics.length} files, ${rounds} rounds, ${lanes} at a time`,
    commands: {
      figloom: "renderFigure in the threads of an ingest, started anew each round",
      pdftocairo: "pdftocairo -png -singlefile -scale-to 1600, a process a file",
    },
    figures: {
      "figloom, s": a / 1000,
      "pdftocairo, s": b / 1000,
      "times as fast": b / a,
      "times as fast, round by round": ours.map((each, i) => (theirs[i]! / each).toFixed(2)).join(", "),
      "figloom, ms of one processor a file": (a * lanes) / graphics.length,
      "files that pdftocairo cannot draw": refused.join(", ") || "none",
    },
    rows: [],
  };
}

async function drawOurs(
  files: readonly string[],
  into: string,
  worker: string,
  lanes: number,
): Promise<void> {
  const stage = inWorkers<DrawItem, null>(
    { name: "draw", version: 1, key: ({ file }) => file, run: () => Promise.resolve(null) },
    { jobs: lanes, file: worker },
  );
  const { signal } = new AbortController();
  await inLanes(files, lanes, (file) => stage.run({ file, into }, { signal }));
  await stage.close();
}

const pdftocairo = (file: string, target: string) =>
  runProgram("pdftocairo", ["-png", "-singlefile", "-scale-to", "1600", file, target]);

async function collectGraphics(papers: readonly Source[], folder: string): Promise<string[]> {
  mkdirSync(folder);
  const files: string[] = [];
  for (const { path } of papers) {
    const archive = await openArchive(path);
    const named = [...readSource(archive).pictures.values()]
      .flat()
      .flatMap((source) => (source.from === "graphics" ? source.rows.flat() : []));
    for (const member of new Set(named)) {
      const bytes = archive.read(member);
      if (!bytes || sniffGraphic(bytes) !== "pdf") continue;
      const file = join(folder, `${String(files.length + 1).padStart(5, "0")}.pdf`);
      writeFileSync(file, bytes);
      files.push(file);
    }
  }
  return files;
}
