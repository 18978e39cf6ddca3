import { join } from "node:path";
import { identify, liveness, type ProcessIdentity } from "figloom/processes";
import { namesIn } from "figloom/stages";
import type { JobHandle } from "../engine.js";
import { makeFolder, placeFirst, readJson, replaceWhole } from "../run/files.js";
import type { RunFolder } from "../run/places.js";

/**
 * A job that was, or may have been, given to the engine. Written before it is submitted: a submission may be accepted
 * without our hearing of it, and whoever submits may die in between.
 */
export interface JobRecord {
  number: number;
  phase: string;
  /** By which the engine finds it again. */
  name: string;
  /** ISO 8601, for people. */
  at: string;
  /** Who submits it. */
  by: ProcessIdentity;
  /** `null` as long as nobody has heard of its being accepted. */
  handle: JobHandle | null;
  /** It was found that the engine never got it. */
  dropped?: boolean;
}

/** All jobs of a run, in the order in which they were announced. */
export async function readJobs(folder: RunFolder): Promise<JobRecord[]> {
  const names = (await namesIn(folder.jobs)).filter((name) => /^[1-9]\d{0,5}\.json$/.test(name));
  const records = await Promise.all(names.map((name) => readJson(join(folder.jobs, name))));
  return records.filter(isRecord).sort((a, b) => a.number - b.number);
}

/**
 * Says that a job is about to be submitted.
 * @returns `null` where another process has just said so of one of its own
 */
export async function announceJob(folder: RunFolder, run: string, phase: string): Promise<JobRecord | null> {
  await makeFolder(folder.jobs);
  const number = ((await readJobs(folder)).at(-1)?.number ?? 0) + 1;
  const name = `${run}.${phase}.${number}`;
  const by = identify(process.pid)!;
  const record: JobRecord = { number, phase, name, at: new Date().toISOString(), by, handle: null };
  return (await placeFirst(fileOf(folder, record), textOf(record))) ? record : null;
}

/** Writes down what became of a job. */
export const settleJob = (folder: RunFolder, record: JobRecord): Promise<void> =>
  replaceWhole(fileOf(folder, record), textOf(record), { flush: true });

/** Whether its submitter may still be at it. Of another machine's process nothing is known, so it gets some time. */
export function isBeingSubmitted({ by, at }: JobRecord): boolean {
  const lives = liveness(by);
  return lives === "alive" ? by.pid !== process.pid : lives === "elsewhere" && isRecent(at);
}

const PATIENCE_MS = 5 * 60_000;
const isRecent = (at: string): boolean => Math.abs(Date.now() - Date.parse(at)) < PATIENCE_MS;

const fileOf = (folder: RunFolder, { number }: JobRecord): string => join(folder.jobs, `${number}.json`);
const textOf = (record: JobRecord): string => `${JSON.stringify(record, null, 2)}\n`;

function isRecord(raw: unknown): raw is JobRecord {
  const { number, phase, name, at, by, handle } = (raw ?? {}) as Partial<JobRecord>;
  const texts = [phase, name, at].every((text) => typeof text === "string");
  return Number.isInteger(number) && texts && typeof by === "object" && (handle === null || isHandle(handle));
}

function isHandle(raw: unknown): raw is JobHandle {
  const { engine, id, folder } = (raw ?? {}) as Partial<JobHandle>;
  return [engine, id, folder].every((text) => typeof text === "string");
}
