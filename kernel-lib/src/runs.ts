/** What commands about runs need of figloom: launching them, and finding those that were. */
export { prepareLaunch } from "./lab/launch.js";
export { findRun, listRuns, type Run } from "./lab/runs.js";
export { launchedRuns } from "./work/cluster-runs.js";
export { Dataset } from "./dataset/store.js";
export { isEnded } from "./views/run.js";
export { printable } from "./text/printable.js";
