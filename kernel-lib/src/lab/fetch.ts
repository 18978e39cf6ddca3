import { join } from "node:path";
import { ConfigurationError } from "../errors.js";
import type { Means, Wish } from "../fetch/errand.js";
import { estimate, fetchAll, type Estimate } from "../fetch/fetch-papers.js";
import { parsePaperName } from "../fetch/identifiers.js";
import { parseMonths } from "../fetch/manifest.js";
import { costText, type Cost } from "../fetch/requester-pays.js";
import { checkQuery, isQuery, type PaperQuery } from "../fetch/selection.js";
import { serversOf, type ServerOptions } from "../fetch/servers.js";
import { estimateArchives, takeFromArchives, type ArchiveMeans } from "../fetch/take-from-archives.js";
import { count, duration, saying } from "./summary.js";
import { doWork, type WorkOptions } from "./work.js";

/** How papers are fetched, from which servers, and where they go. */
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
  /** File of what is known about papers, such as arXiv's metadata snapshot, that is asked in place of arXiv. */
  metadata?: string;
  /**
   * arXiv's bulk archives on the disk, from which papers are taken in place of the network: a folder of
   * `arXiv_src_2401_001.tar` and so on with `arXiv_src_manifest.xml`, or one of them. Without ids and query, all papers.
   */
  archives?: string;
  /**
   * Months whose archives are bought first from arXiv's bucket, such as `2401` or `2312..2402`, into the folder of
   * `archives`; with the keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
   */
  s3?: string;
  /** Agrees to what the archives cost. @default nobody does: it is an error that names the cost */
  agree?: boolean | ((cost: Cost) => Promise<boolean>);
  /** How often a request that fails in passing is tried again. @default 5 */
  retries?: number;
  /** Seconds without a byte after which a request is given up. @default 60 */
  silence?: number;
}

/** What {@link fetchPapers} brought, and could not bring. */
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
export async function fetchPapers(selection: FetchSelection, options: FetchOptions): Promise<FetchResult> {
  const wish = wishOf(selection, options);
  const means = meansOf(options);
  const why = join(options.out, "quarantine", "fetch.jsonl");
  const archives = archivesOf(options);
  return doWork(
    options,
    async (work) => {
      const all = { ...means, ...work };
      const { done, failed, reused, seconds, bytes } = await (archives
        ? takeFromArchives(wish, all, archives)
        : fetchAll(wish, all));
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
    { verb: "fetch", why },
  );
}

/** What {@link fetchPapers} would bring, and what that would take. */
export interface FetchPlan extends Estimate {
  /** At most, for archives that are to be bought. */
  dollars: number | null;
  quarantined: 0;
}

/** What fetching would mean: the papers, and how long they take at least. Lists them, downloads nothing. */
export async function planFetch(selection: FetchSelection, options: FetchOptions): Promise<FetchPlan> {
  const wish = wishOf(selection, options);
  const means = meansOf(options);
  const archives = archivesOf(options);
  return doWork(
    options,
    async (work) => {
      const all = { ...means, ...work };
      const plan = archives
        ? await estimateArchives(wish, all, archives)
        : { ...(await estimate(wish, all)), dollars: null };
      return saying({ ...plan, quarantined: 0 as const }, planText(plan));
    },
    { verb: "fetch", title: "plan of fetching" },
  );
}

function wishOf(selection: FetchSelection, options: FetchOptions): Wish {
  const { limit = Infinity, metadata = null, archives } = options;
  const { ids = [], ...query } =
    typeof selection === "string" ? { ids: [selection] } : isList(selection) ? { ids: selection } : selection;
  checkQuery(query);
  if (ids.length === 0 && !isQuery(query) && (archives === undefined || limit !== Infinity))
    throw new ConfigurationError("Say what to fetch: ids of papers, a category, or a discipline.");
  if (ids.length > 0 && isQuery(query))
    throw new ConfigurationError("Give ids of papers, or a category or discipline, not both.");
  if (limit !== Infinity && !(Number.isInteger(limit) && limit >= 1))
    throw new ConfigurationError(`The limit is a whole number from 1, not ${limit}.`);
  const names = new Map(ids.map(parsePaperName).map((name) => [name.paper_id, name]));
  return { names: [...names.values()].slice(0, limit), query, limit, metadata };
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

function archivesOf({ archives, s3, agree = false, pdf }: FetchOptions): ArchiveMeans | null {
  if (s3 !== undefined && archives === undefined)
    throw new ConfigurationError("Say where the archives go, which are paid for and kept: --archives DIR.");
  if (archives === undefined) return null;
  if (pdf) throw new ConfigurationError("Archives hold sources; fetch the PDFs without --archives.");
  const consent = async (cost: Cost) => {
    if (typeof agree === "function") return agree(cost);
    if (agree) return true;
    throw new ConfigurationError(
      `arXiv's archives are paid for by who downloads: ${costText(cost)}. Agree with --yes (in a cell: agree: true).`,
    );
  };
  return { path: archives, months: s3 === undefined ? [] : parseMonths(s3), agree: consent };
}

const isList = (selection: FetchSelection): selection is readonly string[] => Array.isArray(selection);

function fetchText({ folder, papers, reused, bytes, quarantined, seconds }: FetchResult): string {
  const before = reused > 0 ? ` (${reused.toLocaleString("en")} there before)` : "";
  return `${count(papers, "paper")} in ${folder}${before}, ${(bytes / 2 ** 20).toFixed(1)} MiB fetched, ${quarantined} failed in ${duration(seconds)}`;
}

function planText(plan: Omit<FetchPlan, "quarantined">): string {
  const { papers, reused, requests, seconds, bytes, dollars } = plan;
  if (bytes !== null && dollars !== null)
    return `${costText({ archives: requests, bytes, dollars })}, with ${count(papers, "paper")}. Nothing was fetched.`;
  const before = reused > 0 ? `, ${reused} of them there already` : "";
  const rest =
    bytes === null
      ? `takes at least ${count(requests, "request")} and ${duration(seconds)}`
      : `has ${(bytes / 2 ** 20).toFixed(1)} MiB`;
  return `${count(papers, "paper")}${before}; the rest ${rest}. Nothing was fetched.`;
}
