import { existsSync, linkSync, cpSync, mkdirSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Source } from "../../../kernel-lib/src/papers/sources.js";
import { bundlePrograms } from "../../support/bundle-programs.js";
import type { Part } from "../support/report.js";
import { peakOf } from "../support/process-tree.js";

const TIMES = 10;

/** The same papers ingested once, and ten times under other names: the peak memory should be the same. */
export async function benchMemory(papers: readonly Source[], scratch: string): Promise<Part> {
  if (!existsSync("/proc/self/status")) throw new TypeError("Memory is measured on Linux only.");
  const bundles = await bundlePrograms("bench", {
    cli: "kernel-lib/src/cli/main.ts",
    worker: "kernel-lib/src/stages/worker.ts",
  });
  const command = join(bundles, "cli.cjs");
  const rows = [];
  for (const times of [1, TIMES]) {
    const folder = join(scratch, `papers-${times}`);
    mkdirSync(folder);
    for (const paper of papers) for (let i = 0; i < times; i++) copy(paper, folder, i);
    const out = join(scratch, `dataset-${times}`);
    const { mebibytes, seconds } = await peakOf(process.execPath, [command, "ingest", folder, "--out", out]);
    rows.push({ papers: papers.length * times, "peak MiB": mebibytes, seconds });
    for (const done of [folder, out]) rmSync(done, { recursive: true });
  }
  const [once, often] = rows as [(typeof rows)[0], (typeof rows)[0]];
  return {
    title: `Memory of an ingest, with ${TIMES} times the papers`,
    items: `${papers.length} papers`,
    commands: { figloom: "figloom ingest PAPERS --out DATASET; resident memory of all its processes" },
    figures: {
      [`peak with ${TIMES} times the papers, as a multiple`]: often["peak MiB"] / once["peak MiB"],
      "papers a second": often.papers / often.seconds,
    },
    rows,
  };
}

/** The same bytes under another name: a paper of its own. */
function copy({ path }: Source, folder: string, i: number): void {
  const target = join(folder, `copy${i}-${basename(path)}`);
  if (statSync(path).isDirectory()) return cpSync(path, target, { recursive: true });
  try {
    linkSync(path, target);
  } catch {
    cpSync(path, target);
  }
}
