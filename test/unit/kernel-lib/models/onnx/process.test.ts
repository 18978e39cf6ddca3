import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { ModelProcess, type ModelProcessOptions } from "../../../../../kernel-lib/src/models/onnx/process.js";
import { bundlePrograms } from "../../../../support/bundle-programs.js";
import { bundleModelProgram, MODELS } from "../../../../support/model-program.js";
import { freshFolder } from "../../../../support/fresh-folder.js";

let program: string;
beforeAll(async () => {
  program = await bundleModelProgram("process");
});

const signal = new AbortController().signal;
const opened: ModelProcess<"clip">[] = [];
afterEach(() => opened.splice(0).forEach((one) => one.close()));

function clip(folder = join(MODELS, "clip"), options: ModelProcessOptions = {}): ModelProcess<"clip"> {
  const made = new ModelProcess("clip", folder, { program, threads: 1, ...options });
  opened.push(made);
  return made;
}

/** A copy of the tiny CLIP that may be spoilt. */
async function copy(): Promise<string> {
  const folder = join(await freshFolder(), "copy");
  await cp(join(MODELS, "clip"), folder, { recursive: true });
  return folder;
}

describe("a model's process", () => {
  test("loads the model once, answers several questions at the same time, and starts anew after it was closed", async () => {
    const model = clip();
    expect(await model.load(signal)).toEqual({ limit: 77, dimensions: 24 });
    const answers = await Promise.all([
      model.ask({ texts: ["one", "two"] }, signal),
      model.ask({ images: [join(MODELS, "pictures/lines.png"), "/nowhere.png"] }, signal),
    ]);
    expect(answers).toMatchObject([
      { texts: [{ tokens: 2, cut: 0 }, { cut: 0 }] },
      {
        images: [expect.any(Float32Array), { unreadable: expect.stringContaining("/nowhere.png") as string }],
      },
    ]);
    model.close();
    expect(await model.ask({ texts: ["one"] }, signal)).toMatchObject({ texts: [{ tokens: 2 }] });
  });

  test("tells who waits when it is ended, and goes at once when nobody waits any more", async () => {
    const model = clip();
    await model.load(signal);
    const controller = new AbortController();
    const long = Array.from({ length: 5000 }, (_, i) => `a long text of number ${i} `.repeat(20));
    const [first, second] = [
      model.ask({ texts: long }, controller.signal),
      model.ask({ texts: long }, controller.signal),
    ];
    controller.abort(new Error("enough"));
    await expect(first).rejects.toThrow("enough");
    await expect(second).rejects.toThrow("enough");
    const third = model.ask({ texts: long }, signal);
    model.close();
    await expect(third).rejects.toThrow("closed");
  });

  test("ends when nobody asks for a while", async () => {
    const model = clip(undefined, { idleSeconds: 0 });
    const before = children();
    await model.load(signal);
    const [child] = children().filter((pid) => !before.includes(pid));
    await vi.waitFor(() => expect(child === undefined || stands(child)).toBe(false), { timeout: 30_000 });
    expect(await model.ask({ texts: ["again"] }, signal)).toBeTruthy();
  });

  test("ends with its parent, also when that is killed", async () => {
    const folder = await bundlePrograms("model-parent", {
      model: "kernel-lib/src/models/onnx/program.ts",
      parent: "test/unit/kernel-lib/models/onnx/parent-program.ts",
    });
    const parent = spawn(process.execPath, [join(folder, "parent.cjs"), join(MODELS, "clip")], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const child = await new Promise<number>((resolve) =>
      parent.stdout.once("data", (line: Buffer) => resolve(Number(line))),
    );
    expect(existsSync(`/proc/${child}`)).toBe(true);
    parent.kill("SIGKILL");
    await vi.waitFor(() => expect(stands(child)).toBe(false), { timeout: 30_000 });
  });
});

describe("a model that cannot be used stops everything with a plain sentence:", () => {
  test.each<[string, (folder: string) => Promise<void>, string]>([
    [
      "a file that is no model",
      (folder) => writeFile(join(folder, "onnx/text_model.onnx"), "no model"),
      "Protobuf parsing failed.",
    ],
    [
      "half a model",
      async (folder) => {
        const file = join(folder, "onnx/vision_model.onnx");
        await writeFile(file, (await readFile(file)).subarray(0, 60_000));
      },
      "Protobuf parsing failed.",
    ],
    [
      "weights that are to be read from outside of its folder",
      (folder) => cp(join(MODELS, "reads-outside.onnx"), join(folder, "onnx/vision_model.onnx")),
      "External data path escapes model directory",
    ],
    ["a missing tower", (folder) => rm(join(folder, "onnx/vision_model.onnx")), "vision_model.onnx"],
    [
      "another kind of model",
      (folder) => writeFile(join(folder, "config.json"), JSON.stringify({ model_type: "bert" })),
      'it is of the type "bert", and neither a CLIP nor a SigLIP',
    ],
    [
      "a text tower in the place of the other",
      (folder) => cp(join(folder, "onnx/text_model.onnx"), join(folder, "onnx/vision_model.onnx")),
      "input_ids",
    ],
    [
      "towers of two models",
      (folder) => cp(join(MODELS, "siglip/onnx/vision_model.onnx"), join(folder, "onnx/vision_model.onnx")),
      "its towers do not belong together",
    ],
    [
      "settings that are no JSON",
      (folder) => writeFile(join(folder, "preprocessor_config.json"), "{"),
      "no JSON",
    ],
    [
      "a tokenizer that is none",
      (folder) => writeFile(join(folder, "tokenizer.json"), "[1]"),
      "cannot be used",
    ],
  ])("%s", async (_name, spoil, words) => {
    const folder = await copy();
    await spoil(folder);
    const refusal = await clip(folder)
      .load(signal)
      .catch((error: Error) => error);
    expect(refusal).toMatchObject({
      name: "ConfigurationError",
      message: expect.stringContaining(`The model in ${folder} cannot be used: `) as string,
    });
    expect(refusal).toMatchObject({ message: expect.stringContaining(words) as string });
  });

  test("a device that is not there, with nothing in its place", async () => {
    await expect(clip(undefined, { device: "cuda" }).load(signal)).rejects.toMatchObject({
      name: "ConfigurationError",
      message: expect.stringContaining("ONNX Runtime's libraries for CUDA") as string,
    });
  });

  test("a program that dies over it", async () => {
    const folder = await freshFolder();
    await writeFile(join(folder, "dies.cjs"), "process.on('message', () => process.abort());");
    await expect(clip(undefined, { program: join(folder, "dies.cjs") }).load(signal)).rejects.toMatchObject({
      name: "ConfigurationError",
      message: expect.stringContaining("SIGABRT") as string,
    });
  });
});

const stands = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};

const children = (): number[] =>
  readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8")
    .split(" ")
    .filter(Boolean)
    .map(Number);
