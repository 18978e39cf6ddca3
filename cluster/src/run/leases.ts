import { randomUUID } from "node:crypto";
import { readlinkSync } from "node:fs";
import { truncate } from "node:fs/promises";
import { basename, join } from "node:path";
import { identify, liveness, type ProcessIdentity } from "figloom/processes";
import { namesIn } from "figloom/stages";
import type { Beats } from "./beats.js";
import { makeFolder, parsed, placeFirst, readText } from "./files.js";

/** Who holds a lease: a process, and the engine's task that it is. */
export interface Holder {
  worker: string;
  job: string;
  task: string;
  /** Times that the task was started again. */
  restart: number;
  host: string;
  pid: number;
  /** ISO 8601, for people: never compared, since clocks differ. */
  at: string;
  /** By which others on the same machine see that it has died; {@link takeLease} fills in its own. */
  process?: ProcessIdentity & { space: string };
  /** Unlike that of any other lease; filled in by {@link takeLease}. */
  claim?: string;
}

/**
 * The right to do something, a shard or the coordinator's duties, that one process has at a time. Leases are files of a
 * folder, numbered from 1 and linked into their place; the highest counts. What comes after it has the next number,
 * which can be taken once: by who takes over, or by the commit of the holder's own work. So of the two one succeeds, and
 * whoever was taken over cannot commit, however late it hears of that.
 *
 * No time and no clock of another machine is ever compared, and a name that a file system's cache does not show yet is
 * found at the latest when the same number is tried.
 */
export interface Lease {
  readonly folder: string;
  /** Fences what the holder writes. */
  readonly number: number;
  readonly holder: Holder;
}

/** A lease was taken over by another process: what its holder still has in hand is the other's by now. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
  constructor(readonly lease: Lease) {
    super(`${basename(lease.folder)} was taken over from ${lease.holder.worker} (lease ${lease.number}).`);
  }
}

/** An error, or where the lease is another's by now the loss: whoever won may have removed what was being read. */
export async function lossOr(lease: Lease, error: unknown): Promise<unknown> {
  return (await holdsLease(lease)) ? error : new LeaseLost(lease);
}

/** What is known of the highest number: who holds it, or what was committed with it, or nothing once it was released. */
export interface Latest {
  number: number;
  holder: Holder | null;
  committed: unknown;
}

/**
 * Takes a lease that nobody holds, or whose holder is gone: it has left, has died on this machine, is an earlier start
 * of the asker's own task, or has been silent for as long as `beats` waits.
 * @returns the lease, or `null` where another holds it, has just taken it, or nothing is left to do
 * @throws {ConfigurationError} where the disk is full, or the file system has no hard links
 */
export async function takeLease(folder: string, self: Holder, beats: Beats): Promise<Lease | null> {
  const latest = await latestLease(folder);
  if (latest?.committed !== undefined) return null;
  if (latest?.holder && !isGone(latest.holder, self, beats)) return null;
  if (!latest) await makeFolder(folder);
  const number = (latest?.number ?? 0) + 1;
  const holder: Holder = { process: ownProcess(), ...self, claim: randomUUID() };
  const lease = { folder, number, holder };
  return (await placeFirst(fileOf(folder, number), JSON.stringify(holder))) ? lease : null;
}

/** Whether it still counts: it was neither followed nor released. */
export async function holdsLease(lease: Lease): Promise<boolean> {
  const [highest] = await numbersIn(lease.folder);
  return highest === lease.number && (await isOurs(lease));
}

/** Lets others take it at once. Needs no room on the disk; what was taken over stays the other's. */
export async function releaseLease(lease: Lease): Promise<void> {
  if (await isOurs(lease)) await truncate(fileOf(lease.folder, lease.number));
}

/** The lease that counts, if there ever was one. */
export async function latestLease(folder: string): Promise<Latest | null> {
  const [number] = await numbersIn(folder);
  if (number === undefined) return null;
  const raw = parsed((await readText(fileOf(folder, number))) ?? "");
  if (typeof raw !== "object" || raw === null) return { number, holder: null, committed: undefined };
  if ("attempt" in raw) return { number, holder: null, committed: raw };
  return { number, holder: holderOf(raw as Record<string, unknown>), committed: undefined };
}

/** The file of a lease, or of the commit that follows the one before it. */
export const fileOf = (folder: string, number: number): string => join(folder, `${number}.json`);

/** Numbers that were taken, the highest first; other files are none of ours. */
export async function numbersIn(folder: string): Promise<number[]> {
  const numbers = (await namesIn(folder)).flatMap((name) => /^([1-9]\d{0,8})\.json$/.exec(name)?.[1] ?? []);
  return numbers.map(Number).sort((a, b) => b - a);
}

async function isOurs({ folder, number, holder }: Lease): Promise<boolean> {
  return (await readText(fileOf(folder, number))) === JSON.stringify(holder);
}

function isGone(holder: Holder, self: Holder, beats: Beats): boolean {
  const isOwnTask = holder.job === self.job && holder.task === self.task;
  if (isOwnTask && holder.restart < self.restart) return true;
  return (holder.process !== undefined && hasDied(holder.process)) || beats.isGone(holder);
}

/** Only of a process that would be seen from here if it lived: other machines may have the same name. */
function hasDied(other: NonNullable<Holder["process"]>): boolean {
  const { boot, space } = ownProcess();
  return other.boot === boot && other.space === space && liveness(other) === "dead";
}

let own: Holder["process"];
const ownProcess = (): NonNullable<Holder["process"]> =>
  (own ??= { ...identify(process.pid)!, space: spaceOfPids() });

/** Pids are good within one of these, see pid_namespaces(7). */
function spaceOfPids(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return process.platform;
  }
}

/** `null` for what is no holder, such as an emptied file or a stranger's. */
function holderOf(raw: Record<string, unknown>): Holder | null {
  const texts = ["worker", "job", "task", "host", "at"].every((name) => typeof raw[name] === "string");
  const numbers = ["restart", "pid"].every((name) => Number.isSafeInteger(raw[name]));
  if (!texts || !numbers) return null;
  const { process } = raw as { process?: Record<string, unknown> };
  const isKnown = ["host", "boot", "started", "space"].every((name) => typeof process?.[name] === "string");
  return { ...(raw as unknown as Holder), ...(!isKnown && { process: undefined }) };
}
