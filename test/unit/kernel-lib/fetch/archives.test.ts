import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import { parseMonths } from "../../../../kernel-lib/src/fetch/manifest.js";
import {
  fetchPapers,
  planFetch,
  type FetchOptions,
  type FetchSelection,
} from "../../../../kernel-lib/src/lab/fetch.js";
import { eprintOf, pdfOf } from "../../../fixtures/arxiv-server.js";
import { BucketServer, md5 } from "../../../fixtures/bucket-server.js";
import { tar } from "../../../fixtures/hostile-archives.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { closing, filesOf, linesOf, metadataOf, reasonsOf, ownCache } from "./served.js";

beforeEach(ownCache);

const BY = "http://creativecommons.org/licenses/by/4.0/";
const ARCHIVES: Record<string, Buffer> = {
  "arXiv_src_2401_001.tar": tar([
    { name: "2401/", type: "directory" },
    { name: "2401/2401.00001.gz", content: eprintOf("2401.00001") },
    { name: "2401/2401.00002.pdf", content: pdfOf("2401.00002") },
    { name: "2401/2401.00003.gz", content: gzipSync("%auto-ignore\n") },
    { name: "2401/../../2401.00009.gz", content: eprintOf("escaped") },
  ]),
  "arXiv_src_2401_002.tar": tar([{ name: "2401/2401.00004.gz", content: eprintOf("2401.00004") }]),
  "arXiv_src_9901_001.tar": tar([{ name: "9901/hep-th9901001.gz", content: eprintOf("hep-th/9901001") }]),
};

function manifestOf(archives: Record<string, Buffer>): string {
  const files = Object.entries(archives).map(
    ([name, bytes]) =>
      `<file><filename>src/${name}</filename><md5sum>${md5(bytes)}</md5sum><num_items>2</num_items><size>${bytes.length}</size><yymm>${name.slice(10, 14)}</yymm></file>`,
  );
  return `<?xml version="1.0"?><arXivSRC>${files.join("")}<timestamp>x</timestamp></arXivSRC>`;
}

const snapshot = [
  {
    id: "2401.00001",
    title: "One",
    categories: "astro-ph.GA",
    license: BY,
    versions: [{ created: "Tue, 2 Jan 2024 19:18:42 GMT" }],
  },
  { id: "2401.00002", title: "Two", categories: "hep-th", license: BY, created: "2024-01-03" },
  { id: "2401.00004", title: "Four", categories: "astro-ph.GA", license: null, created: "2024-01-04" },
  { id: "hep-th/9901001", title: "Old", categories: "hep-th", license: BY, created: "1999-01-01" },
];

let archives: string;
let metadata: string;
beforeEach(async () => {
  archives = await freshFolder();
  for (const [name, bytes] of Object.entries(ARCHIVES)) await writeFile(join(archives, name), bytes);
  await writeFile(join(archives, "arXiv_src_manifest.xml"), manifestOf(ARCHIVES));
  metadata = join(await freshFolder(), "snapshot.json");
  await writeFile(metadata, snapshot.map((line) => JSON.stringify(line)).join("\n"));
});

const take = (selection: FetchSelection, options: Partial<FetchOptions> & { out: string }) =>
  fetchPapers(selection, { archives, ...options });

describe("papers out of arXiv's archives", () => {
  it("come all where nothing else is asked for, with what the snapshot knows", async () => {
    const out = await freshFolder();
    expect(await take([], { out, metadata })).toMatchObject({ papers: 5, quarantined: 1 });
    expect(await filesOf(out)).toEqual([
      "2401.00001.tar.gz",
      "2401.00002.pdf",
      "2401.00004.tar.gz",
      "2401.00009.tar.gz",
      "hep-th9901001.tar.gz",
    ]);
    expect(await readFile(join(out, "2401.00001.tar.gz"))).toEqual(eprintOf("2401.00001"));
    expect(await reasonsOf(out)).toEqual({ "2401.00003": "withdrawn" });
    expect(await metadataOf(out)).toMatchObject([
      { id: "2401.00001", license: BY, created: "2024-01-02", fetched: { file: "2401.00001.tar.gz" } },
      { id: "2401.00002" },
      { id: "2401.00004" },
      { id: "hep-th/9901001" },
    ]);
    expect(await take([], { out, metadata })).toMatchObject({ reused: 5, bytes: 0 });
    expect(await metadataOf(out)).toHaveLength(4);
  });

  it("come by a query to the snapshot", async () => {
    const out = await freshFolder();
    await take({ discipline: "Physics", licences: ["cc-by"], from: "2000-01-01" }, { out, metadata });
    expect(await filesOf(out)).toEqual(["2401.00002.pdf"]);
  });

  it("come by id, and those that are in none are said", async () => {
    const out = await freshFolder();
    await take(["hep-th/9901001", "2402.00001"], { out });
    expect(await filesOf(out)).toEqual(["hep-th9901001.tar.gz"]);
    expect(await reasonsOf(out)).toEqual({ "2402.00001": "not-in-archives" });
  });

  it("are counted without being taken", async () => {
    const out = await freshFolder();
    const plan = await planFetch({ categories: ["hep-th"] }, { out, archives, metadata });
    const bytes = pdfOf("2401.00002").length + eprintOf("hep-th/9901001").length;
    expect(plan).toMatchObject({ papers: 2, reused: 0, bytes, dollars: null });
    expect(await filesOf(out)).toEqual([]);
  });

  it("go on being taken after an interruption", async () => {
    const out = await freshFolder();
    const control = new AbortController();
    const taking = take([], {
      out,
      metadata,
      signal: control.signal,
      onProgress: ({ done }) => done === 1 && control.abort(),
    });
    await expect(taking).rejects.toThrow(/Cancelled\. What is done is kept \(1 new result\)/);
    expect(await filesOf(out)).toEqual(["2401.00001.tar.gz"]);
    expect(await take([], { out, metadata })).toMatchObject({ papers: 5, reused: 1, quarantined: 1 });
    expect(await metadataOf(out)).toHaveLength(4);
  });

  it("are not taken from an archive that is damaged, and its neighbours are", async () => {
    const bytes = Buffer.from(ARCHIVES["arXiv_src_2401_001.tar"]!);
    bytes[2000]! ^= 1;
    await writeFile(join(archives, "arXiv_src_2401_001.tar"), bytes);
    const out = await freshFolder();
    expect(await take([], { out })).toMatchObject({ papers: 2, quarantined: 1 });
    expect(await reasonsOf(out)).toEqual({ "arXiv_src_2401_001.tar": "archive-damaged" });
    await writeFile(join(archives, "arXiv_src_2401_001.tar"), ARCHIVES["arXiv_src_2401_001.tar"]!);
    expect(await take([], { out })).toMatchObject({ papers: 5, reused: 2 });
    expect(await reasonsOf(out)).toEqual({ "2401.00003": "withdrawn" });
  });

  it("come from one archive without a manifest, up to where it is cut off", async () => {
    const path = join(await freshFolder(), "some.tar");
    await writeFile(path, ARCHIVES["arXiv_src_2401_001.tar"]!.subarray(0, 24_000));
    const out = await freshFolder();
    await take([], { out, archives: path });
    expect(await filesOf(out)).toEqual(["2401.00001.tar.gz"]);
    expect(await reasonsOf(out)).toMatchObject({ "some.tar": "archive-damaged" });
  });
});

describe("archives from the bucket", () => {
  let bucket: BucketServer;
  beforeEach(async () => {
    process.env.AWS_ACCESS_KEY_ID = "AKIDEXAMPLE";
    process.env.AWS_SECRET_ACCESS_KEY = "secret";
    const files = Object.entries(ARCHIVES).map(([name, bytes]) => [`src/${name}`, bytes] as const);
    bucket = closing(await BucketServer.start(Object.fromEntries(files)));
    bucket.files.set("src/arXiv_src_manifest.xml", Buffer.from(manifestOf(ARCHIVES)));
    bucket.requesterPays = true;
    archives = join(await freshFolder(), "archives");
  });

  const buy = (options: Partial<FetchOptions> & { out: string }) =>
    take(["2401.00001", "2401.00004"], {
      servers: { archives: bucket.base },
      s3: "2401",
      agree: true,
      ...options,
    });

  it("are downloaded once, resumed, checked, and read", async () => {
    bucket.stalls.add("src/arXiv_src_2401_001.tar");
    const out = await freshFolder();
    expect(await buy({ out, silence: 2 })).toMatchObject({ papers: 2, quarantined: 0 });
    expect(await readFile(join(archives, "arXiv_src_2401_001.tar"))).toEqual(
      ARCHIVES["arXiv_src_2401_001.tar"],
    );
    expect(bucket.requests.some(({ headers }) => headers.range !== undefined)).toBe(true);
    const before = bucket.requests.length;
    expect(await buy({ out })).toMatchObject({ papers: 2, reused: 2 });
    expect(bucket.keys.slice(before)).toEqual(["src/arXiv_src_manifest.xml"]);
    const kept = await linesOf(join(out, "metadata.jsonl"));
    expect(JSON.stringify([kept, bucket.requests.map(({ path }) => path)])).not.toContain("secret");
  });

  it("are not paid for without agreement", async () => {
    const out = await freshFolder();
    await expect(buy({ out, agree: false })).rejects.toThrow(/2 archives, 0\.0 GB, up to \$0\.00.*--yes/);
    await expect(buy({ out, agree: () => Promise.resolve(false) })).rejects.toThrow(/not agreed to/);
    const asked: number[] = [];
    await buy({ out, agree: ({ bytes }) => Promise.resolve(asked.push(bytes) > 0) });
    const [one, two] = [ARCHIVES["arXiv_src_2401_001.tar"]!, ARCHIVES["arXiv_src_2401_002.tar"]!];
    expect(asked).toEqual([one.length + two.length]);
  });

  it("are priced without being bought", async () => {
    const plan = await planFetch([], {
      out: await freshFolder(),
      archives,
      s3: "2401,9901",
      servers: { archives: bucket.base },
    });
    expect(plan).toMatchObject({ papers: 6, requests: 3 });
    expect(String(plan)).toMatch(
      /^3 archives, .* up to \$0\.00 for the transfer, with 6 papers\. Nothing was fetched\.$/,
    );
  });

  it("need keys, months that there are, and a place to be", async () => {
    const out = await freshFolder();
    await expect(buy({ out, s3: "2402" })).rejects.toThrow(/no archives of 2402/);
    bucket.requesterPays = false;
    bucket.files.clear();
    await expect(buy({ out })).rejects.toThrow(/answered 404 \(NoSuchKey\)/);
    delete process.env.AWS_ACCESS_KEY_ID;
    await expect(buy({ out })).rejects.toThrow(/AWS_ACCESS_KEY_ID/);
    await expect(fetchPapers(["2401.00001"], { out, s3: "2401" })).rejects.toThrow(/--archives DIR/);
  });
});

describe("months", () => {
  it.each([
    ["2401", ["2401"]],
    ["2401,2403", ["2401", "2403"]],
    ["9911..0002", ["9911", "9912", "0001", "0002"]],
  ])("%s", (text, months) => expect(parseMonths(text)).toEqual(months));
  it.each(["2413", "January", "2402..2401", ""])("refused: %s", (text) =>
    expect(() => parseMonths(text)).toThrow(/is no month/),
  );
});
