import { isEnded, type RunStatus } from "figloom/stages";
import { hasLeft, type Beats, type WorkerState } from "../run/beats.js";
import { holdsLease, releaseLease, takeLease, type Holder, type Lease } from "../run/leases.js";
import type { RunFolder } from "../run/places.js";
import type { RunPlan } from "../run/plan.js";
import type { Desk } from "./desk.js";
import { Journal } from "./journal.js";
import { spendingOf } from "./spending.js";
import { Teller, type Survey } from "./teller.js";

/** The coordinator's role while one has it: the lease, and what it keeps in mind. */
export class Role {
  readonly teller: Teller;
  /** Seconds that anybody worked on each phase. */
  readonly #seconds: Map<string, number>;
  #surveyed = performance.now();

  private constructor(
    readonly lease: Lease,
    readonly journal: Journal,
    private readonly plan: RunPlan,
  ) {
    this.teller = new Teller(journal, plan);
    const parts = journal.state?.parts ?? [];
    this.#seconds = new Map(plan.phases.map(({ id }, index) => [id, parts[index]?.seconds ?? 0]));
  }

  /** `null` where another has it. */
  static async take(run: RunFolder, plan: RunPlan, self: Holder, beats: Beats): Promise<Role | null> {
    const lease = await takeLease(run.coordinator, self, beats);
    return lease && new Role(lease, await Journal.open(plan.dataset, plan.run), plan);
  }

  isHeld(): Promise<boolean> {
    return holdsLease(this.lease);
  }

  /** Milliseconds since the run was launched. */
  get ageMs(): number {
    return Date.now() - (this.journal.state?.started ?? Date.now());
  }

  /** Whether those who watch know that the run has ended. */
  get hasEnded(): boolean {
    const { state } = this.journal;
    return state !== null && isEnded(state);
  }

  /** What is to be seen now; the time since the last look counts where somebody was at work. */
  survey(
    desks: readonly Desk[],
    desk: Desk,
    states: readonly WorkerState[],
    want: string,
    beats: Beats,
  ): Omit<Survey, "basis"> {
    const isSilent = (worker: string) => beats.isStale(worker);
    const isAtWork = (state: WorkerState) =>
      !hasLeft(state) && state.status !== "leaving" && !isSilent(state.worker);
    const { id } = desk.phase;
    const now = performance.now();
    const passed = states.some((state) => state.phase === id && isAtWork(state)) ? now - this.#surveyed : 0;
    this.#surveyed = now;
    const seconds = (this.#seconds.get(id) ?? 0) + passed / 1000;
    this.#seconds.set(id, seconds);
    const status = statusOf(want, states.some(isAtWork));
    return {
      states,
      isSilent,
      desks,
      desk,
      seconds,
      status,
      spent: spendingOf(this.plan, states, this.#seconds),
    };
  }

  /** Gives it back. */
  async close(): Promise<void> {
    await this.journal.close();
    await releaseLease(this.lease).catch(() => undefined);
  }
}

function statusOf(want: string, isBusy: boolean): Survey["status"] & RunStatus {
  if (want === "cancel") return "cancelling";
  if (want === "pause") return isBusy ? "pausing" : "paused";
  return "running";
}
