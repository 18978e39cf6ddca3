import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { clipScorer } from "../../../kernel-lib/src/scores/clip/clip.js";
import { localEmbedder } from "../../../kernel-lib/src/scores/clip/local.js";
import { generator } from "../../../kernel-lib/src/statistics/random.js";
import type { ScoreInput } from "../../../kernel-lib/src/scores/scorer.js";
import { bundleModelProgram, MODELS } from "../../support/model-program.js";
import type { Part } from "../support/report.js";
import { inLanes } from "../support/timing.js";
import { madeCaption, madePictures } from "./inputs.js";
import { children, residentMebibytes } from "./processes.js";

const ROWS = 100_000;
const LOOKS = 10;
/** Captions of a figure: one picture is embedded for so many rows. */
const CAPTIONS = 4;
const PICTURES = 64;

/** Memory of this process and of the model's over many captions, with the tiny CLIP of the tests. */
export async function benchClipMemory(_rounds: number, scratch: string, rows = ROWS): Promise<Part> {
  const folder = join(scratch, "dataset");
  mkdirSync(folder);
  const pictures = await madePictures(folder, PICTURES, 320);
  copyFileSync(join(MODELS, "pictures/alpha.png"), pictures[0]!);
  const embedder = localEmbedder(join(MODELS, "clip"), { program: await bundleModelProgram("bench") });
  const scorer = clipScorer(embedder);
  const signal = new AbortController().signal;
  const before = children();
  await scorer.ready!({ signal, folder });
  const model = children().find((pid) => !before.includes(pid))!;
  const looks: Part["rows"] = [];
  const random = generator(17);
  const start = performance.now();
  try {
    for (let look = 1; look <= LOOKS; look++) {
      const from = Math.round(((look - 1) * rows) / LOOKS);
      const some = Array.from({ length: Math.round((look * rows) / LOOKS) - from }, (_, i) => from + i);
      await inLanes(some, scorer.concurrency!, (row) =>
        scorer.score(inputOf(row, pictures, random), { signal }),
      );
      collectGarbage();
      looks.push({
        rows: from + some.length,
        "our heap, MiB": process.memoryUsage().heapUsed / 2 ** 20,
        "our process, MiB resident": residentMebibytes(process.pid),
        "the model's process, MiB resident": residentMebibytes(model),
      });
    }
  } finally {
    await scorer.close!();
  }
  const grown = (column: string): number =>
    (looks.at(-1)![column] as number) / (looks[Math.floor(LOOKS / 5)]![column] as number);
  return {
    title: "Memory over many captions",
    items: `${rows} captions of 10 to 120 words, ${rows / CAPTIONS} pictures of up to 320 px, the tiny CLIP`,
    commands: {
      figloom:
        "clip() without a dataset; resident memory as the system counts it, the heap after garbage was collected",
    },
    figures: {
      "our heap: at the end, as a multiple of that after a fifth": grown("our heap, MiB"),
      "our process: at the end, as a multiple of that after a fifth": grown("our process, MiB resident"),
      "the model's process: at the end, as a multiple of that after a fifth": grown(
        "the model's process, MiB resident",
      ),
      "captions per second": (1000 * rows) / (performance.now() - start),
    },
    rows: looks,
  };
}

function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

function inputOf(row: number, pictures: readonly string[], random: () => number): ScoreInput {
  const number = Math.floor(row / CAPTIONS);
  const text = madeCaption(random, 10, 120);
  const figure = { figure_id: `p#fig${number}`, sha256: `of ${number}`, image_missing: null };
  return {
    figure: figure as ScoreInput["figure"],
    paper: { paper_id: "p", title: null, abstract: null },
    image: pictures[number % pictures.length]!,
    figure_text: null,
    caption: `variant-${row % CAPTIONS}`,
    text,
  };
}
