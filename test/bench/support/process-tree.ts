import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const SAMPLE_MS = 50;

/** Most memory that a program and all that it starts had resident at once. */
export interface Peak {
  mebibytes: number;
  seconds: number;
}

/**
 * Runs a program to its end and looks at its process tree every 50 ms, after proc(5): Linux only. Pages that several
 * processes share count for each.
 * @throws when it ends with another code than 0
 */
export async function peakOf(command: string, args: string[]): Promise<Peak> {
  const start = performance.now();
  const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-2000)));
  const ended = new Promise<number | null>((resolve, reject) =>
    child.once("error", reject).once("close", resolve),
  );
  let [peak, running] = [0, true];
  void ended.finally(() => (running = false)).catch(() => undefined);
  while (running) {
    peak = Math.max(peak, residentKibibytes(child.pid!));
    await sleep(SAMPLE_MS);
  }
  const code = await ended;
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}: ${said}`);
  return { mebibytes: peak / 1024, seconds: (performance.now() - start) / 1000 };
}

function residentKibibytes(root: number): number {
  const processes = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statusOf(Number(name)) ?? []);
  const children = new Map<number, typeof processes>();
  for (const one of processes) children.set(one.parent, [...(children.get(one.parent) ?? []), one]);
  const own = processes.find(({ pid }) => pid === root)?.resident ?? 0;
  const below = (pid: number): number =>
    (children.get(pid) ?? []).reduce((total, child) => total + child.resident + below(child.pid), 0);
  return own + below(root);
}

function statusOf(pid: number): { pid: number; parent: number; resident: number } | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
    return { pid, parent: field("PPid"), resident: field("VmRSS") };
  } catch {
    return undefined; // ended meanwhile
  }
}
