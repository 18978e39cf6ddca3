import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { ConfigurationError } from "../errors.js";

const NAME = "dataset.lock";

/** Who writes to a dataset. */
interface Holder {
  /** Tells this holding of the lock from every other. */
  id: string;
  pid: number;
  host: string;
  /** Start time of the process as the kernel counts it: tells a process from a later one with the same number. */
  born: string | null;
  since: string;
  /** What it does: `ingest`. */
  work: string;
}

/** Ids of the locks held by this process; one set even where the bundle is loaded twice. */
const held = ((globalThis as Record<symbol, unknown>)[Symbol.for("figloom.locks")] ??=
  new Set<string>()) as Set<string>;

/**
 * Makes this process the only writer of the dataset at `folder`.
 * A lock whose process is dead (killed, machine restarted) is taken over.
 *
 * @returns a function that gives the lock back
 * @throws {ConfigurationError} when another process, or other work in this one, writes to the dataset
 */
export async function lockDataset(folder: string, work: string): Promise<() => Promise<void>> {
  const path = join(folder, NAME);
  const me: Holder = {
    id: randomUUID(),
    pid: process.pid,
    host: hostname(),
    born: born(process.pid),
    since: new Date().toISOString(),
    work,
  };
  const draft = `${path}.${me.id}`;
  await writeFile(draft, JSON.stringify(me));
  try {
    // A hard link appears whole or not at all, and fails where there is one: that is the lock.
    while (!(await linked(draft, path))) {
      const holder = await readHolder(path);
      if (holder && isAlive(holder)) throw new ConfigurationError(busy(folder, holder));
      await takeAway(path, holder, `${draft}.stale`);
    }
  } finally {
    await rm(draft, { force: true });
  }
  held.add(me.id);
  return async () => {
    held.delete(me.id);
    // A user may have deleted it, and somebody else have taken it since.
    if ((await readHolder(path))?.id === me.id) await rm(path, { force: true });
  };
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** `null` where the file is gone or is no lock. */
async function readHolder(path: string): Promise<Holder | null> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Holder;
  } catch {
    return null;
  }
}

function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  if (holder.pid === process.pid && holder.born === born(process.pid)) return held.has(holder.id);
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return holder.born === born(holder.pid);
}

/** Removes a dead lock, unless somebody else has meanwhile replaced it by a live one. */
async function takeAway(path: string, dead: Holder | null, aside: string): Promise<void> {
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const taken = await readHolder(aside);
  if (JSON.stringify(taken) !== JSON.stringify(dead)) await linked(aside, path);
  await rm(aside, { force: true });
}

/** Field 22 of /proc/<pid>/stat, `null` where the system has none. */
function born(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

function busy(folder: string, { pid, host, since, work }: Holder): string {
  const where = host === hostname() ? `process ${pid}` : `process ${pid} on ${host}`;
  const stale =
    host === hostname() ? "" : ` If that machine is down, delete ${join(folder, NAME)} and start again.`;
  return `${folder} is being written by ${where} (${work}, since ${since}); wait until it ends or stop it.${stale}`;
}
