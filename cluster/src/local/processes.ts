import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/** One process and no other: pids are used again, a pid with its start time and the machine's boot is not. */
export interface ProcessIdentity {
  host: string;
  /** Names this run of the machine's kernel. */
  boot: string;
  pid: number;
  /** In the units of this platform; only compared. */
  started: string;
}

/** `elsewhere`: it belongs to another machine, so that nothing can be said from here. */
export type Liveness = "alive" | "dead" | "elsewhere";

/** The identity of a process of this machine, or nothing when it has ended. */
export function identify(pid: number): ProcessIdentity | undefined {
  const started = startOf(pid);
  return started === undefined ? undefined : { host: hostname(), boot: bootOf(), pid, started };
}

export function liveness({ host, boot, pid, started }: ProcessIdentity): Liveness {
  if (host !== hostname()) return "elsewhere";
  return boot === bootOf() && startOf(pid) === started ? "alive" : "dead";
}

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
  return readdirSync("/proc").some((name) => /^\d+$/.test(name) && statOf(Number(name))?.group === leader);
}

function startOf(pid: number): string | undefined {
  if (process.platform === "linux") return statOf(pid)?.started;
  const { stdout } = spawnSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], { encoding: "utf8" });
  const [, state, started] = /^\s*(\S+)\s+(.+?)\s*$/.exec(stdout) ?? [];
  return state?.startsWith("Z") ? undefined : started;
}

/** See proc(5), /proc/pid/stat; nothing for a process that has ended, waited for or not. */
function statOf(pid: number): { group: number; started: string } | undefined {
  let line: string;
  try {
    line = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return undefined;
  }
  // The program's name, in parentheses, may itself hold spaces and parentheses.
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const [state, , group] = fields;
  return state === "Z" || state === "X" ? undefined : { group: Number(group), started: fields[19] ?? "" };
}

let boot: string | undefined;
function bootOf(): string {
  boot ??=
    process.platform === "linux"
      ? readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()
      : spawnSync("sysctl", ["-n", "kern.bootsessionuuid"], { encoding: "utf8" }).stdout.trim();
  return boot;
}
