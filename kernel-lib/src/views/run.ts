/**
 * A run is one piece of long work: a call of `lab.recaption`, a command, or a job on a cluster. Whoever does it writes
 * events; everybody else folds them into what is known of it. All strings are untrusted text.
 */

export const RUN_MIME = "application/vnd.figloom.run.v1+json";

/** `lost`: whoever did it died without saying how it ended. */
export type RunEnd = "finished" | "failed" | "cancelled" | "lost";
export type RunStatus = "starting" | "running" | "pausing" | "paused" | "cancelling" | RunEnd;

/** What is known of a run from its start. */
export interface RunHead {
  /** Names it within its dataset; names sort by age: `20261121T143355Z-recaption-3f2a9c`. */
  run: string;
  /** The dataset's folder, absolute; `null` for work on none, of which nothing is written down. */
  dataset: string | null;
  /** What is done: `recaption`. */
  verb: string;
  /** For people: `recaption with context@org/model`. */
  title: string;
  host: string;
  pid: number;
  /** The process that does it, in the words of `processes/identity.ts`; `null` where others look after it. */
  process: { boot: string; started: string } | null;
  /** Who gives it machines, such as `slurm`; absent for work that one process does by itself. */
  engine?: string | undefined;
}

/** One stage's way through its items. Work may have several, one after the other. */
export interface RunPart {
  stage: string;
  done: number;
  failed: number;
  /** Of `failed`, those that an earlier run had failed with and that were not worked on again. */
  failedBefore: number;
  /** There from an earlier run. */
  reused: number;
  /** `null` while it is not known. */
  total: number | null;
  /** Spent on it, pauses left out. */
  seconds: number;
  /** What its rate goes by; absent where nothing can be reckoned from it. */
  rate?: RunRate;
}

/** What some work does the faster for: twice as many of them do twice as much. */
export const RATE_UNITS = ["server", "gpu", "processor", "process"] as const;
export type RateUnit = (typeof RATE_UNITS)[number];

/** What a part's rate goes by, so that what other work of the kind will take can be reckoned from it. */
export interface RunRate {
  /** `ocr`, `recaption` … */
  stage: string;
  /** What its results are filed under: a reader of texts, a variant of captions, a metric; `null` for papers. */
  by: string | null;
  unit: RateUnit;
  /** Spent at work by all of them; the starting of servers left out. */
  unitSeconds: number;
  /** Seconds that a worker's servers took to start, on average; 0 for those that were there. */
  startup: number;
}

export interface RunServer {
  /** Its address without user and password. */
  name: string;
  /** `up`, `down`, `hung` … */
  health: string;
  /** Our requests with it. */
  inFlight: number;
  /** As the server says, of everybody's requests; `null` where it says nothing. */
  running: number | null;
  waiting: number | null;
  /** Share of its key-value cache in use, 0..1. */
  cacheUsage: number | null;
  /** Answers per second, lately. */
  perSecond: number;
}

/** The shards of one phase of a run on many workers. */
export interface RunShards {
  /** `1-recaption` */
  phase: string;
  /** `null` before it is planned. */
  total: number | null;
  done: number;
  /** With a worker just now. */
  atWork: number;
  /** Not done, and not tried any more. */
  givenUp: number;
}

/** A worker as its own heartbeat says. */
export interface RunWorker {
  worker: string;
  phase: string;
  /** The engine's task that it is, and how often that was started anew. */
  task: string;
  restart: number;
  host: string;
  /** `starting`, `serving`, `working`, `leaving`, `left`, `gave-up`; `silent` without a heartbeat. */
  status: string;
  note: string | null;
  done: number;
  failed: number;
  /** Items per second, lately. */
  perSecond: number;
  /** Shards that it is at. */
  shards: string[];
}

/** A task as whoever gives the machines says. */
export interface RunTask {
  phase: string;
  task: string;
  /** `queued`, `running`, `succeeded`, `failed`, `cancelled`, `lost` */
  state: string;
  host: string | null;
  restarts: number;
  /** What that means, in plain words. */
  said: string;
}

export interface RunFailure {
  item: string;
  file: string;
  reason: string;
  message: string;
  way_out: string;
}

/** What was used since the start. */
export interface RunUsage {
  prompt_tokens: number;
  completion_tokens: number;
  /** `null` without prices. */
  cost: number | null;
}

/** `at` is in milliseconds since 1970. */
export type RunEvent = { at: number } & (
  | ({ event: "start" } & RunHead)
  | { event: "status"; status: Exclude<RunStatus, RunEnd> }
  | {
      event: "progress";
      /** Which part, from 0. Figures are of all its time, so that an event that is missed is none lost. */
      index: number;
      part: RunPart;
      note: string | null;
      usage: RunUsage | null;
      /** How many failed for which reason, in all parts. */
      reasons: Record<string, number>;
    }
  | { event: "failure"; failure: RunFailure }
  | { event: "notice"; text: string }
  | { event: "servers"; servers: RunServer[] }
  /** All phases. */
  | { event: "shards"; shards: RunShards[] }
  /** All that have not left, and those that left last. */
  | { event: "workers"; workers: RunWorker[] }
  /** Told by who asks the engine, and not written down: nobody else's word is as fresh. */
  | { event: "tasks"; tasks: RunTask[] }
  | { event: "end"; status: RunEnd; message: string }
);

export interface RunState extends RunHead {
  status: RunStatus;
  /** Milliseconds since 1970. */
  started: number;
  ended: number | null;
  /** Time of the latest event. */
  heard: number;
  /** The last is the present one. */
  parts: RunPart[];
  /** What it waits for, or else is worth knowing just now. */
  note: string | null;
  usage: RunUsage | null;
  servers: RunServer[];
  /** Of a run on many workers; empty for others. */
  shards: RunShards[];
  workers: RunWorker[];
  tasks: RunTask[];
  /** By reason, most frequent first, each with its first samples. */
  failures: { reason: string; count: number; samples: RunFailure[] }[];
  /** The latest, oldest first. */
  notices: { at: number; text: string }[];
  /** The present part's way: seconds without pauses, and items worked on by then. Dense at its end. */
  history: [seconds: number, worked: number][];
  /** How it ended, in words. */
  message: string | null;
}

/** What an output holds. */
export interface RunView {
  state: RunState;
  /** The file of events, relative to the notebook; `null` where it cannot be reached from there. */
  file: string | null;
}

/** Bounds of what is written, and of what is kept in mind. */
export const RUN_LIMITS = { samples: 20, reasons: 50, notices: 20, history: 240, dense: 60, parts: 50 };

export const isEnded = ({ status }: Pick<RunState, "status">): boolean =>
  status === "finished" || status === "failed" || status === "cancelled" || status === "lost";

/** Whether it can be resumed though it has ended: of a run on many workers something was left. */
export const canGoOn = (state: Pick<RunState, "status" | "engine">): boolean =>
  state.engine !== undefined && isEnded(state) && state.status !== "finished";

/** Items that are behind it, however they ended. */
export const passed = ({ done, failed, reused }: RunPart): number => done + failed + reused;

/** Items that took work. */
export const worked = ({ done, failed, failedBefore }: RunPart): number => done + failed - failedBefore;

/** What is known after an event; before the start nothing is. */
export function foldRun(state: RunState | null, event: RunEvent): RunState | null {
  if (event.event === "start") return state ?? startOf(event);
  if (state === null) return null;
  const next = { ...state, heard: Math.max(state.heard, event.at) };
  switch (event.event) {
    case "status":
      // What had ended may be resumed.
      return { ...next, status: event.status, ended: null, message: null };
    case "progress":
      return { ...next, ...progressed(state, event) };
    case "failure":
      return { ...next, failures: withSample(state.failures, event.failure) };
    case "notice":
      return { ...next, notices: withNotice(state.notices, event) };
    case "servers":
      return { ...next, servers: event.servers };
    case "shards":
      return { ...next, shards: event.shards };
    case "workers":
      return { ...next, workers: event.workers };
    case "tasks":
      return { ...next, tasks: event.tasks };
    case "end":
      return { ...next, status: event.status, message: event.message, ended: event.at, note: null };
  }
}

/** What is known after events, `null` where no start is among them. */
export const foldRuns = (events: readonly RunEvent[], state: RunState | null = null): RunState | null =>
  events.reduce(foldRun, state);

function startOf({ at, event: _, ...head }: Extract<RunEvent, { event: "start" }>): RunState {
  return {
    ...head,
    ...{ status: "starting", started: at, ended: null, heard: at, message: null, note: null, usage: null },
    ...{ parts: [], servers: [], shards: [], workers: [], tasks: [] },
    ...{ failures: [], notices: [], history: [] },
  };
}

function progressed(
  { parts, history, failures }: RunState,
  { index, part, note, usage, reasons }: Extract<RunEvent, { event: "progress" }>,
): Partial<RunState> {
  const isNew = index >= parts.length;
  return {
    parts: [...parts.slice(0, Math.min(index, parts.length)), part].slice(-RUN_LIMITS.parts),
    history: thinned([...(isNew ? [] : history), [part.seconds, worked(part)]]),
    failures: withCounts(failures, reasons),
    note,
    usage,
  };
}

/** Old points become fewer as the run grows longer. */
function thinned(history: RunState["history"]): RunState["history"] {
  if (history.length <= RUN_LIMITS.history) return history;
  const dense = history.length - RUN_LIMITS.dense;
  return history.filter((_, i) => i >= dense || i % 2 === 0);
}

function withCounts(failures: RunState["failures"], reasons: Record<string, number>): RunState["failures"] {
  const all = Object.entries(reasons).map(([reason, count]) => ({
    reason,
    count,
    samples: failures.find((known) => known.reason === reason)?.samples ?? [],
  }));
  return all.sort((a, b) => b.count - a.count);
}

function withSample(failures: RunState["failures"], failure: RunFailure): RunState["failures"] {
  const known = failures.find(({ reason }) => reason === failure.reason);
  if (!known) return [...failures, { reason: failure.reason, count: 1, samples: [failure] }];
  if (known.samples.length >= RUN_LIMITS.samples) return failures;
  const samples = [...known.samples, failure];
  const count = Math.max(known.count, samples.length);
  return failures.map((each) => (each === known ? { ...known, samples, count } : each));
}

/** Said again, it moves to the end. */
function withNotice(
  notices: RunState["notices"],
  { at, text }: { at: number; text: string },
): RunState["notices"] {
  return [...notices.filter((known) => known.text !== text), { at, text }].slice(-RUN_LIMITS.notices);
}
