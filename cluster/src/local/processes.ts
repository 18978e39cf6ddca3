import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { groupOf } from "figloom/processes";

/**
 * Ends a process group: SIGTERM, and SIGKILL to what is left after the grace. Returns once it is gone or was sent
 * SIGKILL; at once if there is none. Does not reach processes that made a group of their own.
 * @param leader pid of the group's leader, which must be a process we started.
 */
export async function endGroup(leader: number, graceMs: number): Promise<void> {
  if (!groupAlive(leader)) return;
  signalGroup(leader, "SIGTERM");
  const deadline = Date.now() + graceMs;
  while (Date.now() < deadline) {
    await sleep(Math.min(50, graceMs));
    if (!groupAlive(leader)) return;
  }
  signalGroup(leader, "SIGKILL");
}

function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-leader, signal);
  } catch (error) {
    // EPERM is what macOS answers for a group of dead processes.
    if (["ESRCH", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

function groupAlive(leader: number): boolean {
  if (!signalGroup(leader, 0)) return false;
  if (process.platform !== "linux") return true;
  // Dead processes that nobody has waited for yet still answer to signal 0.
  return readdirSync("/proc").some((name) => /^\d+$/.test(name) && groupOf(Number(name)) === leader);
}
