/** Reading papers and drawing their figures, beside pandoc and poppler, and the memory that it takes. */
import { benchMemory } from "./ingest/memory.js";
import { findPapers, type Papers } from "./ingest/papers.js";
import { benchReading } from "./ingest/reading.js";
import { benchRendering } from "./ingest/rendering.js";
import { versionsHere } from "./support/machine.js";
import { inScratch, measureParts } from "./support/parts.js";
import { type Bench, type Part, versionsText } from "./support/report.js";
import { versionOf } from "./support/timing.js";

interface IngestPart {
  /** The program that it is measured beside. */
  beside?: string;
  run(papers: Papers, rounds: number, scratch: string): Promise<Part>;
}

const PARTS: Record<string, IngestPart> = {
  reading: { beside: "pandoc", run: ({ latex }, rounds, scratch) => benchReading(latex, rounds, scratch) },
  rendering: {
    beside: "pdftocairo",
    run: ({ all }, rounds, scratch) => benchRendering(all, rounds, scratch),
  },
  memory: { run: ({ all }, _rounds, scratch) => benchMemory(all, scratch) },
};

const bench: Bench = {
  about: "reads papers, draws their figures, watches the memory; beside pandoc and pdftocairo",
  parts: PARTS,
  async run({ papers: folder, rounds, only, say }) {
    const versions = versionsHere();
    for (const [program, flag] of [["pandoc"], ["pdftocairo", "-v"]] as const)
      versions[program] = (await versionOf(program, flag)) ?? "not installed";
    const papers = await findPapers(folder);
    say(`${versionsText(versions)}\n${papers.all.length} papers of ${papers.from}`);
    const parts = await measureParts(PARTS, { only, say }, async function* (part, name) {
      if (part.beside && versions[part.beside] === "not installed")
        say(`\n${name} is left out: ${part.beside}, which it is measured beside, is not installed.`);
      else yield await inScratch((scratch) => part.run(papers, rounds, scratch));
    });
    return { versions, parts };
  },
};
export default bench;
