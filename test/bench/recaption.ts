/** Captions from imitation servers: how busy they are kept, what the client takes for it, and whether memory grows. */
import { mkdtempSync, rmSync } from "node:fs";
import { arch, availableParallelism, cpus, platform, tmpdir } from "node:os";
import { join } from "node:path";
import { VERSION } from "../../kernel-lib/src/version.js";
import { benchClientCpu } from "./recaption/client-cpu.js";
import { benchMemory } from "./recaption/memory.js";
import { benchUtilisation } from "./recaption/utilisation.js";
import { type Bench, type Part, partText, versionsText } from "./support/report.js";

const PARTS: Record<string, (rounds: number, scratch: string) => Promise<Part>> = {
  utilisation: (_rounds, scratch) => benchUtilisation(scratch),
  cpu: benchClientCpu,
  memory: (_rounds, scratch) => benchMemory(scratch),
};

const bench: Bench = {
  about: "keeps imitation servers busy, watches processors and memory; beside the openai package",
  parts: PARTS,
  async run({ rounds, only, say }) {
    const versions: Record<string, string> = {
      figloom: VERSION,
      Node: process.versions.node,
      [platform()]: `${arch()}, ${availableParallelism()} processors (${cpus()[0]?.model ?? "unknown"})`,
    };
    say(versionsText(versions));
    const parts: Part[] = [];
    for (const [name, part] of Object.entries(PARTS)) {
      if (only !== undefined && only !== name) continue;
      const scratch = mkdtempSync(join(tmpdir(), "figloom-bench-"));
      try {
        const measured = await part(rounds, scratch);
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
