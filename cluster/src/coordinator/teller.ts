import { RUN_LIMITS, type RateBasis, type RunPart, type RunShards, type RunStatus } from "figloom/stages";
import type { WorkerState } from "../run/beats.js";
import type { RunPlan } from "../run/plan.js";
import { stageText } from "../run/stage-text.js";
import type { Desk } from "./desk.js";
import type { Journal } from "./journal.js";
import { Pace } from "./pace.js";
import { Rates } from "./rates.js";
import { runRateOf } from "./run-rate.js";
import type { Spending } from "./spending.js";
import {
  atWork,
  newFailures,
  newNotices,
  partOf,
  plus,
  reasonsOf,
  serversOf,
  shardsAtWork,
  shardsOf,
  workersOf,
} from "./telling.js";

/** What a coordinator sees of a run at a time. */
export interface Survey {
  states: readonly WorkerState[];
  isSilent(worker: string): boolean;
  desks: readonly Desk[];
  /** That of the phase that goes on. */
  desk: Desk;
  /** Seconds that anybody worked on that phase. */
  seconds: number;
  /** What its rate goes by; `null` where that was not asked for. */
  basis: Omit<RateBasis, "units"> | null;
  spent: Spending;
  status: Exclude<RunStatus, "finished" | "failed" | "cancelled" | "lost">;
}

/** Workers that one line of events tells of. */
const MOST_WORKERS = 150;

/** Tells those who watch how a run goes, no more often than they need. */
export class Teller {
  readonly #rates = new Rates();
  readonly #told = new Set<string>();
  readonly #progress: Pace;
  readonly #details: Pace;

  constructor(
    private readonly journal: Journal,
    private readonly plan: RunPlan,
  ) {
    const leastMs = Math.min(1000, plan.limits.beatSeconds * 1000) / 2;
    this.#progress = new Pace({ leastMs, mostMs: 10_000, share: 1 / 600 });
    this.#details = new Pace({ leastMs: 4 * leastMs, mostMs: 60_000, share: 1 / 100 });
  }

  /** @param all whether everything is due */
  tell(survey: Survey, all = false): void {
    const { journal } = this;
    const { states, isSilent, desk, status } = survey;
    const now = performance.now();
    const age = Date.now() - (journal.state?.started ?? Date.now());
    this.#rates.see(states);
    if (journal.state?.status !== status) journal.write({ event: "status", status });
    for (const failure of newFailures(states, journal.state?.failures ?? [], RUN_LIMITS.samples))
      journal.write({ event: "failure", failure });
    for (const text of newNotices(states, this.#told, journal.state?.notices ?? []))
      journal.write({ event: "notice", text });
    if (this.#progress.isDue(age, now) || all) this.#tellProgress(survey);
    if (this.#details.isDue(age, now) || all) {
      const servers = serversOf(states, isSilent);
      if (servers.length > 0 || (journal.state?.servers.length ?? 0) > 0)
        journal.write({ event: "servers", servers });
      const workers = workersOf(states, {
        ...{ isSilent, done: desk.done, most: MOST_WORKERS },
        perSecond: (worker) => this.#rates.of(worker),
      });
      journal.write({ event: "workers", workers });
    }
  }

  #tellProgress(survey: Survey): void {
    const { states, isSilent, desks, desk, spent } = survey;
    const { prompt_tokens, completion_tokens, cost } = spent;
    const notes = states.filter(({ phase, worker }) => phase === desk.phase.id && !isSilent(worker));
    this.journal.write({
      ...{ event: "progress", index: desk.index, part: this.#part(survey) },
      note: noteOf(notes),
      usage: desks.some(({ phase }) => phase.serving) ? { prompt_tokens, completion_tokens, cost } : null,
      reasons: reasonsOf(states, RUN_LIMITS.reasons),
    });
    const shards = desks.map((each): RunShards => {
      const working = shardsAtWork(each.phase.id, states, { isSilent, done: each.done });
      return shardsOf(
        each.phase.id,
        each.planned,
        { done: each.done.all.size, givenUp: each.givenUp },
        working,
      );
    });
    this.journal.write({ event: "shards", shards });
  }

  #part({ states, desk, seconds, basis }: Survey): RunPart {
    const { phase, planned, done } = desk;
    const counts = plus(desk.counts, atWork(phase.id, states, done));
    // An earlier coordinator may have known it.
    const known = basis ?? this.journal.state?.parts[desk.index]?.rate ?? null;
    const rate = known && runRateOf(this.plan, phase, known, { states, seconds });
    return partOf(stageText(phase.spec), counts, { total: planned?.items ?? null, seconds, rate });
  }
}

/** `3 of 4 workers at work` */
function noteOf(states: readonly WorkerState[]): string | null {
  const there = states.filter(({ status }) => status !== "left" && status !== "gave-up");
  if (there.length === 0) return null;
  const working = there.filter(({ status }) => status === "working").length;
  const what = there.length === 1 ? "worker" : "workers";
  return working === there.length ? `${working} ${what}` : `${working} of ${there.length} ${what} at work`;
}
