import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { ItemError } from "../errors.js";
import { asItemError, type Fetched } from "./arxiv.js";
import { fileAddress, listBucket, type BucketFile } from "./bucket.js";
import { download, dropPart } from "../http/download.js";
import type { Errand } from "./errand.js";
import type { PaperName } from "./identifiers.js";
import { checkLicences, licenceName } from "./licences.js";
import { PassingError } from "../http/problems.js";
import { notFound, tooLarge } from "./problems.js";

/** What PubMed Central says about a version of an article, in `metadata/PMC1234567.1.json`. */
interface PmcRecord {
  doi?: unknown;
  title?: unknown;
  /** `CC BY-NC`, without its version; the article itself has the licence's address. */
  license_code?: unknown;
  is_retracted?: unknown;
}

const RECORD_LIMIT = 4 * 2 ** 20;
const PICTURE = /\.(?:jpe?g|png|gif|tiff?|svg|eps)$/i;

/**
 * Fetches an article of PubMed Central's open-access subset with its pictures, as a folder that is named by its id.
 * Supplementary data and films are left out.
 * @throws {ItemError} `not-found`, `not-wanted`, `too-large`, `server-unreachable`
 */
export async function fetchPmcPaper(errand: Errand, name: PaperName): Promise<Fetched> {
  const { courier, servers, folder, refresh } = errand;
  const server = servers.pmc;
  try {
    const version = await newestVersion(errand, name);
    const record = await courier.fetchWhole(
      server,
      fileAddress(server, `metadata/${version.name}.json`),
      RECORD_LIMIT,
      readRecord,
    );
    checkLicence(errand, name, record);
    let bytes = 0;
    if (refresh || folder.find(name.paper_id, "source") === null) {
      bytes = await fetchFiles(errand, name, version.files);
      await folder.placeFolder(join(folder.state, name.paper_id), name.paper_id);
    }
    const { doi = null, title = null, license_code = null, is_retracted = null } = record;
    await folder.describe({
      id: name.id,
      title,
      doi,
      license_code,
      is_retracted,
      fetched: { file: name.paper_id, version: version.name, at: new Date().toISOString() },
    });
    return { bytes };
  } catch (error) {
    throw asItemError(error, name.id, server);
  }
}

function readRecord(bytes: Buffer): PmcRecord {
  try {
    const record = JSON.parse(bytes.toString("utf8")) as PmcRecord | null;
    if (typeof record === "object" && record !== null) return record;
  } catch {
    // Said below.
  }
  throw new PassingError("what is known about the article came as something else than JSON");
}

/** The files of the wanted version, else of the newest; an accepted manuscript often comes before the article. */
async function newestVersion(
  { courier, servers, pdf }: Errand,
  { id, version }: PaperName,
): Promise<{ name: string; files: BucketFile[] }> {
  const versions = new Map<number, BucketFile[]>();
  for await (const file of listBucket(courier, servers.pmc, `${id}.`)) {
    const [, number, path] = /^PMC\d+\.(\d+)\/([^/]+)$/.exec(file.key) ?? [];
    if (number === undefined || !isSafe(path!)) continue;
    const article = path === `${id}.${number}.xml`;
    if (!article && !PICTURE.test(path!) && !(pdf && /\.pdf$/i.test(path!))) continue;
    versions.set(Number(number), [...(versions.get(Number(number)) ?? []), file]);
  }
  const newest = version ?? Math.max(...versions.keys());
  const files = versions.get(newest);
  if (!files?.some(({ key }) => key.endsWith(".xml")))
    throw notFound(id, "PubMed Central's open-access subset");
  return { name: `${id}.${newest}`, files };
}

/** Downloads files one by one; those that are whole from an earlier start are not asked for again. */
async function fetchFiles(errand: Errand, { id, paper_id }: PaperName, files: BucketFile[]): Promise<number> {
  const { courier, servers, folder, limit } = errand;
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  if (!(total <= limit)) throw tooLarge(id, limit);
  const whole = join(folder.state, paper_id);
  await mkdir(whole, { recursive: true });
  let bytes = 0;
  for (const file of files) {
    const path = join(whole, nameOf(file, id));
    if ((await stat(path).catch(() => null))?.size === file.bytes) continue;
    const part = folder.part(`${paper_id}-${nameOf(file, id)}`);
    const what = {
      server: servers.pmc,
      url: fileAddress(servers.pmc, file.key),
      part,
      name: file.key,
      limit,
      tooLarge: () => tooLarge(file.key, limit),
    };
    await download(courier, what, (done) => checkFile(done, file));
    await rename(part, path);
    await dropPart(part);
    bytes += file.bytes;
  }
  return bytes;
}

/** The article is named by the paper, so that it keeps its id where there are no pictures beside it. */
const nameOf = ({ key }: BucketFile, id: string): string => {
  const name = key.slice(key.indexOf("/") + 1);
  return name.endsWith(".xml") ? `${id}.xml` : name;
};

const isSafe = (name: string) => /^[\w][^\\\p{Cc}]{0,199}$/u.test(name);

async function checkFile(part: string, { key, bytes, md5 }: BucketFile): Promise<void> {
  if ((await stat(part)).size !== bytes)
    throw new PassingError(`${key} has not the size that the list gives it`);
  if (md5 === null) return;
  const hash = createHash("md5");
  await pipeline(createReadStream(part), hash);
  if (hash.digest("hex") !== md5) throw new PassingError(`${key} was damaged on the way`);
}

function checkLicence({ query }: Errand, { id }: PaperName, { license_code }: PmcRecord): void {
  const code = typeof license_code === "string" ? license_code : null;
  const wanted = checkLicences(query.licences ?? []);
  if (wanted.length === 0 || wanted.some((name) => name === licenceName(code))) return;
  throw new ItemError({
    reason: "not-wanted",
    message: `${id} is under ${code ?? "no licence that PubMed Central names"}, not ${wanted.join(" or ")}.`,
    wayOut: "Ask for it without the condition, or leave it out.",
  });
}
