import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { lockDataset } from "../../../../kernel-lib/src/dataset/lock.js";
import { identify, type ProcessIdentity } from "../../../../kernel-lib/src/processes/index.js";
import { freshFolder } from "./samples.js";

describe("a dataset's lock", () => {
  it("goes to one of many that ask at once", async () => {
    const folder = await freshFolder();
    const asked = await Promise.allSettled(Array.from({ length: 8 }, () => lockDataset(folder, "ingest")));
    expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const each of asked)
      if (each.status === "fulfilled") await each.value();
      else expect(String(each.reason)).toContain("wait until it ends or stop it");
  });

  it("holds whichever way the folder is reached", async () => {
    const folder = await freshFolder();
    const other = join(await freshFolder(), "link");
    await symlink(folder, other);
    const unlock = await lockDataset(folder, "ingest");
    await expect(lockDataset(other, "score")).rejects.toThrow("is being written by");
    await unlock();
  });

  it("can be taken again and again by one process, one after another", async () => {
    const folder = await freshFolder();
    for (const work of ["ingest", "score", "ingest"]) await (await lockDataset(folder, work))();
    expect(await readdir(join(folder, "lock"))).toHaveLength(1);
  });

  it("is taken over from a process that is dead", async () => {
    const folder = await freshFolder();
    const claim = await claimOf(folder, { started: "1" });
    await expect(lockDataset(folder, "score")).resolves.toBeTypeOf("function");
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

  it("of another machine is respected, and the message says how to remove it", async () => {
    const folder = await freshFolder();
    const claim = await claimOf(folder, { host: "elsewhere", pid: 1 });
    await expect(lockDataset(folder, "score")).rejects.toThrow(
      new RegExp(`process 1 on elsewhere .*delete .*lock.${claim}`),
    );
  });
});

/** Leaves a claim of another process; returns the name of its file. */
async function claimOf(folder: string, other: Partial<ProcessIdentity>): Promise<string> {
  await mkdir(join(folder, "lock"));
  const holder = { ...identify(process.pid)!, since: "then", work: "ingest", ...other };
  await writeFile(join(folder, "lock", "7.json"), JSON.stringify(holder));
  return "7.json";
}

/** A program that asks for the lock of a folder, says what came of it, and stays. */
async function bundled(): Promise<string> {
  const outfile = join(await freshFolder(), "ask.cjs");
  const source = join(import.meta.dirname, "../../../../kernel-lib/src/dataset/lock.ts");
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
