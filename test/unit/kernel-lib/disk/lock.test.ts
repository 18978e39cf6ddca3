import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it, vi } from "vitest";
import { namesIn } from "../../../../kernel-lib/src/disk/files.js";
import { lockDataset, tryLock } from "../../../../kernel-lib/src/disk/lock.js";
import {
  forgetEarlier,
  identify,
  type ProcessIdentity,
  takeClaim,
} from "../../../../kernel-lib/src/processes/index.js";
import { freshFolder } from "../../../support/fresh-folder.js";

describe("a dataset's lock", () => {
  it("goes to one of many that ask at once", async () => {
    const folder = await freshFolder();
    const asked = await Promise.allSettled(Array.from({ length: 8 }, () => lockDataset(folder, "ingest")));
    expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const each of asked)
      if (each.status === "fulfilled") await each.value.release();
      else expect(String(each.reason)).toContain("wait until it ends or stop it");
  });

  it("holds whichever way the folder is reached", async () => {
    const folder = await freshFolder();
    const other = join(await freshFolder(), "link");
    await symlink(folder, other);
    const lock = await lockDataset(folder, "ingest");
    await expect(lockDataset(other, "score")).rejects.toThrow("is being written by");
    await lock.release();
  });

  it("can be taken again and again by one process, one after another", async () => {
    const folder = await freshFolder();
    for (const work of ["ingest", "score", "ingest"]) await (await lockDataset(folder, work)).release();
    expect(await readdir(join(folder, "lock"))).toHaveLength(1);
  });

  it("is taken over from a process that is dead", async () => {
    const folder = await freshFolder();
    const claim = await claimOf(folder, { started: "1" });
    const lock = await lockDataset(folder, "score");
    lock.check();
    expect(await readdir(join(folder, "lock"))).not.toContain(claim);
  });

  it("goes to one of many processes that find its holder dead", async () => {
    const folder = await freshFolder();
    await claimOf(folder, { started: "1" });
    const file = await bundled();
    const rivals = Array.from({ length: 6 }, () => spawn(process.execPath, [file, folder]));
    const said = await Promise.all(
      rivals.map(async (rival) => String(((await once(rival.stdout, "data")) as [Buffer])[0]).trim()),
    );
    expect(said.toSorted()).toEqual(["busy", "busy", "busy", "busy", "busy", "mine"]);
    for (const rival of rivals) rival.kill("SIGKILL");
  });

  it("of another machine is respected while that gives signs of life", async () => {
    const folder = await freshFolder();
    await claimOf(folder, { host: "elsewhere", pid: 1 });
    let beat = 0;
    const beats = setInterval(() => writeFileSync(join(folder, "lock", "7.beat"), String(++beat)), 5);
    try {
      const asked = lockDataset(folder, "score", { times: { beatMs: 1000, staleMs: 60_000 } });
      await expect(asked).rejects.toThrow("is being written by process 1 on elsewhere");
    } finally {
      clearInterval(beats);
    }
  });

  it("is taken over from another machine that has become silent, whether that is waited for or asked about", async () => {
    const times = { beatMs: 1000, staleMs: 200 };
    const [waited, asked] = [await freshFolder(), await freshFolder()];
    for (const folder of [waited, asked]) {
      await claimOf(folder, { host: "elsewhere", pid: 1 });
      await writeFile(join(folder, "lock", "7.beat"), "12");
    }
    (await lockDataset(waited, "score", { times })).check();
    expect(await tryLock(asked, "score", times)).toBeNull();
    await vi.waitFor(async () => expect(await tryLock(asked, "score", times)).not.toBeNull(), 10_000);
    expect(await namesIn(join(asked, "lock"))).toEqual(["8.beat", "8.json"]);
  });

  it("can be given up waiting for", async () => {
    const folder = await freshFolder();
    await claimOf(folder, { host: "elsewhere", pid: 1 });
    const stop = new AbortController();
    const asked = lockDataset(folder, "score", { signal: stop.signal });
    stop.abort();
    await expect(asked).rejects.toThrow("abort");
  });

  it("gives signs of life of its own, until it is given back", async () => {
    const folder = await freshFolder();
    const lock = await lockDataset(folder, "score", { times: { beatMs: 5, staleMs: 60_000 } });
    const beat = () => readFileSync(join(folder, "lock", "1.beat"), "utf8");
    const first = beat();
    await vi.waitFor(() => expect(beat()).not.toBe(first), 10_000);
    await lock.release();
    await vi.waitFor(async () => expect(await namesIn(join(folder, "lock"))).toEqual(["1.json"]), 10_000);
  });

  it("is known to be lost by whoever was taken for dead", async () => {
    const folder = await freshFolder();
    const lock = await lockDataset(folder, "score");
    lock.check();
    takenOver(folder);
    expect(() => lock.check()).toThrow("was taken over by another writer");
    await lock.release();
    expect(await namesIn(join(folder, "lock"))).toEqual(["2.json"]);
  });
});

/** Leaves a claim of another process; returns the name of its file. */
async function claimOf(folder: string, other: Partial<ProcessIdentity>): Promise<string> {
  await mkdir(join(folder, "lock"));
  const holder = { ...identify(process.pid)!, since: "then", work: "ingest", ...other };
  await writeFile(join(folder, "lock", "7.json"), JSON.stringify(holder));
  return "7.json";
}

/** What another machine does that has heard nothing of the holder for long. */
function takenOver(folder: string): void {
  const claims = join(folder, "lock");
  forgetEarlier(claims, takeClaim(claims, { work: "score", since: "now" }, 1)!);
}

/** A program that asks for the lock of a folder, says what came of it, and stays. */
async function bundled(): Promise<string> {
  const outfile = join(await freshFolder(), "ask.cjs");
  const source = join(import.meta.dirname, "../../../../kernel-lib/src/disk/lock.ts");
  const contents = `import { lockDataset } from ${JSON.stringify(source)};
    lockDataset(process.argv[2], "score").then(() => console.log("mine"), () => console.log("busy"));
    setInterval(() => {}, 1000);`;
  await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile,
  });
  return outfile;
}
