import { randomUUID } from "node:crypto";
import { linkSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { identify, liveness, type ProcessIdentity } from "./identity.js";

/**
 * Who has something for itself, such as a dataset to write to. Claims are files of one folder, numbered from 1; the
 * highest counts, for as long as its holder lives and has not given it back.
 */
export interface Claim<Note = unknown> {
  number: number;
  /** The process, and what it said of itself; `null` once it has given the claim back. */
  holder: (ProcessIdentity & Note) | null;
}

/** The claim that counts, if there ever was one. */
export function latestClaim<Note>(folder: string): Claim<Note> | undefined {
  const [number] = numbersIn(folder);
  if (number === undefined) return undefined;
  return { number, holder: readHolder<Note>(join(folder, fileOf(number))) };
}

/**
 * Makes this process the holder, until it ends or {@link giveBack gives the claim back}.
 *
 * The highest claim is never removed, only followed by the next number, and while it stands a number can be taken once.
 * So of any number of processes that find the holder dead one succeeds, which removing and remaking a single lock
 * file cannot promise.
 * @param note what others are told about the holder
 * @param silent number of a claim whose holder counts as dead, whatever can be seen of it from here
 * @returns the claim, or nothing when another holds it, or has just taken it
 */
export function takeClaim<Note extends object>(
  folder: string,
  note: Note,
  silent?: number,
): Claim<Note> | undefined {
  const latest = latestClaim<Note>(folder);
  if (latest?.holder && latest.number !== silent && liveness(latest.holder) !== "dead") return undefined;
  const number = (latest?.number ?? 0) + 1;
  const self = identify(process.pid);
  if (!self) throw new Error(`This process (${process.pid}) cannot find its own start time.`);
  const holder = { ...self, ...note };
  const draft = join(folder, `.${randomUUID()}`);
  writeFileSync(draft, JSON.stringify(holder), { flush: true });
  try {
    linkSync(draft, join(folder, fileOf(number)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
    throw error;
  } finally {
    rmSync(draft);
  }
  // Where claims are forgotten, a number may be free since its follower is there.
  if (numbersIn(folder)[0] === number) return { number, holder };
  rmSync(join(folder, fileOf(number)), { force: true });
  return undefined;
}

/** Whether a claim still stands: it was not given back, and nobody who has taken over has {@link forgetEarlier forgotten} it. */
export function stands(folder: string, { number, holder }: Claim): boolean {
  return (
    holder !== null && JSON.stringify(readHolder(join(folder, fileOf(number)))) === JSON.stringify(holder)
  );
}

/** Lets others take over from a process that goes on. It needs no room on the disk. */
export function giveBack(folder: string, claim: Claim): void {
  // A user may have deleted it, and somebody else have taken the number since.
  if (stands(folder, claim)) truncateSync(join(folder, fileOf(claim.number)));
}

/** Removes the claims that were followed by the one given, for folders that see many. */
export function forgetEarlier(folder: string, { number }: Claim): void {
  for (const earlier of numbersIn(folder).filter((each) => each < number))
    rmSync(join(folder, fileOf(earlier)), { force: true });
}

const fileOf = (number: number): string => `${number}.json`;

/** Numbers of the claims, the highest first. */
function numbersIn(folder: string): number[] {
  const numbers = readdirSync(folder).flatMap((name) => /^(\d+)\.json$/.exec(name)?.[1] ?? []);
  return numbers.map(Number).sort((a, b) => b - a);
}

/** `null` for an empty file: a claim that was given back, or removed at this moment. */
function readHolder<Note>(path: string): Claim<Note>["holder"] {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Claim<Note>["holder"];
  } catch {
    return null;
  }
}
