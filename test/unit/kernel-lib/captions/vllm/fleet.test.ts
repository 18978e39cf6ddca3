import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { setMaxListeners } from "node:events";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { VisionModel } from "../../../../../kernel-lib/src/captions/vision-model.js";
import {
  fleetsFolder,
  readFleets,
  type FleetMember,
} from "../../../../../kernel-lib/src/captions/vllm/fleet/index.js";
import { vllm, type VllmOptions } from "../../../../../kernel-lib/src/captions/vllm/vllm.js";
import { MODEL, serve } from "../../../cluster/mock-server/client.js";
import { prompt } from "../prompts/make.js";
import { figuresIn, newFolder, removeFolders } from "./figures.js";

const SIGNAL = new AbortController().signal;
setMaxListeners(0, SIGNAL);
const models: VisionModel[] = [];
let fleets: string;

beforeEach(() => {
  fleets = mkdtempSync(join(tmpdir(), "figloom-fleets-"));
  vi.stubEnv("FIGLOOM_FLEET", fleets);
  vi.stubEnv("FIGLOOM_ENDPOINTS", "");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(models.splice(0).map((model) => model.close()));
  await removeFolders();
  rmSync(fleets, { recursive: true });
});

function write(fleet: string, members: Partial<FleetMember>[], model = MODEL): void {
  mkdirSync(join(fleets, fleet, "members"), { recursive: true });
  writeFileSync(join(fleets, fleet, "fleet.json"), JSON.stringify({ name: fleet, model, created: "" }));
  members.forEach((member, index) => {
    const whole: FleetMember = {
      ...{ member: `${index}.0`, host: hostname(), pid: 1, beat: 1, status: "serving", note: null },
      ...{ version: null, servers: [], idle: 0, started: 0, ...member },
    };
    writeFileSync(join(fleets, fleet, "members", `${index}.0.json`), JSON.stringify(whole));
  });
}

const up = (...addresses: string[]) => ({
  servers: addresses.map((endpoint) => ({ endpoint, health: "up" })),
});

function open(options: VllmOptions = {}) {
  const said: string[] = [];
  const model = vllm({ shared: false, patience: 0, onWarning: (text) => said.push(text), ...options });
  models.push(model);
  return { model, said };
}

const ready = async (model: VisionModel) => model.ready({ signal: SIGNAL, folder: await newFolder() });

test("without a name the servers of a fleet are asked, those that are gone left out", async () => {
  const [one, other] = [await serve(), await serve()];
  write("mine", [
    up(one.url, "http://127.0.0.1:1"),
    up(other.url),
    { ...up("http://127.0.0.1:2"), status: "left" },
    { ...up("http://127.0.0.1:3"), host: "another-machine" },
  ]);
  const { model, said } = open();
  await ready(model);
  expect(model.name).toBe(MODEL);
  expect(model.servers).toBe(2);
  expect(model.captioner(prompt("id: plain\nabout: A caption.")).concurrency).toBe(1024);
  expect(said).toEqual([]);
});

test("servers that are named go before any fleet", async () => {
  const [named, fleet] = [await serve(), await serve()];
  write("mine", [up(fleet.url)]);
  vi.stubEnv("FIGLOOM_ENDPOINTS", named.url);
  await ready(open().model);
  expect([named.report().requests > 0, fleet.report().requests]).toEqual([true, 0]);
});

test("of several fleets the one that serves the wanted model is asked; without a wish it has to be said", async () => {
  const [one, other] = [await serve(), await serve({ model: "qwen3-vl-235b" })];
  write("small", [up(one.url)]);
  write("large", [up(other.url)], "qwen3-vl-235b");
  const { model } = open({ model: "qwen3-vl-235b" });
  await ready(model);
  expect([one.report().requests, other.report().requests > 0]).toEqual([0, true]);
  await expect(ready(open().model)).rejects.toThrow(
    `Fleets serve several models: name one of them, "qwen3-vl-235b", "${MODEL}", as model.`,
  );
  await expect(ready(open({ model: "third" }).model)).rejects.toThrow('No fleet serves the model "third"');
});

test("without any fleet, or with one that was told to stop, no server is named", async () => {
  const message = /^No server is named: set FIGLOOM_ENDPOINTS=.*figloom fleet start/;
  await expect(ready(open().model)).rejects.toThrow(message);
  write("mine", [up((await serve()).url)]);
  writeFileSync(join(fleets, "mine", "stop"), "");
  await expect(ready(open().model)).rejects.toThrow(message);
  await expect(ready(open({ endpoints: [] }).model)).rejects.toThrow(message);
});

test("a fleet whose members have all left is no fleet, and is said to be none at once", async () => {
  write("mine", [{ ...up("http://127.0.0.1:1"), status: "left" }]);
  await expect(ready(open().model)).rejects.toThrow(
    `The fleet mine (${MODEL}) has no server that answers: figloom fleet status says why`,
  );
});

test("a fleet that is starting is waited for", async () => {
  write("mine", [{ status: "starting" }]);
  const { model, said } = open();
  const waiting = ready(model);
  while (said.length === 0) await sleep(10);
  expect(said).toEqual([`Waiting for the fleet mine (${MODEL}) to start (figloom fleet status says more).`]);
  write("mine", [{ ...up((await serve()).url), beat: 2 }]);
  await waiting;
  expect(model.servers).toBe(1);
});

test("servers that come later join", async () => {
  const early = await serve();
  write("mine", [up(early.url)]);
  const { model } = open();
  const folder = await newFolder();
  await model.ready({ signal: SIGNAL, folder });
  const captioner = model.captioner(prompt("id: plain\nabout: A caption."));
  await captioner.ready!({ signal: SIGNAL, folder });
  const figures = await figuresIn(folder, 4);
  await captioner.caption(figures[0]!, { signal: SIGNAL });

  const late = await serve();
  write("mine", [up(early.url), up(late.url)]);
  await Promise.all(
    figures.map(async (figure) => {
      do await captioner.caption(figure, { signal: SIGNAL });
      while (late.report().requests < 10);
    }),
  );
  expect(model.servers).toBe(2);
});

test("what stands in the folder may be anything", async () => {
  write("good", [up("http://node1:8000")]);
  mkdirSync(join(fleets, "broken", "members"), { recursive: true });
  writeFileSync(join(fleets, "broken", "fleet.json"), "{");
  write("odd", [{ status: "dancing" as "left" }, { servers: "x" as unknown as [] }]);
  writeFileSync(join(fleets, "good", "members", "x.json"), "null");
  const read = readFleets(fleets);
  expect(read.map(({ name, members }) => `${name} ${members.length}`)).toEqual(["good 1", "odd 1"]);
  expect(readFleets(join(fleets, "none"))).toEqual([]);
});

test("the folder of fleets is the nearest one above", () => {
  const inside = join(fleets, "notebooks", "deep");
  mkdirSync(inside, { recursive: true });
  expect(fleetsFolder({}, inside)).toBe(join(inside, ".figloom/fleet"));
  mkdirSync(join(fleets, ".figloom/fleet"), { recursive: true });
  expect(fleetsFolder({}, inside)).toBe(join(fleets, ".figloom/fleet"));
  expect(fleetsFolder({ FIGLOOM_FLEET: "shared" }, inside)).toBe(join(inside, "shared"));
});
