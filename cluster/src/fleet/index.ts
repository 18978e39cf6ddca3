/** Fleets: servers that stand by for cells and commands. */
import { start, status, stop } from "./fleets.js";

export type { FleetOptions } from "./fleets.js";
export { FleetStatus, type FleetNode, type FleetNow } from "./status.js";

/**
 * Servers for interactive work, which come when asked for and go away when nobody uses them.
 *
 * ```ts
 * await fleet.start({ model: "Qwen/Qwen3-VL-8B-Instruct", on: slurm({ partition: "h100" }), nodes: 2 });
 * await lab.recaption({ prompt: "context", limit: 200 }); // finds them
 * String(await fleet.status());
 * await fleet.stop();
 * ```
 */
export const fleet = { start, status, stop };
