import { stat } from "node:fs/promises";
import { ItemError } from "../errors.js";
import { askOai, refusal } from "./ask-oai.js";
import { download, dropPart } from "../http/download.js";
import { checkEprint, checkPdf, pageProblem } from "./eprint.js";
import type { Errand } from "./errand.js";
import type { PaperName } from "./identifiers.js";
import { licenceName } from "./licences.js";
import { OaiError, recordAddress, type ArxivRecord } from "./oai.js";
import type { PapersFolder } from "./papers-folder.js";
import { PassingError, StatusError } from "../http/problems.js";
import { notFound, tooLarge, unreachable } from "./problems.js";
import { matches, type PaperQuery } from "./selection.js";
import type { Server } from "../http/server.js";

/** Bytes that came over the network for a paper. */
export interface Fetched {
  bytes: number;
}

/** Whether there is nothing left to do for a paper. */
export function isThere({ folder, pdf, refresh }: Errand, { from, id, paper_id }: PaperName): boolean {
  if (refresh || folder.find(paper_id, "source") === null || !folder.isDescribed(id)) return false;
  // An article's PDF is part of its folder.
  return !pdf || from === "pmc" || folder.find(paper_id, "pdf") !== null;
}

/** The file of a paper's source. A PDF that came from elsewhere does not say that there is no source of it. */
function sourceOf(folder: PapersFolder, { id, paper_id }: Pick<PaperName, "id" | "paper_id">): string | null {
  const name = folder.find(paper_id, "source");
  return name?.endsWith(".pdf") && !folder.isDescribed(id) ? null : name;
}

/** How often arXiv must be asked for a paper, where all goes well: for what it knows about it, and for files. */
export function requestsFor(
  { folder, pdf, refresh }: Errand,
  { id, paper_id }: PaperName,
  listed: ArxivRecord | null,
): { questions: number; files: number } {
  const source = refresh || sourceOf(folder, { id, paper_id }) === null;
  const known = listed !== null || (!refresh && folder.isDescribed(id));
  const wantsPdf = pdf && (refresh || folder.find(paper_id, "pdf") === null);
  return { questions: known ? 0 : 1, files: (source ? 1 : 0) + (wantsPdf ? 1 : 0) };
}

/**
 * Fetches a paper's source, what arXiv says about it, and its PDF where that is wanted; what is there already is left.
 * @param listed what a listing says about it; `null` where it must be asked for
 * @throws {ItemError} `not-found`, `withdrawn`, `no-source`, `no-pdf`, `not-wanted`, `too-large`, `not-a-paper`,
 *   `server-unreachable`
 * @throws {ServerAwayError} when the server refuses us
 */
export async function fetchArxivPaper(
  errand: Errand,
  paper: PaperName,
  listed: ArxivRecord | null,
): Promise<Fetched> {
  const { folder, refresh, pdf } = errand;
  const { id, version, paper_id } = paper;
  const path = version === null ? id : `${id}v${version}`;
  const described = !refresh && folder.isDescribed(id);
  const record = listed ?? (described ? null : await recordOf(errand, id));
  if (record !== null) checkWanted(record, errand.query);
  let bytes = 0;
  const get = async (where: "e-print" | "pdf", check: (part: string) => Promise<string>) => {
    const file = await getFile(errand, paper_id, where, path, check);
    bytes += file.bytes;
    return file.name;
  };
  let name = sourceOf(folder, paper);
  if (name === null || refresh) {
    const old = name;
    name = await get("e-print", (part) => checkEprint(part, path));
    if (old !== null && old !== name) await folder.remove(paper_id, old);
  }
  if (record !== null && !described)
    await folder.describe({ ...record, fetched: { file: name, at: new Date().toISOString() } });
  if (pdf && (refresh ? !name.endsWith(".pdf") : folder.find(paper_id, "pdf") === null))
    await get("pdf", (part) => checkPdf(part).then(() => ".pdf")).catch((error: unknown) => {
      throw isMissing(error) ? noPdf(path, error) : error;
    });
  return { bytes };
}

/** Downloads one file and puts it in its place, named by the paper and the ending that `check` gives it. */
async function getFile(
  { courier, folder, servers: { eprints: server }, limit }: Errand,
  paper_id: string,
  where: "e-print" | "pdf",
  path: string,
  check: (part: string) => Promise<string>,
): Promise<{ name: string; bytes: number }> {
  const part = folder.part(`${paper_id}-${where}`);
  const what = {
    server,
    url: `${server.base}/${where}/${path}`,
    part,
    name: path,
    limit,
    tooLarge: () => tooLarge(path, limit),
  };
  try {
    const name = `${paper_id}${await download(courier, what, check)}`;
    const { size } = await stat(part);
    await folder.place(part, paper_id, name);
    await dropPart(part);
    return { name, bytes: size };
  } catch (error) {
    throw asItemError(error, path, server);
  }
}

async function recordOf({ courier, servers: { listing } }: Errand, id: string): Promise<ArxivRecord> {
  try {
    const { records } = await askOai(courier, listing, recordAddress(listing.base, id));
    if (records[0]) return { ...records[0], id };
  } catch (error) {
    if (!(error instanceof OaiError)) throw asItemError(error, id, listing);
  }
  throw notFound(id, listing.name);
}

/** Answers that speak of one paper: a malformed id, one that is not there, was taken away, or may not be shown. */
const ABOUT_THE_PAPER = new Set([400, 404, 410, 451]);

/** What a failed request means for the paper, or for the whole fetch. */
export function asItemError(error: unknown, paper: string, server: Server): unknown {
  if (error instanceof PassingError) return unreachable(paper, error);
  if (!(error instanceof StatusError)) return error;
  if (!ABOUT_THE_PAPER.has(error.status)) return refusal(server, error);
  const problem = pageProblem(error.text, paper);
  return problem instanceof PassingError ? notFound(paper, server.name) : problem;
}

function checkWanted(record: ArxivRecord, query: PaperQuery): void {
  if (matches(record, query)) return;
  const licence = licenceName(record.license) ?? record.license ?? "no licence that it names";
  throw new ItemError({
    reason: "not-wanted",
    message: `${record.id} is not among what was asked for: it is of ${record.categories.split(" ")[0]}, first submitted on ${record.created ?? "an unknown day"}, under ${licence}.`,
    wayOut: "Ask for it without the condition, or leave it out.",
  });
}

const isMissing = (error: unknown): error is ItemError =>
  error instanceof ItemError && ["not-found", "no-source"].includes(error.reason);

const noPdf = (paper: string, cause: ItemError) =>
  new ItemError({
    reason: "no-pdf",
    message: `There is no PDF of ${paper}; its source is there.`,
    wayOut: "Leave out --pdf for it.",
    cause,
  });
