import { Quarantine } from "../dataset/quarantine.js";
import { ItemError } from "../errors.js";
import { quarantineLine } from "../stages/quarantine-line.js";
import type { Progress } from "../stages/stage.js";
import { findArchives, membersOf } from "./archives.js";
import { select, withErrand, type Errand, type Means, type Selection, type Wish } from "./errand.js";
import type { Estimate } from "./fetch-papers.js";
import type { PaperName } from "./identifiers.js";
import { downloadArchives, priceArchives, type Cost } from "./requester-pays.js";
import { isQuery } from "./selection.js";
import { Snapshot } from "./snapshot.js";
import { unpackArchives } from "./unpack-archives.js";

/** Where arXiv's bulk archives are, and whether more of them are to be bought. */
export interface ArchiveMeans {
  /** A folder of archives with their manifest, or one archive. */
  path: string;
  /** Months whose archives are downloaded first, see `downloadArchives`. */
  months: readonly string[];
  agree(cost: Cost): Promise<boolean>;
}

/**
 * Takes the papers of a wish, or all where it names none, out of arXiv's bulk archives; no e-print is asked for over
 * the network. A paper that was named and is in no archive goes to the quarantine; what a query wants besides is left.
 */
export function takeFromArchives(
  wish: Wish,
  means: Means,
  archives: ArchiveMeans,
): Promise<Progress & { bytes: number }> {
  return withErrand(wish, means, async (errand) => {
    const { courier, servers, folder } = errand;
    const { path, months, agree } = archives;
    if (months.length > 0) await downloadArchives(courier, servers.archives, { months, folder: path }, agree);
    const found = await findArchives(path);
    const selection = wantsAll(wish) ? null : await select(wish, errand);
    const progress = await unpackArchives(errand, found, {
      wanted: selection && (await idsOf(selection)),
      total: wish.names.length || null,
    });
    if (errand.signal.aborted) return progress;
    await describeAll(wish, errand, selection);
    const missing = wish.names.filter(({ paper_id }) => folder.find(paper_id, "source") === null);
    const failed = progress.failed + (await refuseMissing(folder.path, missing, path));
    return { ...progress, failed };
  });
}

/** Counts what would be taken from the archives, or where some are to be bought, what is in those and costs how much. */
export function estimateArchives(
  wish: Wish,
  means: Means,
  { path, months }: ArchiveMeans,
): Promise<Estimate & { dollars: number | null }> {
  return withErrand(wish, means, async (errand) => {
    if (months.length > 0) {
      const { courier, servers } = errand;
      const order = { months, folder: path };
      const { archives, papers, bytes, dollars } = await priceArchives(courier, servers.archives, order);
      return { papers, reused: 0, requests: archives, seconds: 0, bytes, dollars };
    }
    const wanted = wantsAll(wish) ? null : await idsOf(await select(wish, errand));
    const sum = { papers: 0, reused: 0, requests: 0, seconds: 0, bytes: 0, dollars: null };
    for (const archive of await findArchives(path))
      for await (const { id, bytes } of membersOf(archive)) {
        errand.signal.throwIfAborted();
        if (wanted !== null && !wanted.has(id)) continue;
        sum.papers++;
        if (errand.folder.find(id.replace("/", ""), "source") !== null) sum.reused++;
        else sum.bytes += bytes;
      }
    return sum;
  });
}

const wantsAll = ({ names, query }: Wish) => names.length === 0 && !isQuery(query);

async function idsOf(selection: Selection): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const { name } of selection.papers()) ids.add(name.id);
  return ids;
}

/** Writes what is known about the papers that are there now, where anything knows it. */
async function describeAll(
  { metadata, query }: Wish,
  { folder, refresh, signal }: Errand,
  selection: Selection | null,
): Promise<void> {
  async function* records() {
    if (selection) for await (const { record } of selection.papers()) yield record;
    else if (metadata !== null) yield* new Snapshot(metadata, query, signal).papers(Infinity);
  }
  for await (const record of records()) {
    if (record === null || (!refresh && folder.isDescribed(record.id))) continue;
    const file = folder.find(record.id.replace("/", ""), "source");
    if (file !== null) await folder.describe({ ...record, fetched: { file, at: new Date().toISOString() } });
  }
}

async function refuseMissing(folder: string, missing: readonly PaperName[], path: string): Promise<number> {
  const quarantine = await Quarantine.open(folder, "fetch");
  try {
    for (const { paper_id, version } of missing) {
      const error = new ItemError({
        reason: "not-in-archives",
        message: `${paper_id} is in none of the archives of ${path}.`,
        wayOut:
          version === null
            ? "Get the archive of its month (--s3), or fetch the paper by itself, without --archives."
            : "Archives hold one version of a paper and do not say which; ask for it without the version, or without --archives.",
      });
      await quarantine.settle(paper_id, [quarantineLine("fetch", paper_id, path, error)]);
    }
  } finally {
    await quarantine.close();
  }
  return missing.length;
}
