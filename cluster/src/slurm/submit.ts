import { setTimeout as sleep } from "node:timers/promises";
import { ConfigurationError } from "figloom/errors";
import type { JobHandle } from "../engine.js";
import { type ArrayPlan, arraysOf, arrayTasks, indexList } from "./arrays.js";
import { type SlurmCommands, SlurmSilent } from "./commands.js";
import { SlurmFolder, type SlurmJobFile, type Submission } from "./folder.js";
import { rowsNamed } from "./queue.js";
import { explainRefusal } from "./refusals.js";

/** How often sbatch is tried that does not answer. */
const TRIES = 3;

/**
 * Submits tasks, in as many arrays as it takes. Each is written down first, and looked up by its own name before it is
 * submitted again: sbatch may fail for a job that Slurm has accepted.
 * @param before restarts that the tasks have had
 * @throws {ConfigurationError} when Slurm refuses; nothing of it is left in the queue then
 * @throws {SlurmSilent} when Slurm does not answer; what it may have accepted is found by the next look at the job
 */
export async function submitTasks(
  folder: SlurmFolder,
  commands: SlurmCommands,
  numbers: number[],
  before: number,
): Promise<void> {
  const job = folder.job();
  const dependencies = await arraysAfter(job.after ?? [], commands);
  const submitted: Submission[] = [];
  for (const plan of arraysOf(numbers, job.arraySize)) {
    const intent = folder.intend({ ...plan, before, at: new Date().toISOString() }, job.id);
    // Slurm throttles each array by itself, so that a throttled one waits for the one before.
    const previous = throttleOf(job) === undefined ? [] : submitted.slice(-1).map(({ array }) => array!);
    const words = sbatchWords(folder, job, intent, [...dependencies, ...previous]);
    try {
      submitted.push(await submitOnce(folder, commands, job, intent, words));
    } catch (error) {
      if (error instanceof ConfigurationError) {
        folder.withdraw(intent);
        for (const { array, indices } of submitted)
          await commands.ask(["scancel", arrayTasks(array!, indices)]);
      }
      throw error;
    }
  }
}

/** At most so many tasks of a job at the same time. */
export function throttleOf({ options, tasks }: Pick<SlurmJobFile, "options" | "tasks">): number | undefined {
  const throttle = options.throttle ?? options.nodes;
  return throttle !== undefined && throttle < tasks.length ? throttle : undefined;
}

/**
 * What stands in the script is the same for all arrays; what differs, and paths, which need no quoting here, are given
 * on the command line. sbatch hands on its own environment, which holds no more than it should: `--export` with names
 * would have the node run the user's login files, and cut values at commas.
 */
export function sbatchWords(
  folder: SlurmFolder,
  job: SlurmJobFile,
  { name, first, indices, before }: Pick<Submission, "name" | "before"> & ArrayPlan,
  dependencies: string[],
): string[] {
  const throttle = throttleOf(job);
  const block = first / job.arraySize;
  return [
    "sbatch",
    "--parsable",
    `--job-name=${name}`,
    `--array=${indexList(indices)}${throttle === undefined ? "" : `%${throttle}`}`,
    ...(dependencies.length ? [`--dependency=afterany:${dependencies.join(":")}`] : []),
    "--export=ALL",
    `--chdir=${folder.path}`,
    `--output=${folder.logPattern(block, "stdout")}`,
    `--error=${folder.logPattern(block, "stderr")}`,
    folder.script,
    folder.path,
    String(first),
    String(before),
  ];
}

/** Arrays of other jobs; those that Slurm has forgotten have ended, and count as such. */
async function arraysAfter(handles: JobHandle[], commands: SlurmCommands): Promise<string[]> {
  const submissions = await Promise.all(
    handles.map(({ folder }) => knownSubmissions(new SlurmFolder(folder), commands)),
  );
  return submissions.flat().flatMap(({ array }) => array ?? []);
}

async function submitOnce(
  folder: SlurmFolder,
  commands: SlurmCommands,
  job: SlurmJobFile,
  intent: Submission,
  words: string[],
): Promise<Submission> {
  for (let tries = 1; ; tries++) {
    try {
      const { code, stdout, stderr } = await commands.submit(words, job.tasks);
      if (code !== 0) throw new ConfigurationError(explainRefusal(stderr));
      return settled(folder, intent, /^\d+/m.exec(stdout)?.[0]);
    } catch (error) {
      if (!(error instanceof SlurmSilent)) throw error;
      const array = (await rowsNamed(commands, [intent.name]))[0]?.array;
      if (array !== undefined) return settled(folder, intent, array);
      if (tries === TRIES) throw error;
      await sleep(1000 * tries);
    }
  }
}

function settled(folder: SlurmFolder, intent: Submission, array: string | undefined): Submission {
  if (array === undefined) throw new Error(`sbatch did not say which job ${intent.name} became.`);
  const submission = { ...intent, array };
  folder.settle(submission);
  return submission;
}

/** A job's submissions, with the arrays of those found whose acceptance nobody heard. */
export async function knownSubmissions(folder: SlurmFolder, commands: SlurmCommands): Promise<Submission[]> {
  const submissions = folder.submissions();
  const unheard = submissions.filter(({ array }) => array === null);
  if (unheard.length === 0) return submissions;
  const rows = await rowsNamed(
    commands,
    unheard.map(({ name }) => name),
  );
  const known = new Set(submissions.flatMap(({ array }) => array ?? []));
  return submissions.map((submission) => {
    if (submission.array !== null) return submission;
    const array =
      rows.find(({ name }) => name === submission.name)?.array ??
      // Slurm may have forgotten it since; its tasks have not.
      folder.attempts(submission.first + submission.indices[0]!).find((attempt) => !known.has(attempt.array))
        ?.array;
    return array === undefined ? submission : settled(folder, submission, array);
  });
}
