/** What a plan says in words of how long it will take. */
import type { LaunchPhase, LaunchRate, LaunchTakes } from "figloom";
import { duration, type RunStageName } from "figloom/stages";

const ITEMS: Record<RunStageName, [one: string, many: string, toBe: string]> = {
  ingest: ["paper", "papers", "read"],
  ocr: ["picture", "pictures", "read"],
  recaption: ["figure", "figures", "caption"],
  score: ["caption", "captions", "measure"],
};

/** What is before a phase, how long that takes, and whose rate that rests on. */
export function phaseSaid({ stage, todo, after, hours, rate }: Untold): string {
  const [one, many, verb] = ITEMS[stage];
  if (todo === 0)
    return `nothing is left to ${verb}${after.length === 0 ? "" : ` but what ${after.join(", ")} changes`}`;
  const what =
    todo === null
      ? `${many} to ${verb}: as many as come of ${after.join(", ")}`
      : `${todo.toLocaleString("en")} ${todo === 1 ? one : many} to ${verb}`;
  const more = todo === null || after.length === 0 ? "" : `, and what ${after.join(", ")} changes`;
  if (!rate) return `${what}${more}; time not known, since no run of this dataset has measured enough of it`;
  const time = hours === null ? "" : `about ${duration(3600 * hours)}, `;
  return `${what}${more}; ${time}${rateText(rate)}`;
}

/** `0.19 a second on each of 32 processors, as 20261122T…-ocr-3f2a9c measured on 200` */
function rateText({ each, unit, units, startup, run, by, made }: LaunchRate): string {
  const rate =
    units === 1
      ? `${figures(each)} a second`
      : `${figures(each)} a second on each of ${figures(units)} ${PLURALS[unit]}`;
  const start = startup >= 1 ? `, servers up after ${duration(startup)}` : "";
  if (run === null) return `${rate}, as given`;
  const other = by === null ? "" : ` with ${by}`;
  return `${rate}${start}, as ${run} measured${other} on ${made!.toLocaleString("en")}`;
}

const PLURALS: Record<LaunchRate["unit"], string> = {
  ...{ server: "servers", gpu: "GPUs", processor: "processors", process: "workers", worker: "workers" },
};

/** How to come to know what nothing was measured of: by less of it. */
export function adviceOf(phases: readonly Untold[]): string | null {
  const unmeasured = phases.filter(({ hours, rate }) => hours === null && rate === null);
  if (unmeasured.length === 0) return null;
  return unmeasured.some(({ stage }) => stage === "ingest")
    ? "Read some of the papers first."
    : "Try some figures first: limit: 200, on the command line --limit 200.";
}

type Untold = Omit<LaunchPhase, "said">;

/** What the whole run will take, as far as that is known. */
export function takesSaid(
  { hours, gpu_hours, cost, open }: Omit<LaunchTakes, "said" | "advice">,
  phases: readonly Untold[],
): string {
  const isAll = phases.every(({ hours, after }) => hours !== null && after.length === 0);
  if (hours === null) return "How long it takes is not known.";
  if (hours === 0 && isAll) return "Nothing is left to be done.";
  const parts = [
    duration(3600 * hours),
    ...(gpu_hours ? [`${figures(gpu_hours)} GPU-hours`] : []),
    ...(!cost ? [] : [`cost ${cost >= 0.1 ? cost.toFixed(2) : figures(cost)}`]),
  ];
  const rest = open.length === 0 ? "" : `; not known of ${open.join(", ")}`;
  return `Together ${isAll ? "about" : "at least"} ${parts.join(", ")}${rest}. Waiting for machines is not counted.`;
}

const figures = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)));
