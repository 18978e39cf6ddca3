import type { SlurmCommands } from "./commands.js";
import { refusal } from "./refusals.js";

/** What Slurm says of one array task. */
export interface Row {
  array: string;
  index: number;
  /** Such as `PENDING`, without what may follow it. */
  state: string;
  /** Why it waits, or ended as it did: Slurm's word. */
  reason: string;
  /** How its script ended: exit code and signal. */
  exitCode: number;
  signal: number;
  /** Times that Slurm requeued it. */
  restarts: number;
  node: string;
  /** ISO 8601 in UTC. */
  started?: string;
  ended?: string;
  partition: string;
  name: string;
}

const FIELDS =
  "ArrayJobID:|,ArrayTaskID:|,State:|,Reason:|,exit_code:|,RestartCnt:|,NodeList:|,StartTime:|,EndTime:|,Partition:|,Name:|";

/** Whether a state is one that ends an attempt for good. */
const ENDED =
  /^(COMPLETED|FAILED|TIMEOUT|OUT_OF_MEMORY|CANCELLED|NODE_FAIL|BOOT_FAIL|DEADLINE|PREEMPTED|REVOKED|SPECIAL_EXIT)$/;
export const hasEnded = ({ state }: Pick<Row, "state">): boolean => ENDED.test(state);

/** Rows of all the arrays by one question; those that Slurm has forgotten are not among them. */
export async function queueRows(commands: SlurmCommands, arrays: string[]): Promise<Row[]> {
  if (arrays.length === 0) return [];
  return rows(commands, ["-j", arrays.join(",")]);
}

/** Rows of jobs of these names. */
export async function rowsNamed(commands: SlurmCommands, names: string[]): Promise<Row[]> {
  return names.length === 0 ? [] : rows(commands, [`--name=${names.join(",")}`]);
}

async function rows(commands: SlurmCommands, which: string[]): Promise<Row[]> {
  const words = ["squeue", "-h", "-r", "-t", "all", ...which, "-O", FIELDS];
  const { code, stdout, stderr } = await commands.ask(words);
  if (code === 0) return parseQueue(stdout);
  // Of several jobs it leaves out those that it has forgotten; a single one it calls invalid.
  if (/invalid job id/i.test(stderr)) return [];
  throw new Error(`squeue failed: ${refusal(stderr)}`);
}

/**
 * Rows of array tasks in squeue's answer.
 * @throws where nothing in it can be understood: tasks would be taken for forgotten, and run again
 */
export function parseQueue(text: string): Row[] {
  // With SLURM_CLUSTERS, a line before each cluster's.
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("CLUSTER:"));
  if (lines.length > 0 && !lines.some((line) => line.split("|").length > FIELDS.split(",").length))
    throw new Error(
      `squeue's answer cannot be understood (${lines[0]!.slice(0, 80)}): see that Slurm's own squeue is found first.`,
    );
  return lines.flatMap((line) => {
    const fields = line.split("|").map((field) => field.trim());
    const [array = "", index = "", state = "", reason = "", code = "", restarts = "", ...more] = fields;
    const [node = "", start = "", end = "", partition = "", ...name] = more;
    // A job that is no array has no index.
    if (!/^\d+$/.test(array) || !/^\d+$/.test(index)) return [];
    const row: Row = {
      array,
      index: Number(index),
      state: firstWord(state),
      reason,
      exitCode: (Number(code) >> 8) & 0xff,
      signal: Number(code) & 0x7f,
      restarts: Number(restarts) || 0,
      node,
      partition,
      name: name.slice(0, -1).join("|"),
    };
    return [{ ...row, ...times(start, end) }];
  });
}

/**
 * Slurm's accounting, where a site keeps it; it remembers tasks for long. Nothing where it does not, and while its
 * database is away: the queue has answered, and what tasks wrote down says the rest.
 */
export async function accountedRows(commands: Pick<SlurmCommands, "ask">, arrays: string[]): Promise<Row[]> {
  if (arrays.length === 0) return [];
  const fields = "JobID,State,ExitCode,NodeList,Start,End,Partition,Reason,JobName";
  const words = ["sacct", "-X", "-n", "-P", "-D", "-j", arrays.join(","), "-o", fields];
  const { code, stdout } = await commands.ask(words).catch(() => ({ code: 1, stdout: "" }));
  return code === 0 ? parseAccounting(stdout) : [];
}

/** Attempts of a task follow one another; the last counts, and the others are its restarts. */
export function parseAccounting(text: string): Row[] {
  const rows = new Map<string, Row>();
  for (const line of text.split("\n")) {
    const [
      id = "",
      state = "",
      code = "",
      node = "",
      start = "",
      end = "",
      partition = "",
      reason = "",
      ...name
    ] = line.split("|");
    const [, array, index] = /^(\d+)_(\d+)$/.exec(id) ?? [];
    if (array === undefined || index === undefined) continue;
    const [exitCode, signal] = code.split(":").map(Number);
    rows.set(id, {
      array,
      index: Number(index),
      state: firstWord(state),
      reason,
      exitCode: exitCode ?? 0,
      signal: signal ?? 0,
      restarts: rows.has(id) ? rows.get(id)!.restarts + 1 : 0,
      node: /^none/i.test(node) ? "" : node,
      partition,
      name: name.join("|"),
      ...times(start, end),
    });
  }
  return [...rows.values()];
}

/** `CANCELLED by 1000`, `CANCELLED+`: what stands behind the state is another matter. */
const firstWord = (state: string): string => /^[A-Z_]*/.exec(state)![0];

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;

function times(started: string, ended: string): Pick<Row, "started" | "ended"> {
  return {
    ...(TIME.test(started) && { started: `${started}.000Z` }),
    ...(TIME.test(ended) && { ended: `${ended}.000Z` }),
  };
}
