import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, readdir, symlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lockDataset } from "../../../../kernel-lib/src/dataset/lock.js";
import { freshFolder } from "./samples.js";

describe("a dataset's lock", () => {
  it("goes to one of many that ask at once", async () => {
    const folder = await freshFolder();
    const asked = await Promise.allSettled(Array.from({ length: 8 }, () => lockDataset(folder, "ingest")));
    expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const each of asked)
      if (each.status === "fulfilled") await each.value();
      else expect(String(each.reason)).toContain("wait until it ends or stop it");
    expect(await readdir(folder)).toEqual([]);
  });

  it("holds whichever way the folder is reached", async () => {
    const folder = await freshFolder();
    const other = join(await freshFolder(), "link");
    await symlink(folder, other);
    const unlock = await lockDataset(folder, "ingest");
    await expect(lockDataset(other, "score")).rejects.toThrow("is being written by");
    await unlock();
  });

  it("is taken over from a process that is dead", async () => {
    const folder = await freshFolder();
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    const dead = { pid: child.pid, host: hostname(), born: "1", since: "then", work: "ingest" };
    await writeFile(join(folder, "dataset.lock"), JSON.stringify(dead));
    const unlock = await lockDataset(folder, "score");
    expect(JSON.parse(await readFile(join(folder, "dataset.lock"), "utf8"))).toMatchObject({
      pid: process.pid,
    });
    await unlock();
  });

  it("is taken over where another process has the dead one's number", async () => {
    const folder = await freshFolder();
    const reborn = { pid: process.pid, host: hostname(), born: "1", since: "then", work: "ingest" };
    await writeFile(join(folder, "dataset.lock"), JSON.stringify(reborn));
    await (
      await lockDataset(folder, "score")
    )();
  });

  it("that was deleted and taken by another is left to the other", async () => {
    const folder = await freshFolder();
    const unlock = await lockDataset(folder, "ingest");
    const other = { id: "other", pid: 1, host: "elsewhere", born: null, since: "then", work: "ingest" };
    await writeFile(join(folder, "dataset.lock"), JSON.stringify(other));
    await unlock();
    expect(JSON.parse(await readFile(join(folder, "dataset.lock"), "utf8"))).toEqual(other);
  });

  it("of another machine is respected, and the message says how to remove it", async () => {
    const folder = await freshFolder();
    const remote = { pid: 1, host: "elsewhere", born: null, since: "then", work: "ingest" };
    await writeFile(join(folder, "dataset.lock"), JSON.stringify(remote));
    await expect(lockDataset(folder, "score")).rejects.toThrow(
      /process 1 on elsewhere .*delete .*dataset\.lock/,
    );
  });
});
