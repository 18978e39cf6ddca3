/** Reads files of a run's events. They may be torn, from another version, or a stranger's: what is not right is passed over. */
import { RATE_UNITS } from "./run.js";
import type {
  RunEnd,
  RunEvent,
  RunFailure,
  RunHead,
  RunPart,
  RunRate,
  RunServer,
  RunShards,
  RunStatus,
  RunTask,
  RunUsage,
  RunWorker,
} from "./run.js";

/** Characters of a line that is read, of a text in it, and entries of a list. */
const LIMITS = { line: 200_000, text: 2_000, list: 200 };

type Raw = Record<string, unknown>;
type Reader = (raw: Raw, at: number) => RunEvent | null;

/** The events in lines of JSON, in their order. */
export function readEvents(lines: string): RunEvent[] {
  return lines.split("\n").flatMap((line) => readEvent(line) ?? []);
}

function readEvent(line: string): RunEvent | null {
  if (line === "" || line.length > LIMITS.line) return null;
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch {
    return null;
  }
  if (!isRaw(raw) || typeof raw["event"] !== "string" || !Number.isFinite(raw["at"])) return null;
  return Object.hasOwn(READERS, raw["event"]) ? READERS[raw["event"]]!(raw, raw["at"] as number) : null;
}

const READERS: Record<string, Reader> = {
  start: (raw, at) => ({ at, event: "start", ...headOf(raw) }),
  status: (raw, at) =>
    isOneOf(raw["status"], UNDER_WAY) ? { at, event: "status", status: raw["status"] } : null,
  progress: (raw, at) => ({
    at,
    event: "progress",
    index: Math.floor(amount(raw["index"])),
    part: partOf(object(raw["part"])),
    note: textOrNull(raw["note"]),
    usage: isRaw(raw["usage"]) ? usageOf(raw["usage"]) : null,
    reasons: Object.fromEntries(
      Object.entries(object(raw["reasons"]))
        .slice(0, LIMITS.list)
        .map(([reason, count]) => [text(reason), amount(count)]),
    ),
  }),
  failure: (raw, at) => ({ at, event: "failure", failure: failureOf(object(raw["failure"])) }),
  notice: (raw, at) => ({ at, event: "notice", text: text(raw["text"]) }),
  servers: (raw, at) => ({
    at,
    event: "servers",
    servers: list(raw["servers"]).map((server) => serverOf(object(server))),
  }),
  shards: (raw, at) => ({
    at,
    event: "shards",
    shards: list(raw["shards"]).map((one) => shardsOf(object(one))),
  }),
  workers: (raw, at) => ({
    at,
    event: "workers",
    workers: list(raw["workers"]).map((worker) => workerOf(object(worker))),
  }),
  tasks: (raw, at) => ({ at, event: "tasks", tasks: list(raw["tasks"]).map((task) => taskOf(object(task))) }),
  end: (raw, at) =>
    isOneOf(raw["status"], ENDS)
      ? { at, event: "end", status: raw["status"], message: text(raw["message"]) }
      : null,
};

const UNDER_WAY: readonly Exclude<RunStatus, RunEnd>[] = [
  "starting",
  "running",
  "pausing",
  "paused",
  "cancelling",
];
const ENDS: readonly RunEnd[] = ["finished", "failed", "cancelled", "lost"];

function headOf(raw: Raw): RunHead {
  const process = isRaw(raw["process"]) ? raw["process"] : null;
  return {
    run: text(raw["run"]),
    dataset: textOrNull(raw["dataset"]),
    verb: text(raw["verb"]),
    title: text(raw["title"]),
    host: text(raw["host"]),
    pid: amount(raw["pid"]),
    process: process && { boot: text(process["boot"]), started: text(process["started"]) },
    ...(typeof raw["engine"] === "string" && { engine: text(raw["engine"]) }),
  };
}

function partOf(raw: Raw): RunPart {
  return {
    stage: text(raw["stage"]),
    done: amount(raw["done"]),
    failed: amount(raw["failed"]),
    failedBefore: amount(raw["failedBefore"]),
    reused: amount(raw["reused"]),
    total: amountOrNull(raw["total"]),
    seconds: amount(raw["seconds"]),
    ...rateOf(object(raw["rate"])),
  };
}

function rateOf(raw: Raw): { rate?: RunRate } {
  const unit = RATE_UNITS.find((known) => known === raw["unit"]);
  if (!unit) return {};
  const { stage, by, unitSeconds, startup } = raw;
  return {
    rate: {
      ...{ stage: text(stage), by: textOrNull(by), unit },
      ...{ unitSeconds: amount(unitSeconds), startup: amount(startup) },
    },
  };
}

export function usageOf(raw: Raw): RunUsage {
  return {
    prompt_tokens: amount(raw["prompt_tokens"]),
    completion_tokens: amount(raw["completion_tokens"]),
    cost: amountOrNull(raw["cost"]),
  };
}

export function failureOf(raw: Raw): RunFailure {
  return {
    item: text(raw["item"]),
    file: text(raw["file"]),
    reason: text(raw["reason"]),
    message: text(raw["message"]),
    way_out: text(raw["way_out"]),
  };
}

export function serverOf(raw: Raw): RunServer {
  return {
    name: text(raw["name"]),
    health: text(raw["health"]),
    inFlight: amount(raw["inFlight"]),
    running: amountOrNull(raw["running"]),
    waiting: amountOrNull(raw["waiting"]),
    cacheUsage: amountOrNull(raw["cacheUsage"]),
    perSecond: amount(raw["perSecond"]),
  };
}

function shardsOf(raw: Raw): RunShards {
  return {
    phase: text(raw["phase"]),
    total: amountOrNull(raw["total"]),
    done: amount(raw["done"]),
    atWork: amount(raw["atWork"]),
    givenUp: amount(raw["givenUp"]),
  };
}

function workerOf(raw: Raw): RunWorker {
  return {
    worker: text(raw["worker"]),
    phase: text(raw["phase"]),
    task: text(raw["task"]),
    restart: amount(raw["restart"]),
    host: text(raw["host"]),
    status: text(raw["status"]),
    note: textOrNull(raw["note"]),
    done: amount(raw["done"]),
    failed: amount(raw["failed"]),
    perSecond: amount(raw["perSecond"]),
    shards: list(raw["shards"]).map(text),
  };
}

function taskOf(raw: Raw): RunTask {
  return {
    phase: text(raw["phase"]),
    task: text(raw["task"]),
    state: text(raw["state"]),
    host: textOrNull(raw["host"]),
    restarts: amount(raw["restarts"]),
    said: text(raw["said"]),
  };
}

const isRaw = (value: unknown): value is Raw => typeof value === "object" && value !== null;
const isOneOf = <T extends string>(value: unknown, all: readonly T[]): value is T => all.includes(value as T);
const object = (value: unknown): Raw => (isRaw(value) ? value : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value.slice(0, LIMITS.list) : []);
const text = (value: unknown): string => (typeof value === "string" ? value.slice(0, LIMITS.text) : "");
const textOrNull = (value: unknown): string | null => (typeof value === "string" ? text(value) : null);
const amountOrNull = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
const amount = (value: unknown): number => amountOrNull(value) ?? 0;
