import { once } from "node:events";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HubServer } from "../../../fixtures/hub-server.js";
import { bundleCommand, run, start } from "../cli/bundle.js";
import { CLIP } from "./small-models.js";

const ID = "Xenova/clip-vit-base-patch32";
const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const VISION = "onnx/vision_model.onnx";

let command: string;
let hub: HubServer;
let home: string;
let models: string;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  command = await bundleCommand();
  hub = await HubServer.start();
  const files = Object.fromEntries(Object.entries(CLIP).map(([path, text]) => [path, Buffer.from(text)]));
  files[VISION] = Buffer.alloc(300_000, "vision");
  hub.repositories.set(ID, { commit: COMMIT, files, large: [VISION] });
  home = await mkdtemp(join(tmpdir(), "figloom-models-"));
  models = join(home, "models");
  env = {
    ...{ HF_ENDPOINT: hub.base, FIGLOOM_MODELS: models, FIGLOOM_CACHE: join(home, "cache") },
    ...{ HF_HUB_CACHE: join(home, "hub"), XDG_DATA_HOME: join(home, "data"), HF_TOKEN: "" },
  };
});
afterAll(async () => {
  await hub.close();
  await rm(home, { recursive: true });
});

/** Starts getting a model whose large file stops in the middle. */
async function startGetting() {
  hub.faults.set(`cdn:/${ID}/${VISION}`, ["stall"]);
  const child = start(command, ["models", "get", "clip-b32"], env);
  let said = "";
  child.stderr!.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const part = join(models, ".getting", `clip-b32@${COMMIT}`, `${VISION}.part`);
  const gathered = async () => (await stat(part).catch(() => null))?.size ?? 0;
  const before = hub.ranges(VISION).length;
  await expect.poll(() => hub.ranges(VISION).length, { timeout: 60_000 }).toBeGreaterThan(before);
  await expect.poll(gathered, { timeout: 60_000 }).toBeGreaterThan(0);
  return { child, ended: once(child, "exit"), said: () => said };
}

describe("figloom models", () => {
  it("get ends at once on Ctrl-C, survives a kill, and goes on where it stopped", async () => {
    const first = await startGetting();
    first.child.kill("SIGINT");
    expect(await first.ended).toEqual([1, null]);
    expect(first.said()).toContain("Cancelled. What was fetched is kept; start the same again to go on.");
    const second = await startGetting();
    expect(hub.ranges(VISION).at(-1)).toMatch(/^bytes=[1-9]/);
    second.child.kill("SIGKILL");
    await second.ended;
    const third = await run(command, ["models", "get", "clip-b32", "some-lab/none", "--json"], env);
    expect(third.code).toBe(2);
    expect(JSON.parse(third.stdout)).toMatchObject({
      models: [{ name: "clip-b32", id: ID, revision: COMMIT, reused: false }],
      failed: [{ name: "some-lab/none", message: expect.stringContaining("has no some-lab/none") as string }],
    });
  });

  it("list and check tell what is there and what is wrong with it", async () => {
    const listed = await run(command, ["models", "list"], env);
    expect(listed).toMatchObject({ code: 0 });
    expect(listed.stdout).toMatch(/^there +clip-b32 .*\n +1 MB, 0123456789ab, /m);
    expect(listed.stdout).toMatch(/^there +ppocr-v4 .*\n +16 MB, 1\.\d+\.\d+, .*ocr-models/m);
    expect(listed.stdout).toMatch(/^missing +scibert .*\n +get it: figloom models get scibert/m);
    expect(listed.stdout.trimEnd().split("\n").at(-1)).toBe(
      `2 models there; folders: ${models}, ${join(env["XDG_DATA_HOME"]!, "figloom", "models")}`,
    );
    await writeFile(join(models, "clip-b32", VISION), Buffer.alloc(300_000, "VISION"));
    const checked = await run(command, ["models", "check"], env);
    expect(checked).toMatchObject({ code: 1 });
    expect(checked.stdout).toMatch(
      /^clip-b32: onnx\/vision_model\.onnx is not what was fetched, 1 MB, sha256 /,
    );
  });
});
