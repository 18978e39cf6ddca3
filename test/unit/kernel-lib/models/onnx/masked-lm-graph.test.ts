import { readFileSync } from "node:fs";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { POSITIONS, withRows } from "../../../../../kernel-lib/src/models/onnx/masked-lm-graph.js";
import { encoded, encodedText, fieldsOf } from "../../../../../kernel-lib/src/models/onnx/protobuf.js";
import { MODELS } from "../../../../support/model-program.js";

const file = join(MODELS, "bert/onnx/model.onnx");
const model = readFileSync(file);

const ids = (rows: number, length: number) =>
  BigInt64Array.from({ length: rows * length }, (_, i) => BigInt(5 + ((i * 37) % 200)));

describe("a masked language model with rows", () => {
  test("gives for the positions that are asked for what the whole one gives there", async () => {
    const rows = withRows(model)!;
    const [plain, edited] = [await InferenceSession.create(file), await InferenceSession.create(rows)];
    const shape = [3, 17];
    const feeds = {
      input_ids: new Tensor("int64", ids(3, 17), shape),
      attention_mask: new Tensor("int64", new BigInt64Array(51).fill(1n), shape),
      token_type_ids: new Tensor("int64", new BigInt64Array(51), shape),
    };
    const asked = [
      [0, 1],
      [2, 16],
      [2, 4],
      [1, 0],
    ] as const;
    const positions = new Tensor("int64", BigInt64Array.from(asked.flat(), BigInt), [asked.length, 2]);
    const all = (await plain.run(feeds))["logits"]!;
    const some = (await edited.run({ ...feeds, [POSITIONS]: positions }))["logits"]!;
    const size = all.dims[2]!;
    expect(some.dims).toEqual([asked.length, size]);
    const expected = asked.flatMap(([row, at]) => [
      ...(all.data as Float32Array).slice((row * 17 + at) * size, (row * 17 + at + 1) * size),
    ]);
    const made = some.data as Float32Array;
    expect(made.length).toBe(expected.length);
    for (const [i, value] of expected.entries()) expect(Math.abs(made[i]! - value)).toBeLessThan(1e-4);
  });

  test("is not made where the last step is no comparison with a vocabulary, or there is none", () => {
    const text = model.toString("latin1");
    const renamed = (from: string, to: string) => Buffer.from(text.replaceAll(from, to), "latin1");
    expect(withRows(renamed("logits", "hidden"))).toBeNull();
    expect(withRows(renamed("decoder/MatMul_output_0", "another/MatMul_output_0"))).not.toBeNull();
    const node = encoded(
      1,
      ...encodedText(1, "a"),
      ...encodedText(2, "logits"),
      ...encodedText(4, "Identity"),
    );
    expect(withRows(Buffer.concat(encoded(7, ...node)))).toBeNull();
    expect(withRows(Buffer.alloc(0))).toBeNull();
  });

  test("is not made of a file that is cut off or no ONNX", () => {
    expect(() => withRows(model.subarray(0, model.length / 2))).toThrow(RangeError);
    expect(() => withRows(Buffer.from("not at all a model"))).toThrow(RangeError);
  });
});

describe("fields of a protobuf message", () => {
  test("are those that were encoded, each with its value", () => {
    const long = "x".repeat(300);
    const message = Buffer.concat([...encodedText(1, "one"), ...encodedText(300, long), ...encoded(2)]);
    const fields = [...fieldsOf(message)].map(({ number, from, end }) => [
      number,
      message.toString("utf8", from, end),
    ]);
    expect(fields).toEqual([
      [1, "one"],
      [300, long],
      [2, ""],
    ]);
  });
});
