/** Scores by models, beside the reference's libraries: how fast, and whether memory grows. */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { VERSION } from "../../kernel-lib/src/version.js";
import { benchClip } from "./score/clip.js";
import { benchClipMemory } from "./score/clip-memory.js";
import { benchPppl } from "./score/pppl.js";
import { type Bench, type Part, partText, versionsText } from "./support/report.js";

const PARTS: Record<string, (rounds: number, scratch: string, rows?: number) => Promise<Part>> = {
  clip: benchClip,
  "clip-memory": benchClipMemory,
  pppl: benchPppl,
};

const bench: Bench = {
  about: "pictures and captions per second beside transformers and torch (FIGLOOM_BENCH_PYTHON); memory",
  parts: PARTS,
  async run({ rounds, only, figures, say }) {
    const versions: Record<string, string> = {
      ...{ figloom: VERSION, Node: process.versions.node },
      machine: `${availableParallelism()} × ${cpus()[0]?.model}, load ${loadavg()[0]!.toFixed(1)}`,
    };
    say(versionsText(versions));
    const parts: Part[] = [];
    for (const [name, part] of Object.entries(PARTS)) {
      if (only !== undefined && only !== name) continue;
      const scratch = mkdtempSync(join(tmpdir(), "figloom-bench-"));
      try {
        const measured = await part(rounds, scratch, figures);
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
