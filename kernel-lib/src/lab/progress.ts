import type { Progress } from "../stages/stage.js";
import { printable } from "../text/printable.js";
import { duration } from "./summary.js";

/** Shows how far long work is on the terminal, or in a log where there is none. */
export interface LiveProgress {
  report(progress: Progress): void;
  /** Says something that happens meanwhile, in one line beside the progress. */
  say(text: string): void;
  /** Takes it away. */
  end(): void;
}

const TERMINAL_INTERVAL_MS = 100;
const LOG_INTERVAL_MS = 5000;

/** Starts a progress display; notebooks show the run's view instead. */
export function liveProgress(): LiveProgress {
  return process.stderr.isTTY ? terminalProgress() : logProgress();
}

/** `ingest: 12 of 34, 1 failed, 3.2/s, 7.0 s left` */
export function progressText(progress: Progress): string {
  const { stage, done, failed, failedBefore = 0, reused, total, seconds, unit, note } = progress;
  const passed = done + failed + reused;
  const worked = done + failed - failedBefore;
  const rate = seconds > 0 ? worked / seconds : 0;
  const parts = [
    `${passed.toLocaleString("en")}${total === null ? "" : ` of ${total.toLocaleString("en")}`}${unit === undefined ? "" : ` ${unit}`}`,
  ];
  const pace = unit === undefined ? "" : ` ${unit}`;
  if (failed > 0) parts.push(`${failed} failed`);
  if (worked > 0)
    parts.push(rate >= 1 ? `${rate.toFixed(1)}${pace}/s` : `${(60 * rate).toFixed(1)}${pace}/min`);
  if (total !== null && rate > 0 && passed < total) parts.push(`${duration((total - passed) / rate)} left`);
  if (note !== undefined) parts.push(note);
  return `${stage}: ${parts.join(", ")}`;
}

/** Lets one call through per interval; the first at once. */
function throttled(interval: number, draw: (progress: Progress) => void): (progress: Progress) => void {
  let last = -Infinity;
  return (progress) => {
    const now = performance.now();
    if (now - last < interval) return;
    last = now;
    draw(progress);
  };
}

const oneLine = (text: string): string => printable(text.replace(/\s+/g, " "));

function terminalProgress(): LiveProgress {
  const clear = "\r\x1b[K";
  let last = "";
  const draw = (before = "") =>
    process.stderr.write(`${clear}${before}${last.slice(0, (process.stderr.columns ?? 80) - 1)}`);
  return {
    report: throttled(TERMINAL_INTERVAL_MS, (progress) => {
      last = progressText(progress);
      draw();
    }),
    say: (text) => draw(`${oneLine(text)}\n`),
    end: () => process.stderr.write(clear),
  };
}

function logProgress(): LiveProgress {
  let last = performance.now();
  return {
    report(progress) {
      if (performance.now() - last < LOG_INTERVAL_MS) return;
      last = performance.now();
      process.stderr.write(`${progressText(progress)}\n`);
    },
    say: (text) => process.stderr.write(`${oneLine(text)}\n`),
    end: () => undefined,
  };
}
