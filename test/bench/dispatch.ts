/** What a run on workers takes beside the same work in one loop, and what it takes to plan millions of figures. */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { VERSION } from "../../kernel-lib/src/version.js";
import { benchCollect } from "./dispatch/collect.js";
import { benchLarge } from "./dispatch/large.js";
import { benchSteps } from "./dispatch/steps.js";
import { benchCaptions, benchIdle } from "./dispatch/work-and-loop.js";
import { type Bench, type BenchOptions, type Part, partText, versionsText } from "./support/report.js";

type Measured = (rounds: number, scratch: string, figures?: number, datasets?: string) => Promise<Part>;
const PARTS: Record<string, Measured> = {
  steps: benchSteps,
  captions: benchCaptions,
  idle: benchIdle,
  collect: benchCollect,
  large: benchLarge,
};

const bench: Bench = {
  about:
    "shards a second and what a figure costs more than in one plain loop; planning and status of large runs",
  parts: PARTS,
  async run({ rounds, only, figures, datasets, say }: BenchOptions) {
    const versions: Record<string, string> = {
      ...{ figloom: VERSION, Node: process.versions.node },
      machine: `${availableParallelism()} × ${cpus()[0]?.model}, load ${loadavg()[0]!.toFixed(1)}`,
    };
    say(versionsText(versions));
    const kept = resolve(datasets ?? join(tmpdir(), "figloom-bench-datasets"));
    const parts: Part[] = [];
    for (const [name, part] of Object.entries(PARTS)) {
      if (only !== undefined && only !== name) continue;
      const scratch = mkdtempSync(join(tmpdir(), "figloom-bench-"));
      try {
        const measured = await part(rounds, scratch, figures, kept);
        say(partText(measured));
        parts.push(measured);
      } finally {
        rmSync(scratch, { recursive: true, force: true });
      }
    }
    return { versions, parts };
  },
};
export default bench;
