/** Views in a real JupyterLab in Chromium, on datasets of millions of made-up figures, beside what they should take. */
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { findChromium } from "../support/programs.mjs";
import { versionsHere } from "./support/machine.js";
import { measureParts } from "./support/parts.js";
import { type Bench, type Part, versionsText } from "./support/report.js";
import { versionOf } from "./support/timing.js";
import { benchBrushing } from "./views/brushing.js";
import { Datasets } from "./views/datasets.js";
import { benchGallery } from "./views/gallery.js";
import { benchMap } from "./views/map.js";
import { load } from "./views/measured.js";
import { benchOpening } from "./views/opening.js";

const MILLION = 1_000_000;

interface ViewsPart {
  figures: number;
  content: "whole" | "scores";
  run(folder: string, figures: number, rounds: number): Promise<Part>;
}

const PARTS: Record<string, ViewsPart> = {
  gallery: { figures: MILLION, content: "whole", run: benchGallery },
  map: { figures: MILLION, content: "whole", run: benchMap },
  opening: { figures: MILLION, content: "whole", run: benchOpening },
  brushing: { figures: 15.5 * MILLION, content: "scores", run: benchBrushing },
};

const bench: Bench = {
  about: "looks at a million figures in JupyterLab: first pictures, jumps, scrolling, maps, brushing, memory",
  parts: PARTS,
  inJupyterLab: true,
  async run({ datasets, figures, rounds, only, say }) {
    const versions = {
      ...versionsHere(),
      Chromium: (await versionOf((await findChromium()) ?? "chromium")) ?? "not installed",
    };
    say(versionsText(versions));
    const kept = new Datasets(resolve(datasets ?? join(tmpdir(), "figloom-bench-datasets")), say);
    const parts = await measureParts(PARTS, { only, say }, async function* (part) {
      const size = figures ?? part.figures;
      const folder = await kept.of(size, part.content);
      const before = load();
      const measured = await part.run(folder, size, rounds);
      measured.figures = { "load before": before, "load after": load(), ...measured.figures };
      yield measured;
    });
    return { versions, parts };
  },
};
export default bench;
