import type { LiveRun } from "./live-run.js";

const KEY = Symbol.for("figloom.runs");

/** Runs that go on in this process, by name. The notebook's figloom and the kernel's service are bundles with modules of their own. */
export const liveRuns: Map<string, LiveRun> = ((globalThis as { [KEY]?: Map<string, LiveRun> })[KEY] ??=
  new Map());
