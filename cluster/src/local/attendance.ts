import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ConfigurationError } from "figloom/errors";
import { latestClaim, liveness } from "figloom/processes";
import { passedOn } from "./environment.js";
import type { JobFolder } from "./folder.js";
import { close, post, type Request, stands } from "./requests.js";

/** The bundled program stands beside the bundle that this file is part of. */
const PROGRAM = join(import.meta.dirname, "supervisor.cjs");
const POLL_MS = 20;

/**
 * Sees to it that the job has a supervisor, starting one where it has none; it lives on without this process.
 * @throws {ConfigurationError} when another machine looks after the job, or none could be started.
 */
export async function ensureAttended(folder: JobFolder): Promise<void> {
  const before = latestClaim(folder.supervisors);
  const state = before?.holder ? liveness(before.holder) : "dead";
  if (state === "alive") return;
  if (before?.holder && state === "elsewhere")
    throw new ConfigurationError(
      `The job in ${folder.path} belongs to the machine ${before.holder.host}; ask there. ` +
        `If that machine has a new name or is gone for good, delete ${folder.supervisors}/${before.number}.json.`,
    );
  const log = openSync(folder.supervisorLog, "a");
  const child = spawn(process.execPath, [PROGRAM, folder.path], {
    cwd: folder.path,
    env: passedOn(process.env, folder.job().tasks),
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.unref();
  let gone = false;
  child.once("error", () => (gone = true)).once("exit", () => (gone = true));
  for (;;) {
    // In this order: a supervisor may claim the job, finish and end between two looks.
    const ended = gone;
    if ((latestClaim(folder.supervisors)?.number ?? 0) > (before?.number ?? 0)) return;
    if (ended)
      throw new ConfigurationError(
        `The supervisor of the job in ${folder.path} could not be started: ${lastLines(folder.supervisorLog)}`,
      );
    await sleep(POLL_MS);
  }
}

/** Has a request carried out, by a new supervisor if need be, and waits for the end of it. */
export async function ask(folder: JobFolder, request: Request): Promise<void> {
  await ensureAttended(folder);
  const path = post(folder, request);
  try {
    while (stands(path)) {
      await ensureAttended(folder);
      await sleep(POLL_MS);
    }
  } finally {
    close(path);
  }
}

function lastLines(path: string): string {
  return readFileSync(path, "utf8").slice(-2000).trim() || "it said nothing.";
}
