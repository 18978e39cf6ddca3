/** What a run on workers takes beside the same work in one loop, and what it takes to plan millions of figures. */
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { benchCollect } from "./dispatch/collect.js";
import { benchLarge } from "./dispatch/large.js";
import { benchSteps } from "./dispatch/steps.js";
import { benchCaptions, benchIdle } from "./dispatch/work-and-loop.js";
import { versionsHere } from "./support/machine.js";
import { inScratch, measureParts } from "./support/parts.js";
import { type Bench, type Part, versionsText } from "./support/report.js";

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
  async run({ rounds, only, figures, datasets, say }) {
    const versions = versionsHere();
    say(versionsText(versions));
    const kept = resolve(datasets ?? join(tmpdir(), "figloom-bench-datasets"));
    const parts = await measureParts(PARTS, { only, say }, async function* (part) {
      yield await inScratch((scratch) => part(rounds, scratch, figures, kept));
    });
    return { versions, parts };
  },
};
export default bench;
