import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

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

/** Linux: the process group of a process, nothing when it has ended, waited for or not. */
export function groupOf(pid: number): number | undefined {
  return statOf(pid)?.group;
}

function startOf(pid: number): string | undefined {
  if (process.platform === "linux") return statOf(pid)?.started;
  if (process.platform === "win32") return isRunning(pid) ? "" : undefined;
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

/** Windows has no start time at hand: a pid that is used again is taken for the first process. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

let boot: string | undefined;
function bootOf(): string {
  boot ??= readBoot();
  return boot;
}

function readBoot(): string {
  if (process.platform === "linux") return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  if (process.platform === "win32") return "";
  return spawnSync("sysctl", ["-n", "kern.bootsessionuuid"], { encoding: "utf8" }).stdout.trim();
}
