/** Commands that look after runs that were launched. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { ConfigurationError } from "figloom/errors";
import type { Run } from "figloom";

interface Flags {
  json?: boolean;
}

const INTERVAL_MS = 1000;

export function addFollowers(run: Command): void {
  // What stands behind a follower's name is the follower's, such as --json, which the command itself has, too.
  run.enablePositionalOptions();
  follower(
    run,
    "status",
    "say how a run stands: phases, tasks, what the scheduler says and what it means",
  ).action(async (dataset: string, name: string | undefined, { json }: Flags) => {
    const status = await (await find(dataset, name)).status();
    console.log(json ? JSON.stringify(status) : String(status));
    if (["failed", "lost"].includes(status.state)) process.exitCode = 1;
  });
  follower(
    run,
    "watch",
    "show a run as it goes on, until it has ended; Ctrl-C ends the watching only",
  ).action(watch);
  follower(run, "pause", "begin nothing further; what is at work is finished, and the tasks leave").action(
    async (dataset: string, name: string | undefined, flags: Flags) =>
      tell(await asked(await find(dataset, name), "pause"), "is pausing", flags),
  );
  follower(run, "resume", "go on, with new tasks where none is left").action(
    async (dataset: string, name: string | undefined, flags: Flags) =>
      tell(await asked(await find(dataset, name), "resume"), "goes on", flags),
  );
  follower(
    run,
    "cancel",
    "end a run; what is done is kept. A second time, tasks that have not left are stopped",
  ).action(async (dataset: string, name: string | undefined, flags: Flags) =>
    tell(await asked(await find(dataset, name), "cancel"), "is being cancelled", flags),
  );
  follower(run, "logs", "print the ends of the logs of whoever had a shard, or of a task, newest first")
    .option(
      "--shard <number>",
      "a shard's number, such as 7; with its phase where several have it: 2-score/7",
    )
    .option("--task <id>", "a task, as status names it")
    .action(
      async (dataset: string, name: string | undefined, flags: Flags & { shard?: string; task?: string }) => {
        const { shard, task, json } = flags;
        if ((shard === undefined) === (task === undefined))
          throw new ConfigurationError("Say whose logs, by --shard or by --task.");
        const run = await find(dataset, name);
        const logs = await run.logs(shard === undefined ? { task: task! } : { shard });
        console.log(json ? JSON.stringify(logs) : String(logs));
      },
    );
  follower(run, "report", "print a run's report; before its end, what can be said by now").action(
    async (dataset: string, name: string | undefined, { json }: Flags) => {
      const { report } = await import("../launch/index.js");
      const { state } = await find(dataset, name);
      const { markdown, json: figures, final } = await report(state.dataset!, state.run);
      console.log(json ? JSON.stringify({ final, report: figures }) : markdown.trimEnd());
    },
  );
  run
    .command("trust")
    .description("take over a run that somebody else launched, after a look at what its tasks start")
    .argument("<dataset>", "folder of the dataset")
    .argument("<run>", "the run's name")
    .option("--yes", "take it over")
    .option("--json", "print the result as JSON")
    .action(takeOver);
}

/** Shown first: whoever takes a run over has to know what that starts. */
async function takeOver(path: string, name: string, { yes, json }: Flags & { yes?: boolean }): Promise<void> {
  const [{ programs, trust }, { printable }] = await Promise.all([
    import("../launch/index.js"),
    import("figloom/runs"),
  ]);
  const { state } = await find(path, name);
  const shown = await programs(state.dataset!, state.run);
  if (!yes) {
    console.error(shown.map(printable).join("\n"));
    throw new ConfigurationError("That is what its tasks start. To take the run over, add --yes.");
  }
  await trust(state.dataset!, state.run);
  console.log(json ? JSON.stringify({ run: state.run, programs: shown }) : `${state.run} is yours as well.`);
}

const follower = (run: Command, name: string, description: string): Command =>
  run
    .command(name)
    .description(description)
    .argument("<dataset>", "folder of the dataset")
    .argument("[run]", "a run's name (default: the latest that was launched)")
    .option("--json", "print the result as JSON");

/** A run that was launched, the latest unless named. */
async function find(path: string, name: string | undefined): Promise<Run> {
  const { Dataset, findRun, launchedRuns } = await import("figloom/runs");
  const { folder } = await Dataset.open(path);
  if (name !== undefined) return findRun(folder, name);
  const [latest] = await launchedRuns(folder);
  if (latest !== undefined) return findRun(folder, latest);
  throw new ConfigurationError(`No run was launched on ${folder} yet; figloom run ${path} does so.`);
}

async function asked(run: Run, what: "pause" | "resume" | "cancel"): Promise<Run> {
  await run[what]();
  return run.refresh();
}

function tell(run: Run, what: string, { json }: Flags): void {
  console.log(json ? JSON.stringify({ run: run.name, status: run.state.status }) : `${run.name} ${what}.`);
}

async function watch(dataset: string, name: string | undefined, { json }: Flags): Promise<void> {
  const { isEnded } = await import("figloom/runs");
  let run = await find(dataset, name);
  let shown = "";
  for (;;) {
    const text = String(run);
    if (text !== shown && !json) console.error(text);
    shown = text;
    if (isEnded(run.state) || run.state.status === "paused") break;
    await sleep(INTERVAL_MS);
    run = await run.refresh();
  }
  const { status, message } = run.state;
  console.log(json ? JSON.stringify(run.state) : `${run.name} ${message ?? status}`);
  if (status === "failed" || status === "lost") process.exitCode = 1;
}
