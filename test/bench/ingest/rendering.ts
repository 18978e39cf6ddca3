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
 * Every PDF that a figure is made of drawn to a PNG file of 1,600 pixels, on all processors, beside poppler on the same
 * files: one command after the other, and as many at a time as there are processors. figloom's threads are those of an
 * ingest, and each picture also gets its text layer, its small WebP and its hashes.
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
  const refused = new Set<string>();
  const poppler = (into: string, atATime: number) =>
    inLanes(graphics, atATime, (file) =>
      pdftocairo(file, join(into, basename(file, ".pdf"))).catch(() => refused.add(basename(file))),
    );
  const [ours, inTurn, together]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    const folder = (side: string) => {
      const path = join(scratch, `drawn-${side}-${round}`);
      mkdirSync(path);
      return path;
    };
    ours.push(await timed(() => drawOurs(graphics, folder("figloom"), worker, lanes)));
    together.push(await timed(() => poppler(folder("together"), lanes)));
    inTurn.push(await timed(() => poppler(folder("in-turn"), 1)));
  }
  const byRound = (theirs: number[]) => ours.map((each, i) => (theirs[i]! / each).toFixed(2)).join(", ");
  const seconds = (times: number[]) => median(times) / 1000;
  return {
    title: "Figures drawn from PDF",
    items: `${graphics.length} files, ${rounds} rounds, ${lanes} processors`,
    commands: {
      figloom: "renderFigure in the threads of an ingest, started anew each round",
      pdftocairo: "pdftocairo -png -singlefile -scale-to 1600, a process a file",
    },
    figures: {
      "figloom, s": seconds(ours),
      "pdftocairo one after the other, s": seconds(inTurn),
      [`pdftocairo ${lanes} at a time, s`]: seconds(together),
      "times as fast as one after the other": median(inTurn) / median(ours),
      "the same, round by round": byRound(inTurn),
      [`times as fast as ${lanes} at a time`]: median(together) / median(ours),
      "the same of these, round by round": byRound(together),
      "figloom, ms of one processor a file": (median(ours) * lanes) / graphics.length,
      "files that pdftocairo cannot draw": [...refused].join(", ") || "none",
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
