import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findModel } from "../../../../kernel-lib/src/models/find.js";
import { getModel, type GetOptions } from "../../../../kernel-lib/src/models/get.js";
import { HubServer, type HubFault } from "../../../fixtures/hub-server.js";
import { BERT, CLIP, lay, onOwnMachine } from "./small-models.js";

const machine = onOwnMachine();
const ID = "Xenova/clip-vit-base-patch32";
const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const VISION = "onnx/vision_model.onnx";
/** From somewhere behind the beginning. */
const RESUMED: unknown = expect.stringMatching(/^bytes=[1-9]\d*-$/);
const LARGE = ["onnx/model.onnx", "onnx/text_model.onnx", VISION, "tokenizer.json"];
const buffers = (files: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));

let hub: HubServer;
beforeEach(async () => {
  hub = await HubServer.start();
  process.env["HF_ENDPOINT"] = hub.base;
  const files = {
    ...buffers(CLIP),
    [VISION]: Buffer.alloc(300_000, "vision"),
    "README.md": Buffer.from("no"),
  };
  hub.repositories.set(ID, { commit: COMMIT, files, large: LARGE });
});
afterEach(() => hub.close());

const news: string[] = [];
beforeEach(() => void news.splice(0));

const get = (name = "clip-b32", options: Partial<GetOptions> = {}) =>
  getModel(name, {
    signal: new AbortController().signal,
    silence: 1,
    retries: 1,
    onProgress: () => undefined,
    onNews: (text) => void news.push(text),
    ...options,
  });

const vision = (...faults: HubFault[]) => hub.faults.set(`cdn:/${ID}/${VISION}`, faults);
const filesIn = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

describe("getting a model", () => {
  it("brings the files that are read and no others, and says which commit they are of", async () => {
    const got = await get();
    expect(got).toMatchObject({ name: "clip-b32", id: ID, revision: COMMIT, kind: "clip", reused: false });
    expect(got.folder).toBe(join(machine.models, "clip-b32"));
    expect(await filesIn(got.folder)).toEqual(["figloom-model.json", ...Object.keys(CLIP)].sort());
    expect(got).toMatchObject(await findModel("clip-b32", "clip"));
    const record = JSON.parse(await readFile(join(got.folder, "figloom-model.json"), "utf8")) as object;
    expect(record).toMatchObject({ kind: "clip", id: ID, revision: COMMIT, source: hub.base });
  });

  it("asks nothing of the hub where it is there, unless it is to be had again or of another commit", async () => {
    await get();
    const before = hub.asked.length;
    expect(await get()).toMatchObject({ reused: true, bytes: 0 });
    expect(hub.asked.length).toBe(before);
    expect(await get("clip-b32", { revision: "main" })).toMatchObject({ reused: true });
    const repository = hub.repositories.get(ID)!;
    repository.commit = "1".repeat(40);
    repository.files["config.json"] = Buffer.from('{"model_type":"clip","newer":true}');
    expect(await get("clip-b32", { again: true })).toMatchObject({ reused: false, revision: "1".repeat(40) });
    expect((await readdir(machine.models)).sort()).toEqual([".getting", "clip-b32"]);
    expect(await readdir(join(machine.models, ".getting"))).toEqual(["lock"]);
  });

  it("takes any repository, and finds its kind by its settings", async () => {
    hub.repositories.set("some-lab/bert", { commit: COMMIT, files: buffers(BERT), large: LARGE });
    expect(await get("some-lab/bert")).toMatchObject({ kind: "masked-lm", name: "some-lab/bert" });
    expect(await findModel("some-lab/bert", "masked-lm")).toMatchObject({
      id: "some-lab/bert",
      revision: COMMIT,
    });
    const gpt = { "config.json": Buffer.from('{"model_type":"gpt2"}') };
    hub.repositories.set("some-lab/gpt", { commit: COMMIT, files: gpt, large: [] });
    await expect(get("some-lab/gpt")).rejects.toThrow(
      /some-lab\/gpt is a model of type "gpt2"; there is use for/,
    );
    await expect(get("what?")).rejects.toThrow(
      /"what\?" is no model that can be fetched. Known by name: clip-b32/,
    );
  });

  it("reads the list of files in all its pages", async () => {
    hub.pageSize = 2;
    expect(await get()).toMatchObject({ reused: false });
    expect(hub.asked.filter(({ path }) => path.includes("/tree/")).length).toBe(4);
  });

  it("takes nothing that would lie outside of the model's folder", async () => {
    const evil = { type: "file", oid: "0".repeat(40), size: 3 };
    hub.repositories.get(ID)!.extra = [
      "../evil",
      "onnx/../../evil.onnx",
      "/etc/evil",
      "onnx/evil_model.onnx",
    ].map((path) => ({ ...evil, path }));
    await get();
    expect(hub.asked.some(({ path }) => path.includes("evil"))).toBe(false);
  });

  it("says how many megabytes have come, of how many", async () => {
    hub.repositories.get(ID)!.files[VISION] = Buffer.alloc(3_000_000, "x");
    const seen: string[] = [];
    await get("clip-b32", {
      onProgress: ({ done, reused, total, unit }) => void seen.push(`${done}+${reused} of ${total} ${unit}`),
    });
    expect(seen.at(-1)).toBe("3+0 of 3 MB");
  });
});

describe("what breaks on the way", () => {
  it("is gone on with where it stopped, within a start and by the next one", async () => {
    vision("cut");
    await get();
    expect(hub.ranges(VISION)).toEqual([undefined, RESUMED]);
    expect(news).toEqual([expect.stringMatching(/broke off.*; trying again$/)]);
    await rm(join(machine.models, "clip-b32"), { recursive: true });
    vision("cut", "cut");
    await expect(get()).rejects.toThrow(
      /could not be fetched: .* What was fetched is kept; start the same again/,
    );
    await expect(stat(join(machine.models, "clip-b32"))).rejects.toThrow();
    const before = hub.asked.length;
    expect((await get()).bytes).toBeLessThan(300_000);
    const again = hub.asked.slice(before).map(({ path }) => path);
    for (const whole of ["config.json", "onnx/text_model.onnx"])
      expect(again).not.toContain(`/${ID}/resolve/${COMMIT}/${whole}`);
    expect(hub.ranges(VISION).at(-1)).toEqual(RESUMED);
  });

  it("is asked for again when the server is silent", async () => {
    vision("stall");
    expect(await get()).toMatchObject({ reused: false });
  });

  it("waits as long as a busy server asks", async () => {
    hub.faults.set(`/revision/main`, [{ status: 429, headers: { "retry-after": "1" } }]);
    hub.faults.set(`/tree/${COMMIT}`, [{ status: 429, headers: { ratelimit: '"api";r=0;t=1' } }]);
    const before = performance.now();
    await get();
    expect(performance.now() - before).toBeGreaterThanOrEqual(2000);
    expect(news).toEqual(Array<unknown>(2).fill(expect.stringMatching(/answered 429; trying again$/)));
  });

  it("a server that stays broken is named, and it is no wrong use", async () => {
    hub.faults.set(`/revision/main`, [{ status: 503 }, { status: 503 }]);
    await expect(get()).rejects.toMatchObject({
      name: "Error",
      message: expect.stringMatching(
        /could not be fetched: 127\.0\.0\.1:\d+ answered 503\. What was fetched is kept/,
      ),
    });
  });

  it("ends at once when it is cancelled, and goes on later", async () => {
    vision("stall");
    const control = new AbortController();
    const getting = get("clip-b32", { signal: control.signal, silence: 60 });
    const ended = expect(getting).rejects.toThrow(/abort/i);
    const part = join(machine.models, ".getting", `clip-b32@${COMMIT}`, `${VISION}.part`);
    await expect
      .poll(async () => (await stat(part).catch(() => null))?.size, { timeout: 20_000 })
      .toBe(150_000);
    control.abort();
    await ended;
    await get();
    expect(hub.ranges(VISION).at(-1)).toEqual(RESUMED);
  });
});

describe("what is not what it should be", () => {
  it("other bytes are asked for once more, and are never kept", async () => {
    vision("other-bytes");
    await get();
    expect(news).toEqual([expect.stringMatching(/came with other bytes than .* tells; trying again$/)]);
    await rm(join(machine.models, "clip-b32"), { recursive: true });
    vision("other-bytes", "other-bytes");
    await expect(get()).rejects.toThrow(/vision_model\.onnx came with other bytes than .* tells, twice/);
    expect(await filesIn(join(machine.models, ".getting", `clip-b32@${COMMIT}`))).not.toContain(
      `${VISION}.part`,
    );
  });

  it("small files are compared by Git's digest", async () => {
    const fault: HubFault[] = ["other-bytes", "other-bytes"];
    hub.faults.set(`/cached/${COMMIT}/config.json`, fault);
    await expect(get()).rejects.toThrow(/config\.json came with other bytes/);
  });

  it("a file that is larger than announced is refused", async () => {
    vision("more-bytes");
    await expect(get()).rejects.toThrow(
      /vision_model\.onnx is larger than the 300000 bytes that 127.* tells/,
    );
  });

  it("a list that is none, and one that goes on elsewhere, are refused", async () => {
    const tree = `/tree/${COMMIT}`;
    hub.faults.set(tree, [
      { status: 200, body: "<html>" },
      { status: 200, body: '[{"type":"file"}]' },
    ]);
    await expect(get()).rejects.toThrow(/gave something else than what its API promises/);
    hub.faults.set(tree, [
      { status: 200, body: "[]", headers: { link: '<http://example.org/>; rel="next"' } },
    ]);
    await expect(get()).rejects.toThrow(/continues its list of files at another server/);
  });

  it("a repository without the files says which ones, and one with PyTorch's weights needs a Python", async () => {
    const { files } = hub.repositories.get(ID)!;
    delete files[VISION];
    await expect(get()).rejects.toThrow(/has neither the files .*\(onnx\/vision_model\.onnx\) nor weights/);
    files["model.safetensors"] = Buffer.from("weights");
    await expect(get("clip-b32", { python: "/no/such/python" })).rejects.toThrow(
      /The Python that exports models cannot be started .* Name one that has torch and transformers/,
    );
    expect(hub.asked.some(({ path }) => path.endsWith("model.safetensors"))).toBe(false);
  });

  it("a disk that is too small is told before anything is fetched", async () => {
    hub.repositories.get(ID)!.extra = [
      { type: "file", oid: "0".repeat(40), size: 1e15, path: "onnx/vision_model.onnx_data" },
    ];
    await expect(get()).rejects.toThrow(
      /The disk of .* has [\d,]+ MB left, and 1,000,000,001 MB are to be fetched/,
    );
    expect(hub.asked.some(({ path }) => path.includes("/resolve/"))).toBe(false);
  });

  it("a folder that was put there by hand is left alone", async () => {
    await lay(join(machine.models, "clip-b32"), { "config.json": CLIP["config.json"]!, "mine.txt": "mine" });
    await expect(get()).rejects.toThrow(
      /clip-b32 was put there by hand\. Move it away, or to another name, first/,
    );
    expect(hub.asked).toEqual([]);
  });

  it("a folder that cannot be written is told", async () => {
    await writeFile(machine.models, "no folder");
    await expect(get()).rejects.toThrow(/EEXIST|ENOTDIR/);
  });
});

describe("who may have it", () => {
  it("the token is shown to the hub and to nobody that it sends us to", async () => {
    process.env["HF_TOKEN"] = "hf_secret";
    hub.repositories.get(ID)!.token = "hf_secret";
    await get();
    const shown = (host: string) =>
      new Set(hub.asked.filter((a) => a.host === host).map((a) => a.authorization));
    expect(shown("hub")).toEqual(new Set(["Bearer hf_secret"]));
    expect(shown("cdn")).toEqual(new Set([undefined]));
    expect(
      JSON.stringify(await readFile(join(machine.models, "clip-b32/figloom-model.json"), "utf8")),
    ).not.toContain("hf_secret");
  });

  it("is told what the hub's refusals mean", async () => {
    const refused = (status: number, code?: string) =>
      hub.faults.set("/revision/main", [
        { status, headers: code === undefined ? {} : { "x-error-code": code } },
      ]);
    await expect(get("some-lab/none")).rejects.toThrow(
      /has no some-lab\/none, or only for those with a token/,
    );
    refused(401, "GatedRepo");
    await expect(get()).rejects.toThrow(/agree at .*clip-vit-base-patch32, and set HF_TOKEN/);
    await expect(get("clip-b32", { revision: "v9" })).rejects.toThrow(/has no such revision/);
    process.env["HF_TOKEN"] = "hf_old";
    refused(403, "GatedRepo");
    await expect(get()).rejects.toThrow(/agree at .* with the account of HF_TOKEN/);
    refused(401);
    await expect(get()).rejects.toThrow(/does not take the token in HF_TOKEN/);
    refused(403);
    await expect(get()).rejects.toThrow(/or not for the account of HF_TOKEN/);
    hub.faults.set(`/resolve/${COMMIT}/config.json`, [{ status: 404 }]);
    await expect(get()).rejects.toThrow(/or not the file that was asked for/);
  });

  it("who works offline is not connected, and no token travels unencrypted", async () => {
    process.env["HF_HUB_OFFLINE"] = "1";
    await expect(get()).rejects.toThrow(/HF_HUB_OFFLINE is set, .* figloom models add FOLDER --as NAME/);
    expect(hub.asked).toEqual([]);
    delete process.env["HF_HUB_OFFLINE"];
    process.env["HF_TOKEN"] = "hf_secret";
    process.env["HF_ENDPOINT"] = "http://mirror.example.org";
    await expect(get()).rejects.toThrow(/HF_TOKEN is not sent unencrypted to mirror\.example\.org/);
    process.env["HF_ENDPOINT"] = "mirror";
    await expect(get()).rejects.toThrow(/"mirror" \(HF_ENDPOINT\) is no http or https address/);
  });
});
