import type { LogPart, TaskStatus } from "../engine.js";
import { ConfigurationError } from "figloom/errors";
import type { RunLog } from "figloom";
import { namesIn } from "figloom/stages";
import { join } from "node:path";
import { readWorkers } from "../run/beats.js";
import { isRecord, text } from "../run/raw.js";
import { readJson } from "../run/files.js";
import type { Launched } from "./read.js";
import { adoptJobs } from "./submit.js";
import { trustedEngine } from "./trust.js";

/** Bytes of a log's end that are shown. */
const END = 64 * 1024;

/** A task, and why its log is asked for. */
interface Asked {
  job: string;
  task: string;
  why: string;
}

/**
 * The ends of logs: of a task, or of all that had a shard, newest first. A shard's name may be given with or without its
 * phase (`2-score/00000007`) and its zeros.
 * @throws {ConfigurationError} where nobody had it, or there is no such task
 */
export async function logsOf(launched: Launched, of: { shard?: string; task?: string }): Promise<RunLog[]> {
  const { folder, plan } = launched;
  const engine = await trustedEngine(launched);
  const jobs = await adoptJobs(folder, engine);
  const asked =
    of.shard === undefined
      ? jobs.map(({ handle }) => ({ job: handle.id, task: of.task ?? "", why: `task ${of.task}` }))
      : await holdersOf(launched, of.shard);
  const logs: RunLog[] = [];
  const seen = new Set<string>();
  for (const { job, task, why } of asked.reverse()) {
    const record = jobs.find(({ handle }) => handle.id === job);
    const key = `${job} ${task}`;
    if (!record || seen.has(key) || !(await hasTask(engine.status(record.handle), task))) continue;
    seen.add(key);
    const end = (stream: "stdout" | "stderr") =>
      engine.logs(record.handle, task, { stream, from: -END, limit: END });
    const [stdout, stderr] = await Promise.all([end("stdout"), end("stderr")]);
    logs.push({ phase: record.phase, task, why, stdout: wholeLines(stdout), stderr: wholeLines(stderr) });
  }
  if (logs.length > 0) return logs;
  throw new ConfigurationError(
    of.shard === undefined
      ? `${plan.run} has no task ${JSON.stringify(of.task ?? "")}; figloom run status lists those that there are.`
      : `No worker had a shard ${of.shard} of ${plan.run}, or the engine no longer has their logs.`,
  );
}

const hasTask = async (tasks: Promise<TaskStatus[]>, id: string): Promise<boolean> =>
  (await tasks).some((task) => task.id === id);

/** All that have, or had, a lease on a shard; who gave it back in peace left no name, but the last who did. */
async function holdersOf({ folder, plan }: Launched, name: string): Promise<Asked[]> {
  const [, phaseId, digits] = /^(?:([\w-]+)\/)?(\d{1,8})$/.exec(name) ?? [];
  if (digits === undefined)
    throw new ConfigurationError(
      `${JSON.stringify(name)} is no shard; a shard is named by its number, such as 00000007.`,
    );
  const shard = digits.padStart(8, "0");
  const workers = new Map((await readWorkers(folder)).map((worker) => [worker.worker, worker]));
  const asked: Asked[] = [];
  for (const { id } of plan.phases.filter(({ id }) => phaseId === undefined || id === phaseId)) {
    const leases = folder.phase(id).leases(shard);
    const numbers = (await namesIn(leases)).flatMap((file) => /^(\d+)\.json$/.exec(file)?.[1] ?? []);
    for (const number of numbers.map(Number).sort((a, b) => a - b)) {
      const holder = await readJson(join(leases, `${number}.json`));
      if (!isRecord(holder)) continue;
      const worker = workers.get(text(holder.worker));
      const [job, task] = [text(holder.job) || worker?.job, text(holder.task) || worker?.task];
      const had = "attempt" in holder ? `finished ${shard}` : `lease ${number} of ${shard}`;
      if (job && task) asked.push({ job, task, why: `${had}, ${id}` });
    }
  }
  return asked;
}

/** The first line of an end is mostly half a one. */
function wholeLines({ text, next }: LogPart): string {
  return next > END ? text.slice(text.indexOf("\n") + 1) : text;
}
