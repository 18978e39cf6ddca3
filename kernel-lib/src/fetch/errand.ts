import type { Progress } from "../stages/stage.js";
import { VERSION } from "../version.js";
import { Courier, type CourierOptions } from "../http/courier.js";
import { arxivName, type PaperName } from "./identifiers.js";
import { Listing } from "./listing.js";
import type { ArxivRecord } from "./oai.js";
import { PapersFolder } from "./papers-folder.js";
import { isQuery, type PaperQuery } from "./selection.js";
import { userAgent } from "../http/server.js";
import type { Servers } from "./servers.js";
import { Snapshot } from "./snapshot.js";

/** What is to be fetched, all of it checked. */
export interface Wish {
  /** Papers by name; none where a query picks them. */
  names: readonly PaperName[];
  query: PaperQuery;
  /** Most papers that a query is to give. */
  limit: number;
  /** A file of metadata that is asked in place of arXiv. */
  metadata: string | null;
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

/** What papers are fetched with. */
export interface Errand {
  courier: Courier;
  servers: Servers;
  folder: PapersFolder;
  /** Properties that a paper must have to be taken. */
  query: PaperQuery;
  /** Whether the PDF is wanted beside the source. */
  pdf: boolean;
  /** Whether what is there is fetched again. */
  refresh: boolean;
  /** Most bytes of one file. */
  limit: number;
  signal: AbortSignal;
  onProgress(progress: Progress): void;
}

/** A paper that is wanted, with what is known about it; `null` where it must be asked for. */
export interface Wanted {
  name: PaperName;
  record: ArxivRecord | null;
}

/** The papers of a wish. */
export interface Selection {
  total: number;
  papers(): AsyncIterable<Wanted>;
}

/** Does work with the folder and the servers, and gives both back. */
export async function withErrand<T>(
  wish: Wish,
  means: Means,
  work: (errand: Errand) => Promise<T>,
): Promise<T> {
  const { servers, signal, pdf, refresh, maxBytes, patience, contact, out } = means;
  const { onProgress, onWait, onTrouble } = watch(means);
  const agent = userAgent(VERSION, contact);
  const folder = await PapersFolder.open(out);
  const courier = new Courier({ userAgent: agent, signal, onWait, onTrouble, ...patience });
  try {
    const { query } = wish;
    return await work({ courier, servers, folder, query, pdf, refresh, limit: maxBytes, signal, onProgress });
  } finally {
    await courier.close();
    await folder.close();
  }
}

/** Finds out which papers a wish means; a query is put to the file of metadata, else to arXiv. */
export async function select({ names, query, limit, metadata }: Wish, errand: Errand): Promise<Selection> {
  if (isQuery(query)) {
    const list =
      metadata === null ? await listed(query, limit, errand) : new Snapshot(metadata, query, errand.signal);
    const total = await list.complete(limit);
    async function* papers() {
      for await (const record of list.papers(limit)) yield { name: arxivName(record.id, null), record };
    }
    return { total, papers };
  }
  const records = new Map<string, ArxivRecord>();
  if (metadata !== null) {
    const ids = new Set(names.map(({ id }) => id));
    for await (const record of new Snapshot(metadata, {}, errand.signal).papers(Infinity))
      if (ids.has(record.id)) records.set(record.id, record);
  }
  async function* papers() {
    for (const name of names) yield { name, record: records.get(name.id) ?? null };
  }
  return { total: names.length, papers };
}

async function listed(
  query: PaperQuery,
  limit: number,
  { folder, courier, servers, refresh, onProgress }: Errand,
): Promise<Pick<Snapshot, "complete" | "papers">> {
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
      note: `of ${seen.toLocaleString("en")} looked at, part ${Math.min(stretch + 1, stretches)} of ${stretches}`,
    }),
  );
  return { complete: () => Promise.resolve(total), papers: (most) => listing.papers(most) };
}

/** Says between the results what is waited for, and what went wrong in passing. */
function watch({
  onProgress,
}: Means): Pick<Means, "onProgress"> & Pick<CourierOptions, "onWait" | "onTrouble"> {
  let last: Progress = { stage: "fetch", done: 0, failed: 0, reused: 0, total: null, seconds: 0 };
  let at = performance.now();
  const say = (news: string) => {
    const seconds = last.seconds + (performance.now() - at) / 1000;
    onProgress({ ...last, seconds, note: last.note === undefined ? news : `${last.note}, ${news}` });
  };
  return {
    onProgress(progress) {
      [last, at] = [progress, performance.now()];
      onProgress(progress);
    },
    onWait: (milliseconds) => say(`next request in ${Math.ceil(milliseconds / 1000)} s`),
    onTrouble: (message) => say(`${message}; trying again`),
  };
}
