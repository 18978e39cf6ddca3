/** `figloom run`: launches a run on many workers, and looks after those that were launched. */
import type { Command } from "commander";
import type { LaunchEngine } from "figloom";
import { addFollowers } from "./followers.js";
import { launchOptions, metricChoice, withLaunchFlags, type LaunchFlags } from "./launch-flags.js";
import { refuseSlurmFlags, slurmOptions } from "./slurm-flags.js";
import { given } from "./values.js";

/** The program's own class makes the command, so that both agree on what an error is. */
export function addRun(program: Command): void {
  const command = program
    .command("run")
    .description(
      "Launch a run on many workers, which goes on by itself; and look after those that were launched.",
    )
    .argument("<dataset>", "folder of the dataset, which all workers see under the same path");
  withLaunchFlags(command)
    .addHelpText(
      "after",
      `
The command returns once the run is submitted; from then on it needs neither this terminal nor this machine. What is in
the dataset is not made again. First everything is checked that can be; what hinders the run is said in a sentence each,
and the exit code is 2. Hours are known beforehand of what this dataset's earlier runs have measured: try 200 figures
first (--limit 200), or give --per-second.

The commands below take the dataset, and a run's name where it is not the latest one. A dataset whose folder is called as
one of them is given as ./status.

Examples:
  figloom run data/all --prompt context --model Qwen/Qwen3-VL-8B-Instruct --on slurm --nodes 4 --partition h100 --dry-run
  figloom run data/all --stages recaption,score --prompt context --endpoint http://gpu1:8000
  figloom run data/all --stages score --metrics support,clip,pppl --clip clip-l14 --on slurm --nodes 4
  figloom run data/new --stages ingest,ocr,recaption --papers 'eprints/*.tar.gz'
  figloom run data/all --stages ocr --ocr-reader vllm --ocr-model Qwen/Qwen3-VL-8B-Instruct --on slurm --nodes 4
  figloom run watch data/all
  figloom run resume data/all 20261121T143355Z-recaption-3f2a9c`,
    )
    .action(run);
  addFollowers(command);
}

async function run(dataset: string, flags: LaunchFlags): Promise<void> {
  // Loaded late: the program asks for all commands at every start.
  const { prepareLaunch } = await import("figloom/runs");
  const { chosenScorers } = await import("figloom/stages");
  const choice = metricChoice(flags);
  const options = {
    ...launchOptions(flags, await engineOf(flags)),
    ...(choice && { metrics: chosenScorers(choice) }),
  };
  const { plan, scripts, submit } = await prepareLaunch(dataset, options);
  if (flags.dryRun) {
    const shown = await scripts();
    if (flags.json) console.log(JSON.stringify({ ...plan, scripts: shown }));
    else console.log([...shown, String(plan)].join("\n"));
    if (plan.problems.length > 0) process.exitCode = 2;
    return;
  }
  if (!flags.json && plan.problems.length === 0) console.error(String(plan));
  const name = await submit();
  const shown = { run: name, dataset, phases: plan.phases, takes: plan.takes };
  console.log(
    flags.json ? JSON.stringify(shown) : `${name} was submitted; figloom run watch ${dataset} shows it.`,
  );
}

async function engineOf(flags: LaunchFlags): Promise<LaunchEngine | "local"> {
  const { slots, nodes, cpuPartition } = flags;
  const { engineOf } = await import("../launch/engines.js");
  if (flags.on === "local") {
    refuseSlurmFlags(flags, { nodes, "cpu-partition": cpuPartition });
    return engineOf({ name: "local", options: given({ slots }) });
  }
  return engineOf({ name: "slurm", options: { ...given({ nodes }), ...slurmOptions(flags) } });
}
