import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rm, truncate } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { JsonlWriter } from "../disk/jsonl.js";
import { ConfigurationError } from "../errors.js";
import type { Courier } from "../http/courier.js";
import { askOai } from "./ask-oai.js";
import { listAddress, nextAddress, OaiError, type ArxivRecord, type OaiPage } from "./oai.js";
import { matches, setsOf, type PaperQuery } from "./selection.js";
import type { Server } from "../http/server.js";

/** A part of a listing that is asked for by one request and its successors. */
interface Stretch {
  set: string;
  /** Days of the records' last change. */
  from: string | null;
  until: string | null;
}

/** First line of a listing's file. */
interface Plan {
  made: string;
  stretches: Stretch[];
}

/** A further line: what one page brought. */
interface Page {
  stretch: number;
  /** Asks for the next page of the stretch; `null` behind its last. */
  token: string | null;
  /** The wanted papers of the page. A stretch that was begun anew brings some a second time. */
  records: ArxivRecord[];
}

/** How far a listing has come. */
export interface ListingProgress {
  /** Wanted papers found. */
  found: number;
  /** Records that were looked at since the start. */
  seen: number;
  /** Records of the stretches that are known so far. */
  stretches: number;
  stretch: number;
}

/** The day of arXiv's first datestamp, as its OAI-PMH Identify says: all records were (re)made then. */
const EARLIEST = "2005-09-16";

/** How often a stretch is begun anew when its token has expired. */
const RESTARTS = 5;

/**
 * The papers that a query asks for, in the order of arXiv's list, each once. What was listed stays on the disk: a
 * listing that was broken off goes on where it stopped, and one that is complete is not made again that day, or ever
 * where its days are all past.
 *
 * arXiv can be asked for records by the day of their last change only. A paper of a day may have been changed on any
 * later one, so everything since is listed and the wanted days are picked out of it, year by year: a token that
 * expires costs a year's list and no more. Memory grows with the ids of the papers that are found.
 */
export class Listing {
  readonly #courier: Courier;
  readonly #server: Server;
  readonly #query: PaperQuery;
  readonly #file: string;
  readonly #today: string;

  constructor(
    folder: string,
    courier: Courier,
    server: Server,
    query: PaperQuery,
    today = dayOf(new Date()),
  ) {
    const { categories = [], discipline = null, from = null, until = null, licences = [] } = query;
    const identity = [server.base, [...categories].sort(), discipline, from, until, [...licences].sort()];
    const hash = createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 16);
    this.#file = join(folder, `list-${hash}.jsonl`);
    this.#courier = courier;
    this.#server = server;
    this.#query = query;
    this.#today = today;
  }

  /** Forgets what was listed. */
  async forget(): Promise<void> {
    await rm(this.#file, { force: true });
  }

  /**
   * Lists until the end or until `limit` papers are found.
   * @returns how many there are, `limit` at most
   */
  async complete(limit: number, onProgress: (progress: ListingProgress) => void): Promise<number> {
    await mkdir(dirname(this.#file), { recursive: true });
    // What a crash left half written at the end is cut off.
    await (await JsonlWriter.open(this.#file)).close();
    const state = await this.#state(limit);
    if (state.found.size >= limit) return limit;
    const writer = await JsonlWriter.open(this.#file);
    try {
      let { plan } = state;
      if (!plan) await writer.append((plan = this.#plan()));
      let seen = 0;
      let restarts = 0;
      let { stretch, token } = state;
      while (stretch < plan.stretches.length && state.found.size < limit) {
        const part = plan.stretches[stretch]!;
        const page = await this.#page(part, token);
        if (page === "expired") {
          if (++restarts > RESTARTS)
            throw new ConfigurationError(
              `${this.#server.name} forgets its place in the list faster than the list can be read; ask for fewer days at a time.`,
            );
          token = null;
          continue;
        }
        const records = page.records.filter((record) => matches(record, this.#query));
        await writer.append({ stretch, token: page.token, records } satisfies Page);
        for (const { id } of records) state.found.add(id);
        seen += page.records.length;
        token = page.token;
        if (token === null) {
          stretch++;
          restarts = 0;
        }
        onProgress({ found: state.found.size, seen, stretch, stretches: plan.stretches.length });
      }
    } finally {
      await writer.close();
    }
    return Math.min(limit, state.found.size);
  }

  /** The papers that were found, `limit` at most. */
  async *papers(limit: number): AsyncGenerator<ArxivRecord> {
    const given = new Set<string>();
    for await (const line of this.#lines()) {
      if (!("records" in line)) continue;
      for (const record of line.records) {
        if (given.size >= limit) return;
        if (given.has(record.id)) continue;
        given.add(record.id);
        yield record;
      }
    }
  }

  /** What the file holds; a complete listing that is out of date is forgotten. */
  async #state(limit: number) {
    const state = {
      plan: null as Plan | null,
      stretch: 0,
      token: null as string | null,
      found: new Set<string>(),
    };
    for await (const line of this.#lines()) {
      if (!("records" in line)) {
        state.plan = line;
        continue;
      }
      for (const { id } of line.records) state.found.add(id);
      [state.stretch, state.token] =
        line.token === null ? [line.stretch + 1, null] : [line.stretch, line.token];
    }
    const { plan } = state;
    const complete = plan !== null && state.stretch >= plan.stretches.length;
    const settled = plan !== null && (plan.made === this.#today || (this.#query.until ?? "9999") < plan.made);
    if (!complete || settled || state.found.size >= limit) return state;
    await truncate(this.#file, 0);
    return { plan: null, stretch: 0, token: null, found: new Set<string>() };
  }

  #plan(): Plan {
    const { from } = this.#query;
    const stretches = setsOf(this.#query).flatMap((set) =>
      yearsSince(from === undefined || from < EARLIEST ? null : from, this.#today).map((days) => ({
        set,
        ...days,
      })),
    );
    return { made: this.#today, stretches };
  }

  async #page({ set, from, until }: Stretch, token: string | null): Promise<OaiPage | "expired"> {
    const { base } = this.#server;
    const address = token === null ? listAddress(base, set, from, until) : nextAddress(base, token);
    try {
      return await askOai(this.#courier, this.#server, address);
    } catch (error) {
      if (!(error instanceof OaiError)) throw error;
      if (token !== null && error.code === "badResumptionToken") return "expired";
      throw new ConfigurationError(
        `${this.#server.name} refuses to list ${set}: ${error.message} (${error.code}). Is the category written as arXiv writes it?`,
        { cause: error },
      );
    }
  }

  async *#lines(): AsyncGenerator<Plan | Page> {
    let number = 0;
    for await (const line of createInterface({
      input: createReadStream(this.#file, "utf8"),
      crlfDelay: Infinity,
    })) {
      number++;
      try {
        yield JSON.parse(line) as Plan | Page;
      } catch {
        throw new ConfigurationError(
          `Line ${number} of ${this.#file} is damaged; delete the file, and the list is asked for again.`,
        );
      }
    }
  }
}

/** The years from a day to today, the last one open: records change while they are listed. */
function yearsSince(from: string | null, today: string): { from: string | null; until: string | null }[] {
  const first = Number((from ?? EARLIEST).slice(0, 4));
  const last = Math.max(first, Number(today.slice(0, 4)));
  return Array.from({ length: last - first + 1 }, (_, i) => ({
    from: i === 0 ? from : `${first + i}-01-01`,
    until: first + i === last ? null : `${first + i}-12-31`,
  }));
}

export const dayOf = (date: Date): string => date.toISOString().slice(0, 10);
