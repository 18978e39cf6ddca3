/** Captions from imitation servers: how busy they are kept, what the client takes for it, and whether memory grows. */
import { benchClientCpu } from "./recaption/client-cpu.js";
import { benchMemory } from "./recaption/memory.js";
import { benchUtilisation } from "./recaption/utilisation.js";
import { versionsHere } from "./support/machine.js";
import { inScratch, measureParts } from "./support/parts.js";
import { type Bench, type Part, versionsText } from "./support/report.js";

const PARTS: Record<string, (rounds: number, scratch: string) => Promise<Part>> = {
  utilisation: (_rounds, scratch) => benchUtilisation(scratch),
  cpu: benchClientCpu,
  memory: (_rounds, scratch) => benchMemory(scratch),
};

const bench: Bench = {
  about: "keeps imitation servers busy, watches processors and memory; beside the openai package",
  parts: PARTS,
  async run({ rounds, only, say }) {
    const versions = versionsHere();
    say(versionsText(versions));
    const parts = await measureParts(PARTS, { only, say }, async function* (part) {
      yield await inScratch((scratch) => part(rounds, scratch));
    });
    return { versions, parts };
  },
};
export default bench;
