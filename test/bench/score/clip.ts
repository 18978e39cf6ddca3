import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { generator } from "../../../kernel-lib/src/statistics/random.js";
import { localEmbedder } from "../../../kernel-lib/src/scores/clip/local.js";
import { bundleModelProgram } from "../../support/model-program.js";
import type { Part } from "../support/report.js";
import { inLanes, median, timed } from "../support/timing.js";
import { madeCaption, madePictures } from "./inputs.js";
import { children, processorSeconds } from "./processes.js";
import { benchPython, makeModel, Reference } from "./python.js";

const PICTURES = 96;
const CAPTIONS = 192;
/** The reference's batches; ours are of the same size for pictures. */
const BATCH = 16;
/** As many as the scorer asks at once. */
const LANES = 64;
const WORKS = ["images", "texts"] as const;

/** Pictures and captions per second of a CLIP of ViT-B/32's size, beside the reference on the same files. */
export async function benchClip(rounds: number, scratch: string): Promise<Part> {
  const python = benchPython(["torch", "transformers", "onnx", "onnxscript", "PIL"]);
  const model = join(scratch, "clip");
  makeModel(python, "make-clip.py", ["--realistic", model]);
  const random = generator(11);
  const given = {
    images: await madePictures(join(scratch, "pictures"), PICTURES, 1600),
    texts: Array.from({ length: CAPTIONS }, () => madeCaption(random, 10, 120)),
  };
  const inputs = join(scratch, "inputs.json");
  writeFileSync(inputs, JSON.stringify(given));

  const signal = new AbortController().signal;
  const embedder = localEmbedder(model, {
    program: await bundleModelProgram("bench"),
    // Longer than the reference takes for its turn.
    idleSeconds: 3600,
  });
  const before = children();
  await embedder.ready({ signal, folder: scratch });
  const ours = children().find((pid) => !before.includes(pid))!;
  const reference = await Reference.start(python, "clip_reference.py", [model, inputs, String(BATCH)]);
  const work = {
    images: () => inLanes(given.images, LANES, (path) => embedder.image(path, { signal })),
    texts: () => inLanes(given.texts, LANES, (text) => embedder.texts([text], { signal })),
  };
  const seconds: { [what: string]: number[] } = {};
  const took = (what: string, value: number) => (seconds[what] ??= []).push(value);
  try {
    for (let round = -1; round < rounds; round++)
      for (const kind of WORKS) {
        const start = [processorSeconds(reference.pid), processorSeconds(ours)] as const;
        const theirs = await reference.seconds(kind);
        const own = (await timed(work[kind])) / 1000;
        // The first is for warming up.
        if (round < 0) continue;
        took(`${kind} reference`, theirs);
        took(`${kind} figloom`, own);
        took(`${kind} ratio`, theirs / own);
        took(`${kind} reference processor`, processorSeconds(reference.pid) - start[0]);
        took(`${kind} figloom processor`, processorSeconds(ours) - start[1]);
      }
  } finally {
    reference.stop();
    await embedder.close();
  }
  return {
    title: "CLIP of ViT-B/32's size, random weights",
    items: `${PICTURES} plots of up to 1,600 px, ${CAPTIONS} captions of 10 to 120 words, ${rounds} rounds, taking turns`,
    commands: {
      reference: `transformers and torch ${reference.about["torch"]} (${reference.about["threads"]} threads), Pillow; batches of ${BATCH}`,
      figloom: "the embedder of clip(): a process with ONNX Runtime, sharp, Pillow's resize",
    },
    figures: Object.fromEntries(
      WORKS.map((kind) => [
        `${kind}: times as fast as the reference (median)`,
        median(seconds[`${kind} ratio`]!),
      ]),
    ),
    rows: WORKS.map((kind) => {
      const count = given[kind].length;
      const of = (what: string) => median(seconds[`${kind} ${what}`]!);
      const ratios = [...seconds[`${kind} ratio`]!].sort((a, b) => a - b);
      return {
        work: kind,
        "reference per second": count / of("reference"),
        "figloom per second": count / of("figloom"),
        "least ratio": ratios[0]!,
        "most ratio": ratios.at(-1)!,
        "reference processor ms each": (1000 * of("reference processor")) / count,
        "figloom processor ms each": (1000 * of("figloom processor")) / count,
      };
    }),
  };
}
