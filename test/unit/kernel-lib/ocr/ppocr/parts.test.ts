import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { filesOf, kindOfModel, ppocrFiles } from "../../../../../kernel-lib/src/models/kinds.js";
import { encoded, encodedText } from "../../../../../kernel-lib/src/models/onnx/protobuf.js";
import { charactersOf } from "../../../../../kernel-lib/src/ocr/ppocr/characters.js";
import { cropOf } from "../../../../../kernel-lib/src/ocr/ppocr/crop.js";
import { decoded } from "../../../../../kernel-lib/src/ocr/ppocr/decode.js";

describe("the files of PP-OCR's models", () => {
  it.each([
    [
      ["ch_PP-OCRv4_det_infer.onnx", "ch_PP-OCRv4_rec_infer.onnx", "ch_ppocr_mobile_v2.0_cls_infer.onnx"],
      { detector: "ch_PP-OCRv4_det_infer.onnx", recogniser: "ch_PP-OCRv4_rec_infer.onnx", characters: null },
    ],
    [
      ["README.md", "det/inference.onnx", "det/inference.yml", "rec/inference.onnx", "rec/inference.yml"],
      { detector: "det/inference.onnx", recogniser: "rec/inference.onnx", characters: "rec/inference.yml" },
    ],
    [
      ["detection.onnx", "ppocr_keys_v1.txt", "recognition.onnx"],
      { detector: "detection.onnx", recogniser: "recognition.onnx", characters: "ppocr_keys_v1.txt" },
    ],
  ])("are known by their names: %j", (paths, files) => {
    expect(kindOfModel(null, paths)).toBe("ppocr");
    expect(ppocrFiles(filesOf("ppocr", paths))).toEqual(files);
  });

  it("must be there, and each once", () => {
    expect(kindOfModel(null, ["det.onnx", "record.onnx", "onnx/model.onnx"])).toBeNull();
    expect(() => ppocrFiles(["det.onnx"])).toThrow("it lacks a recogniser");
    expect(() => ppocrFiles(["a_det.onnx", "b_det.onnx", "rec.onnx"])).toThrow("a_det.onnx, b_det.onnx");
  });
});

describe("characters", () => {
  const none = Buffer.alloc(0);

  it("are read from lines, from PaddleX's settings, or out of the graph", async () => {
    const folder = await mkdtemp(join(tmpdir(), "figloom-characters-"));
    await writeFile(join(folder, "keys.txt"), "'\n \na\n\u3000\n");
    expect(await charactersOf(folder, "keys.txt", none)).toEqual(["'", " ", "a", "\u3000"]);
    const yml =
      "Global:\n  model_name: r\nPostProcess:\n  name: CTCLabelDecode\n  character_dict: ['0', 1, ~, no]\n";
    await writeFile(join(folder, "inference.yml"), yml);
    expect(await charactersOf(folder, "inference.yml", none)).toEqual(["0", "1", "~", "no"]);
    const entry = [...encodedText(1, "character"), ...encodedText(2, "x\ny\n")];
    const graph = Buffer.concat([...encodedText(2, "paddle2onnx"), ...encoded(14, ...entry)]);
    expect(await charactersOf(folder, null, graph)).toEqual(["x", "y"]);
    await expect(charactersOf(folder, null, none)).rejects.toThrow("its characters are missing");
  });

  it("are read within limits", async () => {
    const folder = await mkdtemp(join(tmpdir(), "figloom-characters-"));
    await writeFile(join(folder, "keys.txt"), "a\n".repeat(100_001));
    await expect(charactersOf(folder, "keys.txt", none)).rejects.toThrow("100001 entries");
    await writeFile(join(folder, "keys.txt"), "a\n".repeat(2.5 * 2 ** 20));
    await expect(charactersOf(folder, "keys.txt", none)).rejects.toThrow("too much");
  });
});

it("of each step the surest character counts, repeated ones once, and blanks part doubled letters", () => {
  const step = (best: number, sure: number) =>
    Array.from({ length: 3 }, (_, i) => (i === best ? sure : (1 - sure) / 2));
  const steps = [step(1, 0.9), step(1, 0.6), step(0, 1), step(1, 0.7), step(2, 0.8)];
  const { text, confidence } = decoded(Float32Array.from(steps.flat()), steps.length, ["o", "k"]);
  expect(text).toBe("ook");
  expect(confidence).toBeCloseTo((0.9 + 0.7 + 0.8) / 3, 6);
  expect(decoded(Float32Array.from(step(0, 1)), 1, ["o", "k"])).toEqual({ text: "", confidence: 0 });
});

it("a line is cut out so that it runs to the right, blue before red", () => {
  // Two columns, red on blue: upwards, blue comes first.
  const [red, blue] = [
    [255, 0, 0],
    [0, 0, 255],
  ];
  const picture = {
    width: 2,
    height: 4,
    data: Uint8Array.from([red, red, red, red, blue, blue, blue, blue].flat()),
  };
  const line = { x: 1, y: 2, width: 4, height: 2, angle: 270 };
  const { width, height, data } = cropOf(picture, line, 2, 100);
  expect([width, height]).toEqual([4, 2]);
  const plane = (c: number) => [...data.subarray(c * 8, c * 8 + 4)];
  expect(plane(0)).toEqual([1, 1, -1, -1]);
  expect(plane(1)).toEqual([-1, -1, -1, -1]);
  expect(plane(2)).toEqual([-1, -1, 1, 1]);
  expect(cropOf(picture, { ...line, width: 1000 }, 2, 50).width).toBe(50);
});
