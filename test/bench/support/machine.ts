import { arch, availableParallelism, cpus, loadavg, platform } from "node:os";
import { VERSION } from "../../../kernel-lib/src/version.js";

/** What figures of speed and memory depend on everywhere: figloom, Node, and this machine with what else it does. */
export const versionsHere = (): Record<string, string> => ({
  figloom: VERSION,
  Node: process.versions.node,
  machine: `${platform()} ${arch()}, ${availableParallelism()} × ${cpus()[0]?.model ?? "unknown"}, load ${loadavg()[0]!.toFixed(1)}`,
});
