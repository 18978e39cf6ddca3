import { beatFile, Heart, type WorkerState, type WorkerStatus } from "../run/beats.js";
import { makeFolder } from "../run/files.js";
import type { RunServer } from "figloom/stages";
import type { RunFolder } from "../run/places.js";
import { Figures } from "./figures.js";
import type { Identity } from "./identity.js";
import type { Asked } from "./serving.js";

/** Notices that a heartbeat holds. */
const MOST_NOTICES = 20;

/** What others see of a worker: its heartbeat, with its figures, its servers, and what it has to say. */
export class Presence {
  readonly figures = new Figures();
  /** The model that it asks, once there is one. */
  asked: Asked | null = null;
  #notices: WorkerState["notices"] = [];

  private constructor(private readonly heart: Heart) {}

  /** @throws {ConfigurationError} where the run's folder cannot be written */
  static async begin(run: RunFolder, phase: string, identity: Identity, beatMs: number): Promise<Presence> {
    const now = Date.now();
    const first: WorkerState = {
      ...identity,
      ...{ phase, started: now, begun: null, at: now, beat: 0, status: "starting", note: null },
      ...{ ...new Figures().said, usage: null, servers: [], programs: [], notices: [] },
    };
    await makeFolder(run.workers);
    const heart = new Heart(beatFile(run, identity.worker), first, beatMs);
    await heart.beatNow();
    return new Presence(heart);
  }

  /** What it is at. */
  say(status: WorkerStatus, note: string | null): void {
    const begun = this.heart.state.begun ?? (status === "working" ? Date.now() : null);
    this.heart.state = { ...this.heart.state, status, note, begun };
    this.show();
  }

  /** Told to those who watch the run, and to the task's log; not again and again. */
  tell(text: string): void {
    if (this.#notices.at(-1)?.text === text) return;
    console.error(text);
    this.#notices = [...this.#notices, { at: Date.now(), text }].slice(-MOST_NOTICES);
  }

  /** Servers before there is a model that knows them. */
  showServers(servers: RunServer[]): void {
    this.heart.state = { ...this.heart.state, servers };
  }

  /** Brings what the next heartbeat says up to date. */
  show(): void {
    const { asked } = this;
    this.heart.state = {
      ...this.heart.state,
      ...this.figures.said,
      notices: this.#notices,
      ...(asked && { servers: asked.servers(), usage: asked.usage(), programs: asked.programs() }),
    };
  }

  /** Says it now. A beat that cannot be written is left out. */
  async beat(): Promise<void> {
    await this.heart.beatNow().catch(() => undefined);
  }

  async end(last: "left" | "gave-up", note: string): Promise<void> {
    this.say("leaving", note);
    await this.heart.stop(last);
  }
}
