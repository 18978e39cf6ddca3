/** Launching runs and looking after them; `figloom` loads it where somebody launches, or asks about a run. */
import type { ClusterRuns, ClusterStatus, LaunchOptions, PreparedLaunch, RunEvent } from "figloom";
import { readFile } from "node:fs/promises";
import { ConfigurationError } from "figloom/errors";
import { Dataset } from "figloom/stages";
import type { PhasePlan, RunPlan } from "../run/plan.js";
import { checkLaunch } from "./check.js";
import { cancelRun, pauseRun, resumeRun } from "./control.js";
import { gather, type Gathered } from "./facts.js";
import { logsOf } from "./logs.js";
import { look as lookAt, type Look } from "./look.js";
import { measuredRates } from "./measured.js";
import { launchPlan, type Foreseen } from "./outlook.js";
import { planRun } from "./plan.js";
import { openRun } from "./read.js";
import { reportOf } from "./report.js";
import { createRun, jobOf, submitPhases } from "./submit.js";
import { eventsOf } from "./tell.js";
import { todosOf } from "./todo.js";
import { estimateTokens } from "./tokens.js";
import { programsOf, trustRun } from "./trust.js";

export async function prepareLaunch(dataset: string, options: LaunchOptions): Promise<PreparedLaunch> {
  const ingests = options.stages?.includes("ingest") ?? false;
  const opened = await (ingests ? Dataset.openOrCreate(dataset) : Dataset.open(dataset));
  const gathered = await gather(opened.folder, options);
  await opened.make(); // workers start in its folder
  const plan = planRun(options, gathered.facts);
  const findings = await checkLaunch(gathered.folder, plan, gathered.engine, gathered.facts);
  const hindered = findings.problems.length > 0;
  const foreseen = hindered ? null : await foresee(plan, gathered, options);
  const shown = launchPlan(plan, gathered.facts, { foreseen, findings });
  return {
    plan: shown,
    scripts: () => Promise.all(plan.phases.map((phase) => scriptOf(gathered, plan, phase))),
    async submit() {
      if (hindered) throw new ConfigurationError(refusal(findings.problems));
      await createRun(gathered.folder, plan, gathered.write, shown.takes?.said ?? null);
      await submitPhases(gathered.folder, plan, gathered.engine, { phases: plan.phases, after: [] });
      return plan.run;
    },
  };
}

/** All that hinders it, a line each where it is more than one. */
function refusal(problems: readonly string[]): string {
  if (problems.length === 1) return `Nothing was submitted. ${problems[0]}`;
  return ["Nothing was submitted:", ...problems.map((problem) => `- ${problem}`)].join("\n");
}

/** What is known of how long it will take, without asking anybody. */
async function foresee(
  plan: RunPlan,
  { facts, prompt, papers }: Gathered,
  options: LaunchOptions,
): Promise<Foreseen> {
  const estimate = await estimateTokens(plan, facts, prompt, options);
  // Of no figures nothing was estimated.
  const captions = estimate?.figures ?? facts.items.recaption ?? null;
  const todos = await todosOf(plan, facts, { prompt, captions, papers });
  const measured = await measuredRates(
    plan.dataset,
    todos.map(({ basis }) => basis),
  );
  return { estimate, todos, measured, perSecond: options.perSecond };
}

/** All that submitting a phase would write and run. */
async function scriptOf({ folder, engine }: Gathered, plan: RunPlan, phase: PhasePlan): Promise<string> {
  const job = jobOf(folder, plan, phase, { name: `${plan.run}.${phase.id}.1`, after: [] });
  if (engine.dryRun) return engine.dryRun(job);
  const commands = job.tasks.map(({ command }) => command.join(" "));
  return [`# ${phase.id}: ${commands.length} processes of this machine`, ...new Set(commands)].join("\n");
}

/** One thing after the other: two clicks are no two submissions. */
const asking = new Map<string, Promise<unknown>>();

export function ask(dataset: string, run: string, request: "pause" | "resume" | "cancel"): Promise<boolean> {
  const before = asking.get(run) ?? Promise.resolve();
  const answer = before
    .catch(() => undefined)
    .then(async () => {
      seen.delete(run);
      const launched = await openRun(dataset, run);
      return { pause: pauseRun, resume: resumeRun, cancel: cancelRun }[request](launched);
    })
    .finally(() => seen.delete(run));
  asking.set(run, answer);
  return answer;
}

/** How long what the engine said is taken for what it would say: many may ask, and schedulers are asked sparingly. */
const FRESH_MS = 15_000;
const seen = new Map<string, { at: number; events: Promise<RunEvent[]> }>();

export function look(dataset: string, run: string): Promise<RunEvent[]> {
  const known = seen.get(run);
  if (known && performance.now() - known.at < FRESH_MS) return known.events;
  const events = openRun(dataset, run).then(async (launched) => eventsOf(await lookAt(launched)));
  seen.set(run, { at: performance.now(), events });
  events.catch(() => seen.delete(run));
  return events;
}

export async function status(dataset: string, run: string): Promise<ClusterStatus> {
  const launched = await openRun(dataset, run);
  return statusOf(launched.plan, await lookAt(launched));
}

function statusOf({ run, title, engine }: RunPlan, { state, said, phases, tasks }: Look): ClusterStatus {
  return {
    ...{ run, title, engine: engine.name, state, said, phases },
    tasks: tasks.map(({ phase, id, state, host, restarts, said, worker }) => ({
      ...{ phase, task: id, state, host: host ?? worker?.host ?? null, restarts, said },
      worker: worker && {
        name: worker.worker,
        ...{ status: worker.status, note: worker.note, done: worker.done, failed: worker.failed },
      },
    })),
  };
}

/** All that the tasks of a run start, a line each. */
export const programs = async (dataset: string, run: string): Promise<string[]> =>
  programsOf(await openRun(dataset, run));

/** Takes over a run that somebody else launched: its engine is asked from now on, and its programs are started. */
export async function trust(dataset: string, run: string): Promise<void> {
  const { folder } = await openRun(dataset, run);
  await trustRun(run, await readFile(folder.plan, "utf8"));
  seen.delete(run);
}

export const logs: ClusterRuns["logs"] = async (dataset, run, of) => logsOf(await openRun(dataset, run), of);

export const report: ClusterRuns["report"] = async (dataset, run) => reportOf(await openRun(dataset, run));
