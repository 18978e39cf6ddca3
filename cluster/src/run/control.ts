import { parsed, placeFirst, readJson, readShort, replaceWhole } from "./files.js";
import type { RunFolder } from "./places.js";
import { isRecord, text } from "./raw.js";

const WANTS = ["run", "pause", "cancel"] as const;
export type Want = (typeof WANTS)[number];

/** What people want of a run. */
export interface Control {
  want: Want;
  /** ISO 8601, for people. */
  at: string;
  /** Who said so: `ada@login1`. */
  by: string;
}

/** What was said last; to run, where nothing was or it cannot be understood. */
export async function readControl(run: RunFolder): Promise<Control> {
  const raw = await readJson(run.control);
  const want = isRecord(raw) ? WANTS.find((each) => each === raw.want) : undefined;
  return isRecord(raw) && want
    ? { want, at: text(raw.at), by: text(raw.by) }
    : { want: "run", at: "", by: "" };
}

/** @throws {ConfigurationError} where the run's folder may not be written */
export async function writeControl(run: RunFolder, want: Want, by: string): Promise<void> {
  const control: Control = { want, at: new Date().toISOString(), by };
  await replaceWhole(run.control, JSON.stringify(control), { flush: true });
}

/** Why a run stopped itself. */
export interface StopReason {
  kind: "configuration" | "budget";
  /** One sentence that says what to change. */
  message: string;
  /** ISO 8601, for people. */
  at: string;
  /** Who found it. */
  worker: string;
}

/** Stops a run: all its workers leave. The first reason counts. */
export async function stopRun(
  run: RunFolder,
  { kind, message, worker }: Pick<StopReason, "kind" | "message" | "worker">,
): Promise<void> {
  const stop: StopReason = { kind, message, at: new Date().toISOString(), worker };
  await placeFirst(run.stop, JSON.stringify(stop));
}

/** `null` for a run that did not stop itself. A file that is none says so, too: better to stop than to go on. */
export async function readStop(run: RunFolder): Promise<StopReason | null> {
  const content = await readShort(run.stop);
  if (content === null) return null;
  const raw = parsed(content);
  if (!isRecord(raw))
    return {
      kind: "configuration",
      message: `${run.stop} cannot be read; remove it to go on.`,
      at: "",
      worker: "",
    };
  const kind = raw.kind === "budget" ? "budget" : "configuration";
  return { kind, message: text(raw.message), at: text(raw.at), worker: text(raw.worker) };
}
