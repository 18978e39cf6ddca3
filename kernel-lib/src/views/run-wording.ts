/** What is worked out of a run's state, and how it is said. */
import { duration } from "../text/duration.js";
import {
  isEnded,
  passed,
  type RunPart,
  type RunServer,
  type RunShards,
  type RunState,
  type RunStatus,
  type RunTask,
  type RunWorker,
} from "./run.js";
import { integer, valueText } from "./wording.js";

/** The part at work, or the last one. */
export const currentPart = ({ parts }: Pick<RunState, "parts">): RunPart | null => parts.at(-1) ?? null;

/** How much of the present part is behind it, 0..1; `null` while that is not known. */
export function runShare(state: RunState): number | null {
  const part = currentPart(state);
  if (!part || part.total === null) return null;
  return part.total === 0 ? 1 : Math.min(1, passed(part) / part.total);
}

/** The recent rate looks back at least so far, and over so many items. */
const WINDOW = { seconds: 60, items: 10 };

/** Items worked on per second, pauses left out; `null` while there is none. */
export interface Rates {
  /** Over the last minute, or the last ten items where those took longer. */
  recent: number;
  /** Since the part began. */
  mean: number;
  /** Items that `recent` rests on. */
  items: number;
}

export function ratesOf(state: RunState): Rates | null {
  const { history } = state;
  const last = history.at(-1);
  const part = currentPart(state);
  if (!last || !part || last[0] <= 0 || last[1] <= 0) return null;
  const enough = (first: [number, number]) =>
    last[0] - first[0] >= WINDOW.seconds && last[1] - first[1] >= WINDOW.items;
  const from = history.findLast(enough) ?? [0, 0];
  const items = last[1] - from[1];
  return { recent: items / (last[0] - from[0]), mean: last[1] / last[0], items };
}

/** Fewer items say nothing of what is to come. */
const TOO_EARLY = 5;

/**
 * Seconds left, from and to: at the recent and at the mean rate, each give or take 1.96 / √n of itself, what a count of n
 * is uncertain by if items come independently (Poisson). `null` while there are too few to say.
 */
export function secondsLeft(state: RunState): { from: number; to: number } | null {
  const part = currentPart(state);
  const rates = ratesOf(state);
  if (!part || part.total === null || !rates || rates.items < TOO_EARLY || isEnded(state)) return null;
  const left = part.total - passed(part);
  if (left <= 0) return null;
  const spread = Math.min(0.8, 1.96 / Math.sqrt(rates.items));
  return {
    from: left / (Math.max(rates.recent, rates.mean) * (1 + spread)),
    to: left / (Math.min(rates.recent, rates.mean) * (1 - spread)),
  };
}

/** `2–4 min left`. */
export function leftText({ from, to }: { from: number; to: number }): string {
  const [unit, name] = UNITS.find(([seconds]) => to >= 1.5 * seconds) ?? UNITS.at(-1)!;
  const low = Math.round(from / unit);
  const high = Math.max(1, Math.round(to / unit));
  if (low === high) return `about ${integer(high)} ${name} left`;
  return low === 0
    ? `less than ${integer(high)} ${name} left`
    : `${integer(low)}–${integer(high)} ${name} left`;
}

const UNITS: readonly [seconds: number, name: string][] = [
  [86_400, "days"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
];

/** `3.2/s`, `14/min`. */
export function rateText(perSecond: number): string {
  if (perSecond >= 1) return `${perSecond >= 100 ? integer(perSecond) : perSecond.toFixed(1)}/s`;
  if (perSecond * 60 >= 1) return `${(perSecond * 60).toFixed(1)}/min`;
  return `${valueText(perSecond * 3600)}/h`;
}

/** `12 of 34, 3 reused, 1 failed`. */
export function countsText(part: RunPart): string {
  const parts = [`${integer(passed(part))}${part.total === null ? "" : ` of ${integer(part.total)}`}`];
  if (part.reused > 0) parts.push(`${integer(part.reused)} made before`);
  if (part.failed > 0) parts.push(`${integer(part.failed)} failed`);
  return parts.join(", ");
}

/** `1.2M tokens`, with what they cost where there are prices. */
export function usageText({ usage }: RunState): string | null {
  if (!usage || usage.prompt_tokens + usage.completion_tokens === 0) return null;
  const tokens = `${shortCount(usage.prompt_tokens)} tokens asked, ${shortCount(usage.completion_tokens)} answered`;
  return usage.cost === null ? tokens : `${tokens}, cost ${usage.cost.toFixed(2)}`;
}

/** `1.2M`, `34K`, `512`. */
export function shortCount(value: number): string {
  if (value >= 999_500) return `${(value / 1e6).toPrecision(3)}M`;
  return value >= 10_000 ? `${Math.round(value / 1000)}K` : integer(value);
}

const STATUS: Record<RunStatus, string> = {
  starting: "starting",
  running: "running",
  pausing: "pausing: what is at work is finished",
  paused: "paused",
  cancelling: "cancelling",
  cancelled: "cancelled",
  finished: "finished",
  failed: "stopped by an error",
  lost: "lost",
};

export const statusText = ({ status }: Pick<RunState, "status">): string => STATUS[status];

/** Results that this run made in the step that it came to; what led there, such as a listing, is none. */
export const madeBy = (state: Pick<RunState, "parts">): number => currentPart(state)?.done ?? 0;

/** What is said of a run that died with whoever did it. */
export function lostText(state: RunState): string {
  const made = madeBy(state);
  const kept = made === 1 ? "1 new result is kept" : `${integer(made)} new results are kept`;
  return `Lost with its process (${state.pid} on ${state.host}): ${kept}; run the same again to go on.`;
}

/** `12 of 34, 3.2/s, 1–2 min left`, as one line. */
export function runLine(state: RunState): string {
  const part = currentPart(state);
  if (!part) return `${state.title}: ${statusText(state)}`;
  const rates = ratesOf(state);
  const left = secondsLeft(state);
  const facts = [
    state.status === "running" ? null : statusText(state),
    countsText(part),
    rates && !isEnded(state) ? rateText(rates.recent) : null,
    left && leftText(left),
    state.note,
  ];
  return `${part.stage}: ${facts.filter((fact) => fact !== null && fact !== "").join(", ")}`;
}

/** Time that it took, or takes, by the clock. */
export const ageText = ({ started, ended, heard }: RunState): string =>
  duration(Math.max(0, (ended ?? heard) - started) / 1000);

/** Rate at each step of its history, for a sparkline; empty before there are two steps. */
export function ratesOverTime({ history }: RunState): { seconds: number; rate: number }[] {
  return history.slice(1).flatMap(([seconds, count], i) => {
    const [before, counted] = history[i]!;
    return seconds > before ? [{ seconds, rate: Math.max(0, (count - counted) / (seconds - before)) }] : [];
  });
}

/** Headings of a table of servers, the first above their names. */
export const SERVER_HEADINGS = ["server", "state", "ours", "running", "waiting", "cache", "answers"];

/** What stands beside a server's name. */
export function serverCells(server: RunServer): string[] {
  const { health, inFlight, running, waiting, cacheUsage, perSecond } = server;
  const said = (value: number | null) => (value === null ? "–" : integer(value));
  return [
    health,
    integer(inFlight),
    said(running),
    said(waiting),
    cacheUsage === null ? "–" : `${Math.round(100 * cacheUsage)} %`,
    perSecond > 0 ? rateText(perSecond) : "–",
  ];
}

/** `6 of 9 shards, 2 at work, 1 given up` */
export function shardsText({ total, done, atWork, givenUp }: RunShards): string {
  if (total === null) return "not planned yet";
  const parts = [`${integer(done)} of ${integer(total)} ${total === 1 ? "shard" : "shards"}`];
  if (atWork > 0) parts.push(`${integer(atWork)} at work`);
  if (givenUp > 0) parts.push(`${integer(givenUp)} given up`);
  return parts.join(", ");
}

/** Shares of a phase's shards, 0..1: done, at work, given up; the rest is open. */
export function shardShares({ total, done, atWork, givenUp }: RunShards): [number, number, number] {
  if (total === null || total === 0) return [0, 0, 0];
  const shares = [done, atWork, givenUp].map((n) => Math.min(1, n / total)) as [number, number, number];
  const sum = shares[0] + shares[1] + shares[2];
  return sum > 1 ? (shares.map((share) => share / sum) as [number, number, number]) : shares;
}

/** A task with its worker: what whoever gives the machines says, and what the worker says. */
export interface TaskRow {
  /** `1-recaption w0` */
  name: string;
  phase: string;
  task: string;
  isRunning: boolean;
  cells: string[];
}

/** Headings of a table of tasks, the first above their names. */
export const TASK_HEADINGS = ["task", "scheduler", "node", "worker", "made", "rate", "what it is at"];

/** Tasks in the order in which they were told, each with its latest worker; workers whose task nobody told of come last. */
export function taskRows({ tasks, workers }: Pick<RunState, "tasks" | "workers">): TaskRow[] {
  const latest = new Map<string, RunWorker>();
  // A run that is resumed has new tasks of the same names, which count their restarts from 0 again.
  const order = (a: RunWorker, b: RunWorker) =>
    Number(hasLeft(b)) - Number(hasLeft(a)) || a.restart - b.restart;
  for (const worker of [...workers].sort(order)) latest.set(keyOf(worker), worker);
  const told = tasks.map((task) => taskRow(task, latest.get(keyOf(task)) ?? null));
  const known = new Set(tasks.map(keyOf));
  const others = [...latest].filter(([key]) => !known.has(key)).map(([, worker]) => taskRow(null, worker));
  return [...told, ...others];
}

const hasLeft = ({ status }: RunWorker): boolean => status === "left" || status === "gave-up";

const keyOf = ({ phase, task }: Pick<RunTask, "phase" | "task">): string => JSON.stringify([phase, task]);

function taskRow(task: RunTask | null, worker: RunWorker | null): TaskRow {
  const { phase, task: id } = (task ?? worker)!;
  const host = task?.host ?? worker?.host ?? "";
  const made = worker
    ? integer(worker.done) + (worker.failed > 0 ? `, ${integer(worker.failed)} failed` : "")
    : "–";
  const isRunning = task ? task.state === "running" : worker !== null && !hasLeft(worker);
  return {
    ...{ name: `${phase} ${id}`, phase, task: id, isRunning },
    cells: [
      task ? task.state : "–",
      host === "" ? "–" : host,
      worker && isRunning ? worker.status : "–",
      made,
      worker && worker.perSecond > 0 ? rateText(worker.perSecond) : "–",
      task?.said ?? worker?.note ?? "",
    ],
  };
}
