import { arraysOf } from "./arrays.js";
import type { SlurmCommands } from "./commands.js";
import { SlurmFolder, type SlurmJobFile } from "./folder.js";
import { jobScript } from "./script.js";
import { sbatchWords } from "./submit.js";
import { quoteWord, taskLine } from "./words.js";

/** All that submitting a job would write and run, as text to read. */
export function dryRun(job: SlurmJobFile, commands: SlurmCommands): string {
  const folder = new SlurmFolder(`${job.options.folder}/${job.id}`);
  const arrays = arraysOf([...job.tasks.keys()], job.arraySize);
  const inherited = [...new Set(job.tasks.flatMap(({ inherit = [] }) => inherit))];
  const submissions = arrays.map((array, i) =>
    commands.shown(sbatchWords(folder, job, { ...array, name: `${job.id}.${i + 1}`, before: 0 }, [])),
  );
  return [
    `# ${folder.script}`,
    jobScript(job.options, job.resources).trimEnd(),
    "",
    `# ${folder.path}/tasks, which the script reads: a line for each of ${job.tasks.length} tasks`,
    ...job.tasks.slice(0, SHOWN).map(taskLine),
    ...(job.tasks.length > SHOWN ? [`… and ${job.tasks.length - SHOWN} more`] : []),
    "",
    `# Commands, in the folder ${quoteWord(process.cwd())}`,
    ...(job.after?.length ? ["# with --dependency=afterany: of the jobs before it"] : []),
    ...(inherited.length
      ? [`# with these variables of your environment, where set: ${inherited.join(" ")}`]
      : []),
    ...submissions,
    "",
  ].join("\n");
}

const SHOWN = 10;
