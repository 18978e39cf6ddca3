/** Who was asked for what and how often: what a test, or a rehearsal, wants to know of a server. */
import { closeSync, openSync, writeSync } from "node:fs";
import type { WrongPicture } from "./pictures.js";

/** All requests of one `X-Request-Id`. */
export interface RequestRecord {
  asked: number;
  /** How the last one ended: `200 stop`, `503`, `aborted`, `reset`, `lost`; `null` while it is at work. */
  outcome: string | null;
}

export interface Report {
  /** Chat requests, those that failed included. */
  requests: number;
  /** Answers by HTTP status. */
  by_status: Record<string, number>;
  /** Left by the client before they were answered. */
  aborted: number;
  /** Connections broken by a fault or an engine's death. */
  broken: number;
  /** Faults that happened, by kind. */
  faults: Record<string, number>;
  /** Engines that died. */
  deaths: number;
  wrong_pictures: WrongPicture[];
  wrong_pictures_total: number;
  /** By `X-Request-Id`; the oldest are forgotten first. */
  ids: Record<string, RequestRecord>;
}

const REMEMBERED_IDS = 100_000;
const LISTED_PICTURES = 1000;

export class Records {
  readonly #ids = new Map<string, RequestRecord>();
  readonly #status = new Map<number, number>();
  readonly #faults = new Map<string, number>();
  readonly #wrong: WrongPicture[] = [];
  readonly #log: number | null;
  #requests = 0;
  #aborted = 0;
  #broken = 0;
  #deaths = 0;
  #wrongTotal = 0;

  /** @param log file that lines are added to, one write each, so that a kill loses none */
  constructor(log: string | null) {
    this.#log = log === null ? null : openSync(log, "a");
  }

  /** @returns which chat request this is, from 1 */
  asked(id: string): number {
    this.#requests++;
    if (id !== "") {
      const record = this.#ids.get(id) ?? { asked: 0, outcome: null };
      record.asked++;
      record.outcome = null;
      this.#ids.delete(id);
      this.#ids.set(id, record);
      if (this.#ids.size > REMEMBERED_IDS) this.#ids.delete(this.#ids.keys().next().value!);
    }
    this.#line({ event: "asked", id });
    return this.#requests;
  }

  /** `outcome` as {@link RequestRecord.outcome} has it. */
  ended(id: string, outcome: string): void {
    const record = this.#ids.get(id);
    if (record) record.outcome = outcome;
    if (outcome === "aborted") this.#aborted++;
    if (outcome === "reset" || outcome === "lost") this.#broken++;
    this.#line({ event: "ended", id, outcome });
  }

  status(status: number): void {
    this.#status.set(status, (this.#status.get(status) ?? 0) + 1);
  }

  /** SHA-256 of the pictures that came with a request. */
  pictures(id: string, shas: readonly string[]): void {
    this.#line({ event: "pictures", id, shas });
  }

  /** @param error which, where the fault is an error by its name */
  fault(kind: string, id: string, error?: string): void {
    this.#faults.set(kind, (this.#faults.get(kind) ?? 0) + 1);
    this.#line({ event: "fault", id, kind, error });
  }

  died(): void {
    this.#deaths++;
    this.#line({ event: "died" });
  }

  wrongPicture(wrong: WrongPicture): void {
    this.#wrongTotal++;
    if (this.#wrong.length < LISTED_PICTURES) this.#wrong.push(wrong);
    this.#line({ event: "wrong-picture", ...wrong });
  }

  report(): Report {
    return {
      requests: this.#requests,
      by_status: Object.fromEntries(this.#status),
      aborted: this.#aborted,
      broken: this.#broken,
      faults: Object.fromEntries(this.#faults),
      deaths: this.#deaths,
      wrong_pictures: [...this.#wrong],
      wrong_pictures_total: this.#wrongTotal,
      ids: Object.fromEntries([...this.#ids].map(([id, record]) => [id, { ...record }])),
    };
  }

  close(): void {
    if (this.#log !== null) closeSync(this.#log);
  }

  #line(line: object): void {
    if (this.#log !== null) writeSync(this.#log, `${JSON.stringify({ time: Date.now(), ...line })}\n`);
  }
}
