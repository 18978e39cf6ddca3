import type { TaskStatus } from "../engine.js";
import { arrayTasks } from "./arrays.js";
import type { SlurmCommands } from "./commands.js";
import type { Attempt, SlurmFolder, SlurmJobFile, Submission } from "./folder.js";
import { accountedRows, hasEnded, queueRows, type Row } from "./queue.js";
import { statusOf } from "./states.js";
import { knownSubmissions } from "./submit.js";

export interface Look {
  /** Of the task. */
  number: number;
  /** The latest that it was in, if any. */
  submission: Submission | undefined;
  status: TaskStatus;
}

export const isUnfinished = ({ status: { state } }: Look): boolean =>
  state === "queued" || state === "running";

/**
 * What is known of every task: from Slurm's queue by one question, from its accounts what the queue has forgotten, and
 * from our own records. Costs two or three commands, however many tasks there are.
 */
export async function look(
  folder: SlurmFolder,
  { tasks }: SlurmJobFile,
  commands: SlurmCommands,
): Promise<Look[]> {
  const latest = new Map<number, Submission>();
  for (const submission of await knownSubmissions(folder, commands))
    for (const index of submission.indices) latest.set(submission.first + index, submission);
  const arrays = new Set([...latest.values()].flatMap(({ array }) => array ?? []));
  const rows = new Map<string, Row>();
  const add = (found: Row[]) => found.forEach((row) => rows.set(`${row.array}_${row.index}`, row));
  const rowOf = (number: number): Row | undefined => {
    const submission = latest.get(number);
    return submission && rows.get(`${submission.array}_${number - submission.first}`);
  };
  add(await queueRows(commands, [...arrays]));
  const records = new Map<number, Attempt[]>();
  const attemptsOf = (number: number): Attempt[] => {
    const attempts = records.get(number) ?? folder.attempts(number);
    records.set(number, attempts);
    return attempts;
  };
  // Of a task that wrote down that it succeeded, the accounts say no more: a site's database is seldom asked.
  const forgotten = tasks.flatMap((_, number) => {
    const array = latest.get(number)?.array;
    if (!array || rowOf(number)) return [];
    return attemptsOf(number).findLast((attempt) => attempt.array === array)?.code === 0 ? [] : array;
  });
  add(await accountedRows(commands, [...new Set(forgotten)]));

  const cancels = folder.cancels().map(({ tasks, upTo }) => ({ tasks: new Set(tasks), upTo }));
  return tasks.map(({ id }, number) => {
    const [submission, row] = [latest.get(number), rowOf(number)];
    const cancelled = cancels.some(
      ({ tasks, upTo }) => submission !== undefined && upTo >= submission.number && tasks.has(number),
    );
    // What its script has written matters where Slurm has forgotten it, or runs it again.
    const told = row && (hasEnded(row) || row.restarts + submission!.before === 0);
    const attempts = told ? [] : attemptsOf(number);
    return { number, submission, status: statusOf({ id, submission, row, attempts, cancelled }) };
  });
}

/** Tasks that Slurm knows, as its commands name them: one word for each array. */
export function namesOf(looks: Look[]): string[] {
  const indices = new Map<string, number[]>();
  for (const { number, submission } of looks) {
    if (!submission?.array) continue;
    const others = indices.get(submission.array);
    if (others) others.push(number - submission.first);
    else indices.set(submission.array, [number - submission.first]);
  }
  return [...indices].map(([array, each]) => arrayTasks(array, each));
}
