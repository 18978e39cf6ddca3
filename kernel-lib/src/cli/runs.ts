import { setTimeout as sleep } from "node:timers/promises";
import { Command, Option } from "commander";
import { openLab } from "../lab/lab.js";
import type { Run } from "../lab/runs.js";
import { count } from "../lab/summary.js";
import { printable } from "../text/printable.js";
import { isEnded } from "../views/run.js";
import { answer, JSON_OPTION } from "./options.js";

interface Flags {
  watch?: boolean;
  pause?: string;
  resume?: string;
  cancel?: string;
  json?: boolean;
}

const INTERVAL_MS = 1000;

export function runsCommand(): Command {
  return new Command("runs")
    .description("List the work that was and is done on a dataset, watch it, pause it, resume it, end it.")
    .argument("<dataset>", "folder of the dataset")
    .option("--watch", "show the runs that go on once a second, until all have ended")
    .addOption(new Option("--pause <run>", "begin no further figure; what is at work is finished"))
    .addOption(new Option("--resume <run>", "go on after a pause").conflicts("pause"))
    .addOption(new Option("--cancel <run>", "end it; what is done is kept").conflicts(["pause", "resume"]))
    .option(...JSON_OPTION)
    .addHelpText(
      "after",
      `
A run is one call or command: ingest, check, recaption, score, a trial of prompts. One whose process died is lost: what it
did is kept, and the same command goes on from there. Requests reach runs on machines that see the folder, within seconds.

Examples:
  figloom runs data/astronomy --watch
  figloom runs data/astronomy --pause 20261121T143355Z-recaption-3f2a9c`,
    )
    .action(async (dataset: string, { watch, pause, resume, cancel, json }: Flags) => {
      const lab = await openLab(dataset, { create: false });
      if (pause !== undefined) await (await lab.run(pause)).pause();
      if (resume !== undefined) await (await lab.run(resume)).resume();
      if (cancel !== undefined) await (await lab.run(cancel)).cancel();
      let runs = await lab.runs();
      while (watch && runs.some(isUnderWay)) {
        for (const run of runs.filter(isUnderWay)) console.error(printable(String(run)));
        await sleep(INTERVAL_MS);
        runs = await lab.runs();
      }
      if (!json) for (const run of runs) console.log(printable(String(run)));
      const states = runs.map(({ state }) => state);
      if (json) answer({ runs: states }, { json });
      else console.log(`${count(runs.length, "run")}, ${runs.filter(isUnderWay).length} under way`);
    });
}

const isUnderWay = ({ state }: Run): boolean => !isEnded(state);
