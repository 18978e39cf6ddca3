import { diskProblem } from "../dataset/files.js";
import { Quarantine, readQuarantine } from "../dataset/quarantine.js";
import { ItemError } from "../errors.js";
import type { QuarantineLine } from "../model.js";
import { runStage } from "../stages/run-stage.js";
import type { Progress, Stage } from "../stages/stage.js";
import { VERSION } from "../version.js";
import { fetchArxivPaper, isThere, requestsFor, type Errand } from "./arxiv.js";
import { Courier } from "./courier.js";
import { arxivName, type PaperName } from "./identifiers.js";
import { Listing } from "./listing.js";
import type { ArxivRecord } from "./oai.js";
import { PapersFolder } from "./papers-folder.js";
import { fetchPmcPaper } from "./pmc.js";
import { FINAL, ServerAwayError } from "./problems.js";
import { isQuery, type PaperQuery } from "./selection.js";
import { userAgent, type Servers } from "./servers.js";

/** What is to be fetched, all of it checked. */
export interface Wish {
  /** Papers by name; none where a query picks them. */
  names: readonly PaperName[];
  query: PaperQuery;
  /** Most papers that a query is to give. */
  limit: number;
}

export interface Means {
  out: string;
  servers: Servers;
  contact: string | undefined;
  pdf: boolean;
  refresh: boolean;
  /** Most bytes of one file. */
  maxBytes: number;
  patience: { retries: number; silence: number };
  signal: AbortSignal;
  onProgress(progress: Progress): void;
}

/** A paper of a wish, with what a listing says about it. */
interface Wanted {
  name: PaperName;
  record: ArxivRecord | null;
}

/** Papers in a row that a server may be out of reach for before the fetch ends. */
const GIVE_UP_AFTER = 3;

/**
 * Fetches the papers that are not there yet. One that cannot be had goes to the quarantine and the others go on; what
 * is passing is tried again.
 * @throws {ServerAwayError} when a server refuses us or is out of reach; what is done is kept
 */
export function fetchAll(wish: Wish, means: Means): Promise<Progress & { bytes: number }> {
  return withErrand(wish, means, async (errand, selection, onProgress) => {
    const { signal, out, refresh } = means;
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
    try {
      const progress = await runStage(stage, selection.papers(), {
        concurrency: 1,
        signal,
        total: selection.total,
        isDone: ({ name }) => isThere(errand, name),
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
}

/** Counts what a fetch would ask for; a query's papers are listed for it, nothing is downloaded. */
export function estimate(wish: Wish, means: Means): Promise<Estimate> {
  return withErrand(wish, means, async (errand, selection) => {
    const { servers } = means;
    const sum: Estimate = { papers: 0, reused: 0, requests: 0, seconds: 0 };
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

interface Selection {
  total: number;
  papers(): AsyncIterable<Wanted> | Iterable<Wanted>;
}

/** Does work with the folder, the servers and the list of what is wanted, and gives them all back. */
async function withErrand<T>(
  wish: Wish,
  means: Means,
  work: (errand: Errand, selection: Selection, onProgress: Means["onProgress"]) => Promise<T>,
): Promise<T> {
  const { servers, signal, pdf, refresh, maxBytes, patience, contact, out } = means;
  const watched = watch(means);
  const folder = await PapersFolder.open(out);
  const courier = new Courier({
    userAgent: userAgent(VERSION, contact),
    signal,
    onWait: watched.onWait,
    ...patience,
  });
  try {
    const errand: Errand = { courier, servers, folder, query: wish.query, pdf, refresh, limit: maxBytes };
    const selection = await select(wish, errand, watched.onProgress);
    return await work(errand, selection, watched.onProgress);
  } finally {
    await courier.close();
    await folder.close();
  }
}

async function select(
  { names, query, limit }: Wish,
  errand: Errand,
  onProgress: Means["onProgress"],
): Promise<Selection> {
  if (!isQuery(query)) {
    const wanted = names.map((name) => ({ name, record: null }));
    return { total: wanted.length, papers: () => wanted };
  }
  const { folder, courier, servers, refresh } = errand;
  const listing = new Listing(folder.state, courier, servers.listing, query);
  if (refresh) await listing.forget();
  const started = performance.now();
  const total = await listing.complete(limit, ({ found, seen, stretch, stretches }) =>
    onProgress({
      stage: "list",
      done: found,
      failed: 0,
      reused: 0,
      total: null,
      seconds: (performance.now() - started) / 1000,
      note: `found among ${seen} papers, part ${Math.min(stretch + 1, stretches)} of ${stretches}`,
    }),
  );
  async function* papers() {
    for await (const record of listing.papers(limit)) yield { name: arxivName(record.id, null), record };
  }
  return { total, papers };
}

/** Says what is waited for, between the results. */
function watch({ onProgress }: Means): {
  onProgress(progress: Progress): void;
  onWait(milliseconds: number): void;
} {
  let last: Progress | null = null;
  let at = 0;
  return {
    onProgress(progress) {
      [last, at] = [progress, performance.now()];
      onProgress(progress);
    },
    onWait(milliseconds) {
      const { note, ...state } = last ?? {
        stage: "fetch",
        done: 0,
        failed: 0,
        reused: 0,
        total: null,
        seconds: 0,
      };
      const wait = `next request in ${Math.ceil(milliseconds / 1000)} s`;
      const seconds = state.seconds + (last ? (performance.now() - at) / 1000 : 0);
      onProgress({ ...state, seconds, note: note === undefined ? wait : `${note}, ${wait}` });
    },
  };
}

/** Problems of earlier starts that asking again will not mend, by paper. */
async function finalProblems(out: string): Promise<[string, ItemError][]> {
  const lines: QuarantineLine[] = await readQuarantine(out);
  return lines
    .filter(({ stage, reason }) => stage === "fetch" && FINAL.has(reason))
    .map(({ item, reason, message, way_out }) => [item, new ItemError({ reason, message, wayOut: way_out })]);
}
