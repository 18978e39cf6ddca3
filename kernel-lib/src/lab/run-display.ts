import { isAbsolute, relative, sep } from "node:path";
import { show, type Display } from "../kernel/display.js";
import { isEnded, RUN_MIME, type RunState, type RunView } from "../views/run.js";
import { runHtml, runText } from "../views/twins/run.js";
import { eventsFile } from "../work/places.js";
import type { LiveRun } from "../work/live-run.js";

/** A run for the extension, with its HTML and text twins, by MIME type. */
function runBundle(state: RunState): Record<string, unknown> {
  const view: RunView = { state, file: fileOf(state) };
  return { [RUN_MIME]: view, "text/html": runHtml(view), "text/plain": runText(view) };
}

/** Shows a run under the running cell, as it is now; in JupyterLab the view follows it by itself. */
export function showRun(state: RunState): Display {
  return show(runBundle(state));
}

/**
 * Shows a run that goes on in this process, and its later states: once a second while no page follows it by itself, and
 * in any case how it ended, for the output is what the notebook keeps.
 * @returns draws the last state
 */
export function showLiveRun(run: LiveRun): () => void {
  const display = showRun(run.state);
  const deaf = run.onTick(() => {
    if (!run.isWatched && !isEnded(run.state)) display.update(runBundle(run.state));
  });
  return () => {
    deaf();
    display.update(runBundle(run.state));
  };
}

/** A kernel works in its notebook's folder; a page can ask for files in it and below. */
function fileOf({ dataset, run }: RunState): string | null {
  if (dataset === null) return null;
  const path = relative(process.cwd(), eventsFile(dataset, run));
  return path.startsWith("..") || isAbsolute(path) ? null : path.split(sep).join("/");
}
