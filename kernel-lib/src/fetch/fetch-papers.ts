import { diskProblem } from "../disk/files.js";
import { Quarantine, readQuarantine } from "../dataset/quarantine.js";
import { ItemError } from "../errors.js";
import { runStage } from "../stages/run-stage.js";
import type { Progress, Stage } from "../stages/stage.js";
import { fetchArxivPaper, isThere, requestsFor } from "./arxiv.js";
import { select, withErrand, type Means, type Wanted, type Wish } from "./errand.js";
import { fetchPmcPaper } from "./pmc.js";
import { ServerAwayError } from "../http/problems.js";
import { FINAL } from "./problems.js";

/** Papers in a row that a server may be out of reach for before the fetch ends. */
const GIVE_UP_AFTER = 3;

/**
 * Fetches the papers that are not there yet. One that cannot be had goes to the quarantine and the others go on; what
 * is passing is tried again.
 * @throws {ServerAwayError} when a server refuses us or is out of reach; what is done is kept
 */
export function fetchAll(wish: Wish, means: Means): Promise<Progress & { bytes: number }> {
  return withErrand(wish, means, async (errand) => {
    const selection = await select(wish, errand);
    const { folder, signal, refresh, onProgress } = errand;
    const out = folder.path;
    const quarantine = await Quarantine.open(out, "fetch");
    const before = new Map(refresh ? [] : await finalProblems(out));
    let bytes = 0;
    let unreachable = 0;
    let away: ServerAwayError | null = null;
    const stage: Stage<Wanted, void> = {
      name: "fetch",
      version: 1,
      key: ({ name }) => name.paper_id,
      async run({ name, record }) {
        const known = before.get(name.paper_id);
        if (known) throw known;
        try {
          const fetched = await (name.from === "pmc"
            ? fetchPmcPaper(errand, name)
            : fetchArxivPaper(errand, name, record));
          bytes += fetched.bytes;
        } catch (error) {
          if (error instanceof ServerAwayError) away = error;
          throw diskProblem(out, error);
        }
      },
    };
    onProgress({ stage: "fetch", done: 0, failed: 0, reused: 0, total: selection.total, seconds: 0 });
    try {
      const progress = await runStage(stage, selection.papers(), {
        concurrency: 1,
        signal,
        total: selection.total,
        isDone: ({ name }) => (isThere(errand, name) ? "done" : null),
        onProgress,
        file: ({ name }) => name.id,
        async keep({ name }) {
          unreachable = 0;
          await quarantine.settle(name.paper_id, []);
          return true;
        },
        async refuse({ name }, line) {
          if (away) throw away;
          await quarantine.settle(name.paper_id, [line]);
          unreachable = line.reason === "server-unreachable" ? unreachable + 1 : 0;
          if (unreachable === GIVE_UP_AFTER)
            throw new ServerAwayError(
              `${GIVE_UP_AFTER} papers in a row could not be fetched; the last: ${line.message} What is there is kept; start the same again later.`,
            );
        },
      });
      return { ...progress, bytes };
    } finally {
      await quarantine.close();
    }
  });
}

/** What fetching would mean. */
export interface Estimate {
  /** Papers that are wanted. */
  papers: number;
  /** How many of them are there. */
  reused: number;
  /** Requests that the rest needs at least. */
  requests: number;
  /** Seconds that they take at least, at the servers' pace. */
  seconds: number;
  /** Bytes of what is missing, `null` where they are not known before. */
  bytes: number | null;
}

/** Counts what a fetch would ask for; a query's papers are listed for it, nothing is downloaded. */
export function estimate(wish: Wish, means: Means): Promise<Estimate> {
  return withErrand(wish, means, async (errand) => {
    const selection = await select(wish, errand);
    const { servers } = errand;
    const sum: Estimate = { papers: 0, reused: 0, requests: 0, seconds: 0, bytes: null };
    for await (const { name, record } of selection.papers()) {
      sum.papers++;
      if (isThere(errand, name)) {
        sum.reused++;
        continue;
      }
      if (name.from === "pmc") {
        // Of an article: its list of files, what is known about it, and the text.
        sum.requests += 3;
        sum.seconds += (3 * servers.pmc.interval) / 1000;
        continue;
      }
      const { questions, files } = requestsFor(errand, name, record);
      sum.requests += questions + files;
      // The waiting at one host goes on while the other is asked.
      sum.seconds += Math.max(questions * servers.listing.interval, files * servers.eprints.interval) / 1000;
    }
    return sum;
  });
}

/** Problems of earlier starts that asking again will not mend, by paper. */
async function finalProblems(out: string): Promise<[string, ItemError][]> {
  const lines = await readQuarantine(out);
  return lines
    .filter(({ stage, reason }) => stage === "fetch" && FINAL.has(reason))
    .map(({ item, reason, message, way_out }) => [item, new ItemError({ reason, message, wayOut: way_out })]);
}
