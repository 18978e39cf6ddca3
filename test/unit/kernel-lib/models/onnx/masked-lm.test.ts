import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { withRows } from "../../../../../kernel-lib/src/models/onnx/masked-lm-graph.js";
import type { MaskedCopy } from "../../../../../kernel-lib/src/models/onnx/masked-lm-messages.js";
import { ModelProcess } from "../../../../../kernel-lib/src/models/onnx/process.js";
import { encoded, encodedText } from "../../../../../kernel-lib/src/models/onnx/protobuf.js";
import { bundleModelProgram, MODELS } from "../../../../support/model-program.js";
import { freshFolder } from "../../../../support/fresh-folder.js";

const signal = new AbortController().signal;
const BERT = join(MODELS, "bert");

let program: string;
beforeAll(async () => {
  program = await bundleModelProgram("masked-lm");
});
const opened: ModelProcess<"masked-lm">[] = [];
afterEach(() => opened.splice(0).forEach((one) => one.close()));

function model(folder = BERT): ModelProcess<"masked-lm"> {
  const made = new ModelProcess("masked-lm", folder, { program, threads: 1 });
  opened.push(made);
  return made;
}

/** The tiny BERT with one file changed. */
async function changed(file: string, change: (content: Buffer) => Buffer): Promise<string> {
  const folder = join(await freshFolder(), "bert");
  await cp(BERT, folder, { recursive: true });
  await writeFile(join(folder, file), change(await readFile(join(folder, file))));
  return folder;
}
const replaced = (from: string, to: string) => (content: Buffer) =>
  Buffer.from(content.toString("latin1").replaceAll(from, to), "latin1");

const copies: MaskedCopy[] = [
  { ids: Int32Array.of(2, 60, 4, 70, 3), position: 2, token: 65 },
  { ids: Int32Array.of(2, 4, 3), position: 1, token: 30 },
  { ids: Int32Array.of(2, 50, 51, 52, 53, 54, 4, 4, 3), position: 6, token: 100 },
];

async function logProbabilities(
  of: ModelProcess<"masked-lm">,
  asked: readonly MaskedCopy[],
): Promise<number[]> {
  const reply = await of.ask({ copies: asked }, signal);
  return "logProbabilities" in reply ? [...reply.logProbabilities] : [];
}

describe("a masked language model", () => {
  test("tells how much it reads, and cuts texts into pieces that know their word", async () => {
    const bert = model();
    expect(await bert.load(signal)).toEqual({ room: 62, special: { start: 2, end: 3, mask: 4 }, unknown: 1 });
    const reply = await bert.ask({ texts: ["Neurons, Δ", ""] }, signal);
    expect(reply).toEqual({
      texts: [
        { ids: expect.any(Array) as number[], words: [0, 0, 0, 1, 2] },
        { ids: [], words: [] },
      ],
    });
    expect("texts" in reply && reply.texts[0]!.ids[4]).toBe(1);
  });

  test("says the same of a copy beside longer ones as of it alone", async () => {
    const bert = model();
    const together = await logProbabilities(bert, copies);
    for (const [i, copy] of copies.entries()) {
      const [alone] = await logProbabilities(bert, [copy]);
      expect(together[i]).toBeCloseTo(alone!, 4);
    }
  });

  test("whose last step is another one is computed for all positions, and says the same", async () => {
    const identity = [
      ...encodedText(1, "before"),
      ...encodedText(2, "logits"),
      ...encodedText(4, "Identity"),
    ];
    const folder = await changed("onnx/model.onnx", (content) => {
      const at = content.indexOf("logits");
      const renamed = Buffer.concat([
        content.subarray(0, at),
        Buffer.from("before"),
        content.subarray(at + 6),
      ]);
      return Buffer.concat([renamed, ...encoded(7, ...encoded(1, ...identity))]);
    });
    expect(withRows(await readFile(join(folder, "onnx/model.onnx")))).toBeNull();
    const [whole, rows] = [
      await logProbabilities(model(folder), copies),
      await logProbabilities(model(), copies),
    ];
    for (const [i, value] of rows.entries()) expect(whole[i]).toBeCloseTo(value, 4);
  });

  test.each([
    [
      "without its head",
      "onnx/model.onnx",
      replaced("logits", "hidden"),
      "its head, which predicts masked tokens, is missing",
    ],
    ["that is no ONNX", "onnx/model.onnx", () => Buffer.from("weights, not"), "is damaged, or no ONNX file"],
    [
      "cut off",
      "onnx/model.onnx",
      (content: Buffer) => content.subarray(0, 90_000),
      "is damaged, or no ONNX file",
    ],
    [
      "of other pieces",
      "tokenizer.json",
      replaced('"WordPiece"', '"Unigram"'),
      "does not cut words into WordPieces",
    ],
    [
      "that hides no token",
      "tokenizer_config.json",
      replaced("[MASK]", "[HIDE]"),
      "no token that hides another",
    ],
    [
      "of no length",
      "config.json",
      replaced('"max_position_embeddings": 64', '"max_position_embeddings": -1'),
      "max_position_embeddings",
    ],
  ])("%s is refused with the reason", async (_, file, change, reason) => {
    const folder = await changed(file, change);
    await expect(model(folder).load(signal)).rejects.toThrow(reason);
  });
});
