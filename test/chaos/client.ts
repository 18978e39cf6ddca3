/** `figloom recaption` as a process that can be killed. */
import { spawn } from "node:child_process";
import { openSync, closeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ClientOptions {
  program: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  /** File for what it prints, both streams. */
  output: string;
  /** Looked at often while it runs; `kill` ends the process at once. */
  meanwhile?: (kill: () => void) => Promise<void>;
}

const LOOK_MS = 40;

export async function runClient({ program, args, env, output, meanwhile }: ClientOptions): Promise<Ended> {
  const file = openSync(output, "a");
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ["ignore", file, file],
    env: { ...process.env, ...env },
  });
  closeSync(file);
  let ended: Ended | null = null;
  const end = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject).once("exit", (code, signal) => resolve((ended = { code, signal })));
  });
  try {
    while (meanwhile && ended === null) {
      await meanwhile(() => child.kill("SIGKILL"));
      await Promise.race([end, sleep(LOOK_MS)]);
    }
    return await end;
  } finally {
    if (ended === null) child.kill("SIGKILL");
  }
}
