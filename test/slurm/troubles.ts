/** What goes wrong on a cluster while a run is at work. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { RunFolder } from "../../cluster/src/run/places.js";
import type { Slurm } from "../support/slurm/slurm.js";
import { until } from "../support/until.js";

/** Each befalls one of the tasks at work, drawn by chance. */
export function troublesOf(cluster: Slurm, run: RunFolder, random: () => number) {
  /** Its name at Slurm, and its node. */
  const someTask = async () => {
    const running = () => cluster.command("squeue", "-h", "-r", "-t", "running", "-o", "%F_%K %N");
    const tasks = (await until(running)).split("\n");
    const [task, node] = tasks[Math.floor(random() * tasks.length)]!.split(" ") as [string, string];
    return { task, node };
  };
  const dead: string[] = [];
  const troubles = {
    /** A network cut: Slurm gives the task to another node, while its first copy goes on. */
    async cut() {
      const { task, node } = await someTask();
      cluster.partition(node);
      dead.push(node);
      return {
        runOnTwoNodes: () =>
          until(async () => {
            const nodes = new Set(await nodesOf(run, task));
            return nodes.size > 1 && nodes.has(node);
          }, 500),
      };
    },
    /** A power cut. */
    async crash() {
      const { node } = await someTask();
      await cluster.crash(node);
      dead.push(node);
    },
    async serverDies() {
      const { node } = await someTask();
      expect(cluster.endPrograms(node, "mock-server-program")).toBeGreaterThan(0);
    },
    async requeue() {
      await cluster.command("scontrol", "requeue", (await someTask()).task);
    },
    async timeLimit() {
      await cluster.command("scontrol", "update", `jobid=${(await someTask()).task}`, "EndTime=now+30");
    },
    async controllerDies() {
      cluster.killController();
      await cluster.startController();
    },
  };
  return {
    troubles,
    /** Nodes that were lost come back. */
    heal: () => Promise.all(dead.splice(0).map((node) => cluster.revive(node))),
  };
}

/** Where attempts at a task have begun, as the job script wrote down. */
async function nodesOf(run: RunFolder, task: string): Promise<string[]> {
  const engine = join(run.path, "engine");
  const texts: string[] = [];
  for (const job of await readdir(engine))
    for (const name of await readdir(join(engine, job, "records")))
      texts.push(await readFile(join(engine, job, "records", name), "utf8"));
  const lines = texts.join("").split("\n");
  return lines
    .map((line) => line.split(" "))
    .flatMap(([what, , self, node]) => (what === "begin" && self === task ? node! : []));
}
