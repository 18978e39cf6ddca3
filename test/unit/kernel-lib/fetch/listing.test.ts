import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { planFetch } from "../../../../kernel-lib/src/lab/fetch.js";
import type { ServedPaper } from "../../../fixtures/arxiv-server.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { fetchFrom, filesOf, metadataOf, PACE, startArxiv, ownCache } from "./served.js";

beforeEach(ownCache);

const BY = "http://creativecommons.org/licenses/by/4.0/";
const NONEXCLUSIVE = "http://arxiv.org/licenses/nonexclusive-distrib/1.0/";

const JANUARY: ServedPaper[] = [
  { id: "2401.00001", created: "2024-01-02", license: BY },
  { id: "2401.00002", created: "2024-01-03", license: NONEXCLUSIVE },
  { id: "2401.00003", created: "2024-01-04", license: null },
  { id: "2401.00004", created: "2024-01-31", license: BY, datestamp: "2025-07-01" },
  { id: "2401.00005", created: "2024-01-05", license: BY, deleted: true },
  { id: "2401.00006", created: "2024-01-06", license: BY, categories: "hep-th astro-ph.GA" },
  { id: "2401.00007", created: "2024-01-07", license: BY, categories: "hep-th" },
  { id: "2402.00001", created: "2024-02-01", license: BY },
  { id: "2312.00001", created: "2023-12-31", license: BY, datestamp: "2024-03-01" },
];
const days = { from: "2024-01-01", until: "2024-01-31" };
const lists = (paths: string[]) => paths.filter((path) => path.includes("ListRecords"));

describe("a query", () => {
  it("gives the papers of the days under the licence, whenever their record was changed", async () => {
    const server = await startArxiv(JANUARY);
    const out = await freshFolder();
    const result = await fetchFrom(
      server,
      { categories: ["astro-ph.GA"], ...days, licences: ["cc-by"] },
      { out },
    );
    expect(result).toMatchObject({ papers: 3, quarantined: 0 });
    expect(await filesOf(out)).toEqual(["2401.00001.tar.gz", "2401.00004.tar.gz", "2401.00006.tar.gz"]);
    expect(server.paths[0]).toContain("set=physics%3Aastro-ph%3AGA&from=2024-01-01&until=2024-12-31");
  });

  it("writes what is known in the fields that ingest reads, the licence with it", async () => {
    const server = await startArxiv(JANUARY.slice(0, 1));
    const out = await freshFolder();
    await fetchFrom(server, { categories: ["astro-ph"] }, { out });
    expect(await metadataOf(out)).toEqual([
      {
        id: "2401.00001",
        title: "Title of 2401.00001",
        authors: "Ada Lovelace",
        abstract: "Of 2401.00001.",
        categories: "astro-ph.GA",
        license: BY,
        doi: "10.1/2401.00001",
        comments: null,
        "journal-ref": null,
        created: "2024-01-02",
        update_date: "2024-01-02",
        fetched: { file: "2401.00001.tar.gz", at: expect.stringMatching(/^\d{4}-.*Z$/) as string },
      },
    ]);
  });

  it("by discipline goes by the primary category", async () => {
    const server = await startArxiv(JANUARY);
    const out = await freshFolder();
    await fetchFrom(server, { discipline: "Astronomy", ...days, licences: ["cc-by"] }, { out });
    expect(await filesOf(out)).toEqual(["2401.00001.tar.gz", "2401.00004.tar.gz"]);
    const sets = new Set(
      lists(server.paths).map((path) => new URLSearchParams(path.split("?")[1]).get("set")),
    );
    expect([...sets].filter((set) => set !== null)).toEqual(["physics:physics:space-ph", "physics:astro-ph"]);
  });

  it("stops listing when the limit is reached, and goes on from there when it is raised", async () => {
    const many = Array.from({ length: 9 }, (_, i): ServedPaper => ({
      id: `2401.0000${i}`,
      datestamp: `2024-01-1${i}`,
    }));
    const server = await startArxiv(many);
    const out = await freshFolder();
    const query = { categories: ["astro-ph.GA"], from: "2024-01-01" };
    expect(await fetchFrom(server, query, { out, limit: 2 })).toMatchObject({ papers: 2 });
    expect(lists(server.paths)).toHaveLength(1);
    expect(await fetchFrom(server, query, { out, limit: 5 })).toMatchObject({ papers: 5, reused: 2 });
    expect(lists(server.paths)).toHaveLength(2);
    expect(server.paths.filter((path) => path.startsWith("/e-print"))).toHaveLength(5);
  });

  it("that finds nothing is no error", async () => {
    const server = await startArxiv(JANUARY);
    const result = await fetchFrom(server, { categories: ["cs.CV"] }, { out: await freshFolder() });
    expect(result).toMatchObject({ papers: 0, quarantined: 0 });
  });

  it("that arXiv does not understand stops at once", async () => {
    const server = await startArxiv(JANUARY);
    await expect(
      fetchFrom(server, { categories: ["nonsense"] }, { out: await freshFolder() }),
    ).rejects.toThrow(/refuses to list physics:nonsense.*badArgument/);
  });
});

describe("a listing", () => {
  const many = Array.from({ length: 10 }, (_, i): ServedPaper => ({
    id: `2401.0000${i}`,
    datestamp: `2026-01-1${i}`,
  }));
  const query = { categories: ["astro-ph.GA"], from: "2024-01-01", until: "2024-12-31" };

  it("whose token expires begins the stretch again and gives each paper once", async () => {
    const server = await startArxiv(many);
    const out = await freshFolder();
    let found = 0;
    const result = await fetchFrom(server, query, {
      out,
      onProgress({ stage, done }) {
        if (stage === "list" && done > found) found = done;
        if (found === 6 && lists(server.paths).length === 4) server.expireTokens();
      },
    });
    expect(result).toMatchObject({ papers: 10, quarantined: 0 });
    expect(await metadataOf(out)).toHaveLength(10);
  });

  it("that was broken off goes on where it stopped", async () => {
    const server = await startArxiv(many);
    const out = await freshFolder();
    const control = new AbortController();
    const fetching = fetchFrom(server, query, {
      out,
      signal: control.signal,
      onProgress: ({ stage, done }) => stage === "list" && done === 6 && control.abort(),
    });
    await expect(fetching).rejects.toThrow(/Cancelled/);
    const before = lists(server.paths).length;
    expect(await fetchFrom(server, query, { out })).toMatchObject({ papers: 10 });
    const after = lists(server.paths).slice(before);
    expect(after[0]).toContain("resumptionToken");
    expect(before + after.length).toBe(6);
  });

  it("is not asked for twice", async () => {
    const server = await startArxiv(many);
    const out = await freshFolder();
    await fetchFrom(server, query, { out });
    const before = server.paths.length;
    expect(await fetchFrom(server, query, { out })).toMatchObject({ papers: 10, reused: 10, bytes: 0 });
    expect(server.paths).toHaveLength(before);
  });

  it("is planned without a download", async () => {
    const server = await startArxiv(many);
    const out = await freshFolder();
    await fetchFrom(server, { ...query }, { out, limit: 3 });
    const before = server.paths.length;
    const plan = await planFetch(query, { out, servers: server.addresses, pace: PACE, pdf: true });
    expect(plan).toMatchObject({ papers: 10, reused: 0, requests: 17 });
    expect(plan.seconds).toBeCloseTo(17 * PACE, 5);
    expect(lists(server.paths.slice(before))).toHaveLength(server.paths.length - before);
    expect((await readdir(out)).filter((name) => name.endsWith(".pdf"))).toEqual([]);
    expect(await filesOf(join(out))).toHaveLength(3);
  });
});
