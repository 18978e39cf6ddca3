/** Signs of life of who holds a lock, for those on other machines: `<claims>/<number>.beat`, whose content changes. */
import { readFileSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { namesIn } from "./files.js";

const ENDING = ".beat";
const fileOf = (claims: string, number: number): string => join(claims, `${number}${ENDING}`);

/** Of one width: to write it again takes no room on a full disk. */
const textOf = (beat: number): string => String(beat).padStart(12, "0");

/**
 * Gives signs of life for a claim, and forgets those of earlier ones. It does not keep the process running, and a sign that
 * cannot be written is left out.
 * @returns ends it
 */
export async function giveBeats(claims: string, number: number, everyMs: number): Promise<() => void> {
  const path = fileOf(claims, number);
  for (const name of await namesIn(claims))
    if (name.endsWith(ENDING)) rmSync(join(claims, name), { force: true });
  let beat = 0;
  let writing: Promise<void> | null = null;
  let ended = false;
  const give = (flag: "w" | "r+") => {
    writing ??= writeFile(path, textOf(beat++), { flag, flush: true })
      .catch(() => undefined)
      .finally(() => {
        writing = null;
        if (ended) rmSync(path, { force: true });
      });
    return writing;
  };
  await give("w");
  const clock = setInterval(() => void give("r+"), everyMs);
  clock.unref();
  return () => {
    ended = true;
    clearInterval(clock);
    if (!writing) rmSync(path, { force: true });
  };
}

/** The last sign of life; `null` where there is none. */
export function lastBeat(claims: string, number: number): string | null {
  try {
    return readFileSync(fileOf(claims, number), "utf8");
  } catch {
    return null;
  }
}

/** What was heard, and since when, by this process's own clock: other machines' may be wrong. */
const heard = new Map<string, { beat: string | null; since: number }>();

/** Milliseconds for which this process knows a claim to give no sign of life; 0 the first time it asks. */
export function silenceOf(claims: string, number: number): number {
  const path = fileOf(claims, number);
  const beat = lastBeat(claims, number);
  const before = heard.get(path);
  if (before?.beat === beat) return performance.now() - before.since;
  heard.set(path, { beat, since: performance.now() });
  return 0;
}
