import { join } from "node:path";
import { ConfigurationError } from "../errors.js";
import { estimate, fetchAll, type Estimate, type Means, type Wish } from "../fetch/fetch-papers.js";
import { parsePaperName } from "../fetch/identifiers.js";
import { checkQuery, isQuery, type PaperQuery } from "../fetch/selection.js";
import { serversOf, type ServerOptions } from "../fetch/servers.js";
import { count, duration, saying } from "./summary.js";
import { doWork, type WorkOptions } from "./work.js";

export interface FetchOptions extends WorkOptions, ServerOptions {
  /** Folder for the papers and their `metadata.jsonl`; made where there is none. */
  out: string;
  /** Most papers that a query gives. @default all */
  limit?: number;
  /** Whether the PDF is wanted beside the source. @default false */
  pdf?: boolean;
  /** Whether papers that are there are fetched again. @default false */
  refresh?: boolean;
  /** E-mail or web address by which a server's operators can reach you. @default the environment's FIGLOOM_CONTACT */
  contact?: string;
  /** Largest file that is taken, in MiB. @default 512 */
  maxSize?: number;
  /** How often a request that fails in passing is tried again. @default 5 */
  retries?: number;
  /** Seconds without a byte after which a request is given up. @default 60 */
  silence?: number;
}

export interface FetchResult {
  folder: string;
  /** Papers that are there now, of those that were asked for. */
  papers: number;
  /** How many of them were there before. */
  reused: number;
  /** Bytes that were fetched. */
  bytes: number;
  /** Papers that could not be had; `quarantine/fetch.jsonl` in the folder says why. */
  quarantined: number;
  seconds: number;
}

/** What to fetch: ids or addresses of papers, or the properties of arXiv papers, or ids with properties they must have. */
export type FetchSelection = string | readonly string[] | (PaperQuery & { ids?: readonly string[] });

/**
 * Fetches papers' sources: arXiv e-prints by id, or by category, discipline, days and licence, and articles of
 * PubMed Central's open-access subset by id. Polite: one request at a time and no faster than the server allows, which
 * for arXiv is one in three seconds. What is there is not fetched again, and what was interrupted goes on.
 *
 * ```ts
 * await fetchPapers(["1703.09824", "hep-th/9901001"], { out: "papers" });
 * await fetchPapers({ categories: ["astro-ph.GA"], from: "2024-01-01", until: "2024-01-31", licences: ["cc-by"] },
 *   { out: "papers", limit: 100 });
 * await lab.ingest("papers");
 * ```
 * @throws {ConfigurationError} for a selection or option that is wrong, before anything is asked
 */
export function fetchPapers(selection: FetchSelection, options: FetchOptions): Promise<FetchResult> {
  const wish = wishOf(selection, options);
  const means = meansOf(options);
  const why = join(options.out, "quarantine", "fetch.jsonl");
  return doWork(
    options,
    async (work) => {
      const { done, failed, reused, seconds, bytes } = await fetchAll(wish, { ...means, ...work });
      const result = {
        folder: options.out,
        papers: done + reused,
        reused,
        bytes,
        quarantined: failed,
        seconds,
      };
      return saying(result, fetchText(result));
    },
    why,
  );
}

/** What fetching would mean: the papers, and how long they take at least. Lists them, downloads nothing. */
export function planFetch(
  selection: FetchSelection,
  options: FetchOptions,
): Promise<Estimate & { quarantined: 0 }> {
  const wish = wishOf(selection, options);
  const means = meansOf(options);
  return doWork(options, async (work) => {
    const plan = await estimate(wish, { ...means, ...work });
    return saying({ ...plan, quarantined: 0 as const }, planText(plan));
  });
}

function wishOf(selection: FetchSelection, { limit = Infinity }: FetchOptions): Wish {
  const { ids = [], ...query } =
    typeof selection === "string" ? { ids: [selection] } : isList(selection) ? { ids: selection } : selection;
  checkQuery(query);
  if (ids.length === 0 && !isQuery(query))
    throw new ConfigurationError("Say what to fetch: ids of papers, a category, or a discipline.");
  if (ids.length > 0 && isQuery(query))
    throw new ConfigurationError("Give ids of papers, or a category or discipline, not both.");
  if (limit !== Infinity && !(Number.isInteger(limit) && limit >= 1))
    throw new ConfigurationError(`The limit is a whole number from 1, not ${limit}.`);
  const names = new Map(ids.map(parsePaperName).map((name) => [name.paper_id, name]));
  return { names: [...names.values()].slice(0, limit), query, limit };
}

function meansOf(options: FetchOptions): Omit<Means, "signal" | "onProgress"> {
  const {
    out,
    pdf = false,
    refresh = false,
    contact = process.env.FIGLOOM_CONTACT,
    maxSize = 512,
    retries = 5,
    silence = 60,
  } = options;
  if (!(maxSize > 0)) throw new ConfigurationError(`The largest size is a number of MiB, not ${maxSize}.`);
  const patience = { retries, silence: silence * 1000 };
  return { out, pdf, refresh, contact, patience, maxBytes: maxSize * 2 ** 20, servers: serversOf(options) };
}

const isList = (selection: FetchSelection): selection is readonly string[] => Array.isArray(selection);

function fetchText({ folder, papers, reused, bytes, quarantined, seconds }: FetchResult): string {
  const before = reused > 0 ? ` (${count(reused, "paper")} there before)` : "";
  return `${count(papers, "paper")} in ${folder}${before}, ${(bytes / 2 ** 20).toFixed(1)} MiB fetched, ${quarantined} failed in ${duration(seconds)}`;
}

function planText({ papers, reused, requests, seconds }: Estimate): string {
  const before = reused > 0 ? `, ${reused} of them there already` : "";
  return `${count(papers, "paper")}${before}; the rest takes at least ${count(requests, "request")} and ${duration(seconds)}. Nothing was fetched.`;
}
