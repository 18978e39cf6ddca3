/** What several commands share: reading option values, answering, cancelling. */
import { join } from "node:path";
import { InvalidArgumentError } from "commander";
import type { Lab } from "../lab/lab.js";
import { printable } from "../text/printable.js";

/** Reads a whole number from `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
    throw new InvalidArgumentError(`It is a whole number from ${least}.`);
  };
}

/** Reads names that are separated by commas. */
export const listed = (text: string): string[] => text.split(",").map((name) => name.trim());

/** Reads the old and the new caption of a comparison. */
export function captionPair(text: string): [from: string, to: string] {
  const [from, to, ...more] = listed(text);
  if (from && to && more.length === 0) return [from, to];
  throw new InvalidArgumentError("It is two captions, such as raw,extractive.");
}

export const JSON_OPTION = ["--json", "print the result as JSON"] as const;

/** Prints a command's result as its last line: in words, or as JSON. */
export function answer(result: object, { json }: { json?: boolean | undefined }): void {
  console.log(json ? JSON.stringify(result, inMilliseconds) : printable(String(result)));
}

/** Times to the millisecond: a clock's further digits say nothing. */
const inMilliseconds = (name: string, value: unknown): unknown =>
  name === "seconds" && typeof value === "number" ? Number(value.toFixed(3)) : value;

/** Failures that are listed on the terminal; the quarantine has them all. */
const LISTED = 10;

/** Lists what failed in a stage and why, and sets exit code 1 when more items failed than are allowed. */
export async function judge(
  lab: Pick<Lab, "path" | "quarantine">,
  stage: string,
  failed: number,
  allowed: number | undefined,
): Promise<void> {
  if (failed > 0) {
    const lines = (await lab.quarantine()).filter((line) => line.stage === stage);
    for (const { item, message, way_out } of lines.slice(0, LISTED))
      console.error(printable(`${message.startsWith(`${item}:`) ? "" : `${item}: `}${message} ${way_out}`));
    if (lines.length > LISTED)
      console.error(`… and ${lines.length - LISTED} more in ${join(lab.path, "quarantine")}`);
  }
  if (allowed === undefined || failed <= allowed) return;
  console.error(`figloom: ${failed} failed, ${allowed} were allowed (--max-failed).`);
  process.exitCode = 1;
}

/**
 * Runs work that Ctrl-C (or SIGTERM) cancels in an orderly way; a second one quits at once, which loses nothing that
 * was reported done either.
 */
export async function cancellable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(1);
    process.stderr.write("\nStopping; press Ctrl-C again to quit at once.\n");
    controller.abort();
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}
