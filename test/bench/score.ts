/** Scores by models, beside the reference's libraries: how fast, and whether memory grows. */
import { benchClip } from "./score/clip.js";
import { benchClipMemory } from "./score/clip-memory.js";
import { benchPppl } from "./score/pppl.js";
import { versionsHere } from "./support/machine.js";
import { inScratch, measureParts } from "./support/parts.js";
import { type Bench, type Part, versionsText } from "./support/report.js";

const PARTS: Record<string, (rounds: number, scratch: string, rows?: number) => Promise<Part>> = {
  clip: benchClip,
  "clip-memory": benchClipMemory,
  pppl: benchPppl,
};

const bench: Bench = {
  about: "pictures and captions per second beside transformers and torch (FIGLOOM_BENCH_PYTHON); memory",
  parts: PARTS,
  async run({ rounds, only, figures, say }) {
    const versions = versionsHere();
    say(versionsText(versions));
    const parts = await measureParts(PARTS, { only, say }, async function* (part) {
      yield await inScratch((scratch) => part(rounds, scratch, figures));
    });
    return { versions, parts };
  },
};
export default bench;
