import { execFileSync } from "node:child_process";
import { mkdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { CATALOGUE } from "../../../../kernel-lib/src/models/catalogue.js";
import { findModel } from "../../../../kernel-lib/src/models/find.js";
import { writeRecord } from "../../../../kernel-lib/src/models/record.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { BERT, CLIP, lay, onOwnMachine } from "./small-models.js";

const machine = onOwnMachine();
const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const OLDER = "1123456789abcdef0123456789abcdef01234567";
const snapshot = (id: string, commit: string) =>
  join(machine.hub, `models--${id.replace("/", "--")}`, "snapshots", commit);

describe("finding a model", () => {
  it("takes a short name, a repository or a path, out of any of the folders, the first one first", async () => {
    const second = await freshFolder();
    process.env["FIGLOOM_MODELS"] = [machine.models, second].join(delimiter);
    const short = await lay(join(second, "clip-b32"), CLIP);
    const repository = await lay(join(machine.own, "some-lab", "bert-x"), BERT);
    expect(await findModel("clip-b32", "clip")).toMatchObject({ name: "clip-b32", folder: short });
    expect(await findModel("Xenova/clip-vit-base-patch32", "clip")).toMatchObject({
      name: "clip-b32",
      folder: short,
    });
    expect(await findModel("some-lab/bert-x", "masked-lm")).toMatchObject({
      name: "some-lab/bert-x",
      folder: repository,
    });
    expect(await findModel(short, "clip")).toMatchObject({ name: "clip-b32", folder: short });
    const first = await lay(join(machine.models, "clip-b32"), CLIP);
    expect((await findModel("clip-b32", "clip")).folder).toBe(first);
  });

  it("says of files that were put there by hand that they are local, and gives the digest of sha256sum", async () => {
    const folder = await lay(join(machine.models, "clip-b32"), { ...CLIP, "README.md": "no part of it" });
    const found = await findModel("clip-b32", "clip");
    expect(found).toMatchObject({ kind: "clip", id: "clip-b32", revision: "local" });
    const files = Object.keys(CLIP).sort().join(" ");
    const sum = execFileSync("sh", ["-c", `sha256sum ${files} | sha256sum`], { cwd: folder }).toString();
    expect(found.sha256).toBe(sum.slice(0, 64));
  });

  it("counts weights that stand beside their graph", async () => {
    const folder = await lay(join(machine.models, "clip-b32"), CLIP);
    const before = (await findModel(folder, "clip")).sha256;
    await lay(folder, { "onnx/vision_model.onnx_data": "more weights", "onnx/model.onnx": "not read" });
    expect((await findModel(folder, "clip")).sha256).not.toBe(before);
  });

  it("sees a file that was changed, and one whose time alone was changed is the same", async () => {
    const folder = await lay(join(machine.models, "clip-b32"), CLIP);
    const { sha256 } = await findModel("clip-b32", "clip");
    await utimes(join(folder, "config.json"), 1e9, 1e9);
    expect((await findModel("clip-b32", "clip")).sha256).toBe(sha256);
    await writeFile(join(folder, "onnx/text_model.onnx"), "TEXT weights");
    await utimes(join(folder, "onnx/text_model.onnx"), 1e9, 1e9);
    expect((await findModel("clip-b32", "clip")).sha256).not.toBe(sha256);
  });

  it("reads the hub's cache, the state of its branch main first, and knows repository and commit", async () => {
    const id = "Xenova/clip-vit-base-patch32";
    const blobs = await lay(join(machine.hub, "blobs"), { text: "text weights" });
    for (const commit of [COMMIT, OLDER]) await lay(snapshot(id, commit), CLIP);
    const linked = join(snapshot(id, OLDER), "onnx/text_model.onnx");
    await rm(linked);
    await symlink(join(blobs, "text"), linked);
    await lay(join(machine.hub, "models--Xenova--clip-vit-base-patch32"), { "refs/main": OLDER });
    expect(await findModel("clip-b32", "clip")).toMatchObject({
      name: "clip-b32",
      id,
      revision: OLDER,
      folder: snapshot(id, OLDER),
    });
  });

  it("passes over a part in the hub's cache that others have needed", async () => {
    await lay(snapshot("Xenova/clip-vit-base-patch32", COMMIT), { "config.json": CLIP["config.json"]! });
    await expect(findModel("clip-b32", "clip")).rejects.toThrow(/"clip-b32" is not on this machine/);
  });

  it("takes repository and commit from the record, and refuses files that are others than it tells of", async () => {
    const folder = await lay(join(machine.models, "clip-b32"), CLIP);
    const record = {
      version: 1 as const,
      kind: "clip" as const,
      id: "Xenova/clip-vit-base-patch32",
      revision: COMMIT,
      source: "https://huggingface.co",
      date: "2026-01-01T00:00:00Z",
      files: { "config.json": { bytes: 1, sha256: "0".repeat(64) } },
    };
    await writeRecord(folder, record);
    await expect(findModel("clip-b32", "clip")).rejects.toThrow(
      /clip-b32\/config\.json is not the file that was fetched.* Get it again: figloom models get clip-b32/,
    );
    await writeRecord(folder, { ...record, files: {} });
    expect(await findModel(folder, "clip")).toMatchObject({ id: record.id, revision: COMMIT });
    await writeFile(join(folder, "figloom-model.json"), '{"version":1,"kind":"clip"}');
    await expect(findModel("clip-b32", "clip")).rejects.toThrow(/figloom-model\.json cannot be read/);
  });
});

describe("a model that cannot be used", () => {
  it("that is missing is told with the command that gets it and its size", async () => {
    await expect(findModel("clip-b32", "clip")).rejects.toMatchObject({
      name: "ConfigurationError",
      message:
        'The model "clip-b32" is not on this machine. Get it: figloom models get clip-b32 (about 608 MB), or set FIGLOOM_MODELS to a folder that has it.',
    });
    await expect(findModel("scibert", "masked-lm")).rejects.toThrow(
      /figloom models get scibert \(about \d+ MB, and a Python with torch and transformers\)/,
    );
    await expect(findModel("some-lab/x", "clip")).rejects.toThrow("figloom models get some-lab/x,");
    await expect(findModel("mine", "clip")).rejects.toThrow(
      /Known by name: clip-b32, .* figloom models add FOLDER --as mine/,
    );
    const folder = join(machine.models, "nothing", "here");
    await expect(findModel(folder, "clip")).rejects.toThrow(`There is no model in the folder ${folder}.`);
  });

  it("that is half there is told with what is missing", async () => {
    const folder = await lay(join(machine.models, "clip-b32"), CLIP);
    await rm(join(folder, "onnx/vision_model.onnx"));
    await mkdir(join(folder, "onnx/vision_model.onnx"));
    await expect(findModel("clip-b32", "clip")).rejects.toThrow(
      `${folder} is no whole model: onnx/vision_model.onnx is missing, which a CLIP or SigLIP needs. Get it: figloom models get clip-b32`,
    );
  });

  it("that is of another kind is refused by what its settings say", async () => {
    const bert = await lay(join(machine.models, "some-bert"), { ...CLIP, ...BERT });
    await expect(findModel(bert, "clip")).rejects.toThrow(
      /config\.json tells of a model of type "bert"; a CLIP or SigLIP is needed \(clip, siglip, siglip2\)/,
    );
    await expect(findModel("scibert", "clip")).rejects.toThrow(
      'The model "scibert" is a masked language model, not a CLIP or SigLIP.',
    );
    await lay(bert, { "config.json": "[" });
    await expect(findModel(bert, "masked-lm")).rejects.toThrow(/config\.json cannot be read/);
    await lay(bert, { "config.json": "null" });
    await expect(findModel(bert, "masked-lm")).rejects.toThrow(/config\.json names no type/);
  });

  it("names that lead out of the models' folders are none", async () => {
    await lay(join(machine.models, "..", "outside"), CLIP);
    for (const name of ["../outside", "Xenova/../../outside", "a--b/c"])
      await expect(findModel(name, "clip"), name).rejects.toThrow(/There is no model in the folder/);
  });
});

it("the catalogue's names and repositories are all different", () => {
  const names = CATALOGUE.flatMap(({ name, id }) => [name, id]);
  expect(new Set(names).size).toBe(names.length);
});
