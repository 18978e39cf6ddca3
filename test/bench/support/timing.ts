import { execFile, type ExecFileOptions } from "node:child_process";

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Milliseconds that some work took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Runs a program to its end; what it prints is thrown away. @throws when it fails or takes more than two minutes */
export function runProgram(command: string, args: string[], options: ExecFileOptions = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const whole = { timeout: 120_000, maxBuffer: 2 ** 30, ...options };
    execFile(command, args, whole, (error) => (error ? reject(error) : resolve()));
  });
}

/** First line that a program says of its version; `null` where it is not installed. */
export function versionOf(command: string, flag = "--version"): Promise<string | null> {
  return new Promise((resolve) =>
    execFile(command, [flag], (error, stdout, stderr) =>
      resolve(error ? null : (/\d+(?:\.\d+)+/.exec(stdout || stderr)?.[0] ?? "of unknown version")),
    ),
  );
}

/** Does `work` on every item, `lanes` at a time. */
export async function inLanes<T>(
  items: readonly T[],
  lanes: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const queue = items.values();
  const lane = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
