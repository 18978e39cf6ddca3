import { hostname, userInfo } from "node:os";
import { rm } from "node:fs/promises";
import { ConfigurationError } from "figloom/errors";
import { EventLog, type RunEvent } from "figloom/stages";
import type { Engine, JobHandle } from "../engine.js";
import { readControl, readStop, writeControl, type Want } from "../run/control.js";
import type { Launched } from "./read.js";
import { isLive } from "./explain.js";
import { look } from "./look.js";
import { adoptJobs, submitPhases } from "./submit.js";
import { trustedEngine } from "./trust.js";

/**
 * Lets a run pause: no further item is begun, and workers leave when what they have at work is done. What waits in the
 * engine's queue is taken out of it.
 * @returns whether there was anything to be done
 */
export const pauseRun = async (launched: Launched, engine?: Engine): Promise<boolean> =>
  holdRun(launched, engine ?? (await trustedEngine(launched)), "pause");

/** Ends a run. Asked a second time, it has the engine stop the tasks that have not left. */
export const cancelRun = async (launched: Launched, engine?: Engine): Promise<boolean> =>
  holdRun(launched, engine ?? (await trustedEngine(launched)), "cancel");

async function holdRun(launched: Launched, engine: Engine, want: Exclude<Want, "run">): Promise<boolean> {
  const { folder } = launched;
  const before = await look(launched, engine);
  if (before.state === "finished" || before.state === "cancelled") return false;
  const again = want === "cancel" && (await readControl(folder)).want === "cancel";
  // First the word, so that what the engine starts meanwhile leaves at once.
  await writeControl(folder, want, whoAmI());
  for (const { handle } of await adoptJobs(folder, engine)) {
    const tasks = (await engine.status(handle)).filter(again ? isLive : ({ state }) => state === "queued");
    if (tasks.length > 0)
      await engine.cancel(
        handle,
        tasks.map(({ id }) => id),
      );
  }
  const { state, said } = await look(launched, engine);
  // Nobody else is left who could say so.
  if (state === "paused") await tell(launched, { event: "status", status: "paused" });
  if (state === "cancelled") await tell(launched, { event: "end", status: "cancelled", message: said });
  return true;
}

/**
 * Lets a run go on: after a pause, after it was cancelled, or where its tasks have died. For phases that are not
 * finished new tasks are submitted where none is left, and where those that are left are leaving, to begin after them.
 * @returns whether there was anything to be done
 * @throws {ConfigurationError} where its budget is spent
 */
export async function resumeRun(launched: Launched, given?: Engine): Promise<boolean> {
  const { folder, plan } = launched;
  const engine = given ?? (await trustedEngine(launched));
  const before = await look(launched, engine);
  if (before.state === "finished") return false;
  const stop = await readStop(folder);
  if (stop?.kind === "budget")
    throw new ConfigurationError(
      `${plan.run} stopped itself: ${stop.message} Launch again with another budget: what is done is not done again.`,
    );
  const areLeaving = stop !== null || (await readControl(folder)).want !== "run";
  const live = await liveJobs(launched, engine);
  await rm(folder.stop, { force: true });
  await writeControl(folder, "run", whoAmI());
  const finished = new Set(before.phases.filter((phase) => phase.finished).map(({ id }) => id));
  const unfinished = plan.phases.filter(({ id }) => !finished.has(id));
  const first = unfinished.findIndex(({ id }) => areLeaving || !live.has(id));
  if (first < 0) return areLeaving;
  const phases = unfinished.slice(first);
  // Tasks of a later phase have nothing to do before this one, and have given up by the time that it is done.
  for (const { id } of phases.slice(1)) for (const handle of live.get(id) ?? []) await engine.cancel(handle);
  if (live.size === 0) await tell(launched, { event: "status", status: "starting" });
  const after = unfinished.slice(0, first + 1).flatMap(({ id }) => live.get(id) ?? []);
  await submitPhases(folder, plan, engine, { phases, after });
  return true;
}

/** Jobs that have tasks left, by phase. */
async function liveJobs({ folder }: Launched, engine: Engine): Promise<Map<string, JobHandle[]>> {
  const live = new Map<string, JobHandle[]>();
  for (const { phase, handle } of await adoptJobs(folder, engine))
    if ((await engine.status(handle)).some(isLive)) live.set(phase, [...(live.get(phase) ?? []), handle]);
  return live;
}

/** Says something to those who watch, where no worker is left to do so. */
async function tell({ dataset, plan }: Launched, event: Untimed<RunEvent>): Promise<void> {
  const log = new EventLog(dataset, plan.run);
  log.write({ at: Date.now(), ...event } as RunEvent);
  await log.close();
}

type Untimed<Event> = Event extends unknown ? Omit<Event, "at"> : never;

function whoAmI(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return hostname();
  }
}
