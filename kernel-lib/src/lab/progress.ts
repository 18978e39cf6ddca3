import { inNotebook, show, type Display } from "../kernel/display.js";
import type { Progress } from "../stages/stage.js";
import { printable } from "../text/printable.js";
import { escapeHtml } from "../views/twins/html.js";
import { duration } from "./summary.js";

/** Shows how far long work is, where the user sits: an output in the notebook, a line on the terminal. */
export interface LiveProgress {
  report(progress: Progress): void;
  /** Says something that happens meanwhile, in one line beside the progress. */
  say(text: string): void;
  /** Shows the last state with how it ended. */
  end(text: string): void;
}

const NOTEBOOK_INTERVAL_MS = 200;
const TERMINAL_INTERVAL_MS = 100;
const LOG_INTERVAL_MS = 5000;
/** Lines that are kept in sight in a notebook. */
const LINES = 5;

/** Starts a progress display for the calling cell or terminal. */
export function liveProgress(): LiveProgress {
  if (inNotebook()) return notebookProgress();
  return process.stderr.isTTY ? terminalProgress() : logProgress();
}

/** `ingest: 12 of 34, 1 failed, 3.2/s, 7.0 s left` */
export function progressText(progress: Progress): string {
  const { stage, done, failed, failedBefore = 0, reused, total, seconds, note } = progress;
  const passed = done + failed + reused;
  const worked = done + failed - failedBefore;
  const rate = seconds > 0 ? worked / seconds : 0;
  const parts = [
    `${passed.toLocaleString("en")}${total === null ? "" : ` of ${total.toLocaleString("en")}`}`,
  ];
  if (failed > 0) parts.push(`${failed} failed`);
  if (worked > 0) parts.push(rate >= 1 ? `${rate.toFixed(1)}/s` : `${(60 * rate).toFixed(1)}/min`);
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

function notebookProgress(): LiveProgress {
  let shown: Display | null = null;
  let share = 0;
  let last = "";
  let said: string[] = [];
  const draw = (text: string) => {
    last = text;
    const bundle = { "text/plain": [text, ...said].join("\n"), "text/html": progressHtml(text, share, said) };
    if (shown) shown.update(bundle);
    else shown = show(bundle);
  };
  // The first result may take a while.
  draw("starting …");
  return {
    report: throttled(NOTEBOOK_INTERVAL_MS, (progress) => {
      share = shareOf(progress);
      draw(progressText(progress));
    }),
    say(text) {
      const line = oneLine(text);
      said = [...said.filter((other) => other !== line), line].slice(-LINES);
      draw(last);
    },
    end(text) {
      share = 1;
      draw(text);
    },
  };
}

function shareOf({ done, failed, reused, total }: Progress): number {
  return total ? (done + failed + reused) / total : 0;
}

function progressHtml(text: string, share: number, said: readonly string[]): string {
  const bar =
    share < 1 ? `<progress max="1" value="${share.toFixed(3)}" style="width:16em"></progress> ` : "";
  const lines = said.map((line) => `<li>${escapeHtml(line)}</li>`).join("");
  const list = lines && `<ul style="margin:.3em 0 0;padding-left:1.5em;opacity:.8">${lines}</ul>`;
  return `<div style="font-variant-numeric:tabular-nums">${bar}${escapeHtml(text)}${list}</div>`;
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
