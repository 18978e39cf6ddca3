/** Finding and ending the processes of one private Slurm among all that run here. Linux. */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** @typedef {{ pid: number, parent: number, command: string, variables: Set<string> }} Process */

/**
 * The daemons of a cluster, or of what its jobs have started, however deep and in whatever session: all have the
 * cluster's configuration in their environment, and a node's jobs the node's name. What runs a job's steps hides its
 * environment, and is known by its children.
 * @param {string} conf path of the cluster's `slurm.conf`
 * @param {string} [node] only what the jobs on this node have started
 * @param {string} [text] only those that have it in their command line
 * @returns {number[]} pids; those that run steps come first, so that they can tell nobody how their children ended
 */
export function processesOf(conf, node, text) {
  const all = running();
  const mine = all.filter(
    ({ variables, command }) =>
      variables.has(`SLURM_CONF=${conf}`) &&
      (node === undefined || variables.has(`SLURMD_NODENAME=${node}`)) &&
      (text === undefined || command.includes(text)),
  );
  if (text !== undefined) return mine.map(({ pid }) => pid);
  const parents = new Set(mine.map(({ parent }) => parent));
  const steps = all.filter(({ pid, command }) => parents.has(pid) && command.startsWith("slurmstepd"));
  return [...new Set([...steps, ...mine].map(({ pid }) => pid))].filter((pid) => pid !== process.pid);
}

/**
 * Sends SIGKILL until none of them is left; what they start meanwhile is found on the next look.
 * @param {() => number[]} find
 */
export async function endAll(find) {
  for (let pids = find(); pids.length; pids = find()) {
    pids.forEach(kill);
    await sleep(20);
  }
}

/** @param {number} pid of a process that may have ended by itself */
export function kill(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ESRCH") throw error;
  }
}

/** @returns {Process[]} all whose environment may be read, without those that have ended */
function running() {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = read(name, "stat");
      const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (state === "Z" || state === "X") return [];
      const variables = new Set(read(name, "environ").split("\0"));
      return [{ pid: Number(name), parent: Number(parent), command: read(name, "cmdline"), variables }];
    } catch {
      return [];
    }
  });
}

/**
 * @param {string} pid
 * @param {string} file
 */
const read = (pid, file) => readFileSync(`/proc/${pid}/${file}`, "latin1");
