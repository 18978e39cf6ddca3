import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ppplScorer, type PpplDetail } from "../../../kernel-lib/src/scores/pppl/pppl.js";
import type { Scorer } from "../../../kernel-lib/src/scores/scorer.js";
import { bundleModelProgram } from "../../support/model-program.js";
import { figureWith, paper } from "../../unit/kernel-lib/captions/papers.js";
import type { Part } from "../support/report.js";
import { median, sum, timed } from "../support/timing.js";
import { children, processorSeconds } from "./processes.js";
import { benchPython, makeModel, Reference } from "./python.js";

const SENTENCES = [
  "Mean energy of the electrons in the thermodynamic model, with error bars (left panel).",
  "The magnetization of each sample is measured at low temperature and shown as solid lines.",
  "Red points are observed spectra, and the blue dashed curve is the best hydrodynamic fit.",
];
/** Sentences of the captions: from raw captions' length to that of new ones. */
const LENGTHS = [1, 2, 1, 3, 5];

const SCHEMES = ["original", "within_word_l2r"] as const;

/** Captions per second under both schemes, with a BERT of SciBERT's width, beside the reference on the same captions. */
export async function benchPppl(rounds: number, scratch: string): Promise<Part> {
  const python = benchPython(["torch", "transformers", "onnx", "onnxruntime"]);
  const model = join(scratch, "bert");
  makeModel(python, "make-bert.py", ["--realistic", model]);
  const captions = LENGTHS.map((count, i) =>
    Array.from({ length: count }, (_, k) => SENTENCES[(i + k) % SENTENCES.length]).join(" "),
  );
  const inputs = join(scratch, "captions.json");
  writeFileSync(inputs, JSON.stringify(captions));

  const signal = new AbortController().signal;
  const scorer = ppplScorer(model, {
    program: await bundleModelProgram("bench"),
    // While the reference is at work it is idle.
    idleSeconds: 3600,
  });
  const before = children();
  await scorer.ready!({ signal, folder: scratch });
  const ours = children().find((pid) => !before.includes(pid))!;
  const reference = await Reference.start(python, "pppl_reference.py", [model, inputs]);
  const counts = await Promise.all(captions.map((caption) => countsOf(scorer, caption, signal)));
  const rows: Row[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const start = [processorSeconds(reference.pid), processorSeconds(ours)] as const;
      const theirs = [await reference.seconds(SCHEMES[0]), await reference.seconds(SCHEMES[1])] as const;
      const own = await timed(() =>
        Promise.all(captions.map((caption) => countsOf(scorer, caption, signal))),
      );
      rows.push({
        "reference original s": theirs[0],
        "reference within_word_l2r s": theirs[1],
        "figloom both s": own / 1000,
        "reference processor s": processorSeconds(reference.pid) - start[0],
        "figloom processor s": processorSeconds(ours) - start[1],
      });
    }
  } finally {
    reference.stop();
    await scorer.close!();
  }
  return partOf(
    rows,
    sum(counts.map(({ tokens }) => tokens)),
    sum(counts.map(({ copies }) => copies)),
    reference,
  );
}

type Row = Record<
  | "reference original s"
  | "reference within_word_l2r s"
  | "figloom both s"
  | "reference processor s"
  | "figloom processor s",
  number
>;

function partOf(rows: Row[], tokens: number, copies: number, { about }: Reference): Part {
  const of = (value: (row: Row) => number) => median(rows.map(value));
  const both = (row: Row) => row["reference original s"] + row["reference within_word_l2r s"];
  return {
    title: "Pseudo-perplexity, BERT of SciBERT's width and vocabulary with 6 layers, random weights",
    items: `${LENGTHS.length} captions of ${tokens} tokens, ${rows.length} rounds, taking turns`,
    commands: {
      reference: `transformers and torch ${about["torch"]} (${about["threads"]} threads); a caption's masked copies as one batch, ${2 * tokens} for both schemes`,
      figloom: `the scorer pppl(): ${copies} masked copies for both schemes, in batches over all captions`,
    },
    figures: {
      "both schemes: times as fast as the reference (median)": of((row) => both(row) / row["figloom both s"]),
      "original alone: times as fast, by time a copy (median)": of(
        (row) => row["reference original s"] / tokens / (row["figloom both s"] / copies),
      ),
      "both schemes: times less processor time (median)": of(
        (row) => row["reference processor s"] / row["figloom processor s"],
      ),
      "reference captions per second, both schemes": LENGTHS.length / of(both),
      "figloom captions per second, both schemes": LENGTHS.length / of((row) => row["figloom both s"]),
    },
    rows,
  };
}

/** Judges it as a raw caption, which is its own matched length. @returns tokens, and masked copies for both schemes */
async function countsOf(
  scorer: Scorer,
  text: string,
  signal: AbortSignal,
): Promise<{ tokens: number; copies: number }> {
  const figure = figureWith({ caption: text });
  const input = { figure, paper, image: null, figure_text: null, caption: "raw", text };
  const { scores } = await scorer.score(input, { signal });
  const { tokens, words } = JSON.parse(scores[0]!.detail!) as PpplDetail;
  return { tokens, copies: tokens + (tokens - words) };
}
