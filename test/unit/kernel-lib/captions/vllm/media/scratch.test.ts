import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Scratch } from "../../../../../../kernel-lib/src/captions/vllm/media/scratch.js";
import { identify, type ProcessIdentity } from "../../../../../../kernel-lib/src/processes/index.js";

let dataset: string;
beforeEach(async () => {
  dataset = await mkdtemp(join(tmpdir(), "figloom-scratch-"));
});
afterEach(() => rm(dataset, { recursive: true, force: true }));

/** What a process leaves when it is killed. */
async function left(name: string, holder: ProcessIdentity | string): Promise<string> {
  const folder = join(dataset, "media", name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "process.json"), typeof holder === "string" ? holder : JSON.stringify(holder));
  await writeFile(join(folder, "0-picture.png"), "bytes");
  return folder;
}

const longAgo = (path: string) => utimes(path, new Date(2020, 1), new Date(2020, 1));

it("removes what killed processes left, and nothing of those that live", async () => {
  const killed = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  const dead = identify(killed.pid!)!;
  killed.kill("SIGKILL");
  await once(killed, "exit");
  await left("dead", dead);
  await longAgo(await left("alive", identify(process.pid)!));
  await left("elsewhere", { ...dead, host: "another-machine" });
  await longAgo(await left("elsewhere-long-ago", { ...dead, host: "another-machine" }));
  await left("being-made", "");
  await longAgo(await left("never-made", ""));

  const scratch = new Scratch(dataset);
  const path = await scratch.write("picture.png", Buffer.from("bytes"));
  const names = await readdir(join(dataset, "media"));
  expect(names.filter((name) => !path.includes(name)).sort()).toEqual(["alive", "being-made", "elsewhere"]);
  await scratch.close();
  expect(await readdir(join(dataset, "media"))).toHaveLength(3);
});

it("a dataset that nothing is written for has no such folder", async () => {
  await new Scratch(dataset).close();
  expect(await readdir(dataset)).toEqual([]);
});

it("says what to do where it may not write", async () => {
  await writeFile(join(dataset, "media"), "a file in its place");
  await expect(new Scratch(dataset).write("picture.png", Buffer.from("bytes"))).rejects.toThrow(/media/);
});
