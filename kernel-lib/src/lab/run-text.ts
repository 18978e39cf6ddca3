import { printable } from "../text/printable.js";
import { integer } from "../views/wording.js";
import type { ClusterStatus, RunLog } from "../work/cluster-runs.js";
import { tokensText } from "./estimate-text.js";
import type { LaunchPlan } from "./launch-options.js";
import { count } from "./summary.js";

/** Tasks that are listed; the others are counted. */
const LISTED = 40;

/** How a run stands: a sentence, a line for each phase, and a line for each task with what it is at. */
export function statusReport({ run, title, engine, state, said, phases, tasks }: ClusterStatus): string {
  const shown = tasks.slice(0, LISTED);
  const rest = tasks.length - shown.length;
  const more = said.toLowerCase().startsWith(state) ? said.slice(state.length).replace(/^[.:\s]+/, "") : said;
  const sentence = more.charAt(0).toUpperCase() + more.slice(1);
  return [
    `${run}  ${title}, on ${engine}: ${state}. ${sentence}`,
    ...phases.map(({ id, shards, done, collected, finished }) => {
      if (finished) return `  ${id}: finished, ${shardsText(shards ?? done)}`;
      if (shards === null) return `  ${id}: not planned yet`;
      return `  ${id}: ${integer(done)} of ${shardsText(shards)} done, ${integer(collected)} in the dataset`;
    }),
    ...shown.map(
      ({ phase, task, state, host, said }) =>
        `  ${phase} ${task}: ${state}${host ? ` on ${host}` : ""}, ${said}`,
    ),
    ...(rest > 0 ? [`  … and ${count(rest, "task")} more`] : []),
  ]
    .map(printable)
    .join("\n");
}

const shardsText = (shards: number): string => count(shards, "shard");

/** Logs one after the other, each under a line that says whose it is. */
export function logText(logs: readonly RunLog[]): string {
  return logs
    .flatMap(({ phase, task, why, stdout, stderr }) => [
      `== ${phase} ${task} (${why})`,
      ...(stdout === "" ? [] : [stdout.trimEnd()]),
      ...(stderr === "" ? [] : ["-- stderr", stderr.trimEnd()]),
      ...(stdout === "" && stderr === "" ? ["(nothing was written)"] : []),
    ])
    .map((text) => text.split("\n").map(printable).join("\n"))
    .join("\n");
}

/** What a launch would do, what it takes as far as that is known, and what may be wrong with it. */
export function planText({
  run,
  title,
  engine,
  phases,
  estimate,
  takes,
  problems,
  doubts,
}: LaunchPlan): string {
  const lines = [
    `${run}  ${title}, on ${engine}`,
    ...phases.flatMap(({ id, stage, title, items, shards, shardSize, workers, gpus, said }) => {
      const what =
        items === null || shards === null
          ? `what comes of the phase before${shardSize === null ? "" : `, in shards of ${integer(shardSize)}`}`
          : `${integer(items)} ${stage === "ingest" ? "papers" : "figures"} in ${shards > 1 ? "about " : ""}${shardsText(shards)}`;
      const who = `${count(workers, "worker")}${gpus > 0 ? ` of ${count(gpus, "GPU")}` : ""}`;
      return [`  ${id}: ${title}, ${what}, ${who}`, ...(said === null ? [] : [`    ${said}`])];
    }),
  ];
  if (estimate) lines.push(...tokensText(estimate));
  if (takes) lines.push([takes.said, takes.advice].filter((part) => part !== null).join(" "));
  lines.push(
    ...doubts.map((doubt) => `Not sure: ${doubt}`),
    ...problems.map((problem) => `Cannot be done: ${problem}`),
  );
  return lines.map(printable).join("\n");
}
