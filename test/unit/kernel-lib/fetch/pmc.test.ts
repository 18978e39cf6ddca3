import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { fetchPapers, type FetchOptions } from "../../../../kernel-lib/src/lab/fetch.js";
import { listSources } from "../../../../kernel-lib/src/papers/sources.js";
import { BucketServer } from "../../../fixtures/bucket-server.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { closing, filesOf, metadataOf, PACE, reasonsOf, ownCache } from "./served.js";

beforeEach(ownCache);

const record = (license_code: string | null) =>
  JSON.stringify({ pmcid: "PMC77", title: "Cells", doi: "10.1/77", license_code });

let server: BucketServer;
beforeEach(async () => {
  server = closing(
    await BucketServer.start({
      "PMC77.1/PMC77.1.xml": "<article>the manuscript</article>",
      "PMC77.2/PMC77.2.xml": "<article>the article</article>",
      "PMC77.2/PMC77.2.txt": "text",
      "PMC77.2/PMC77.2.pdf": "%PDF-",
      "PMC77.2/fig 1.jpg": Buffer.alloc(30_000, "jpg"),
      "PMC77.2/fig2.tif": Buffer.alloc(20_000, "tif"),
      "PMC77.2/film.mp4": "film",
      "PMC77.2/data.zip": "data",
      "PMC770.1/PMC770.1.xml": "<article>another</article>",
      "metadata/PMC77.1.json": record("CC BY"),
      "metadata/PMC77.2.json": record("CC BY-NC"),
      "metadata/PMC770.1.json": record(null),
    }),
  );
});

const fetchPmc = (ids: string[], options: Partial<FetchOptions> & { out: string }, licences: string[] = []) =>
  fetchPapers({ ids, licences }, { servers: { pmc: server.base }, pace: PACE, ...options });

describe("an article of PubMed Central", () => {
  it("comes as a folder with its newest text and its pictures, and nothing else", async () => {
    const out = await freshFolder();
    expect(await fetchPmc(["PMC77"], { out })).toMatchObject({ papers: 1, quarantined: 0 });
    expect(await filesOf(out)).toEqual(["PMC77"]);
    expect((await readdir(join(out, "PMC77"))).sort()).toEqual(["PMC77.xml", "fig 1.jpg", "fig2.tif"]);
    expect(await readFile(join(out, "PMC77", "PMC77.xml"), "utf8")).toContain("the article");
    expect((await listSources([out])).sources.map(({ paper_id }) => paper_id)).toEqual(["PMC77"]);
    expect(await metadataOf(out)).toMatchObject([{ id: "PMC77", license_code: "CC BY-NC", doi: "10.1/77" }]);
    const gaps = server.requests.slice(1).map(({ at }, i) => at - server.requests[i]!.at);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(PACE * 1000);
  });

  it("without pictures keeps its id", async () => {
    const out = await freshFolder();
    await fetchPmc(["https://pmc.ncbi.nlm.nih.gov/articles/PMC770/"], { out });
    expect((await listSources([out])).sources.map(({ paper_id }) => paper_id)).toEqual(["PMC770"]);
  });

  it("comes in the version that was asked for, and with its PDF where that is wanted", async () => {
    const out = await freshFolder();
    await fetchPmc(["PMC77.1", "PMC770"], { out });
    expect(await readFile(join(out, "PMC77", "PMC77.xml"), "utf8")).toContain("the manuscript");
    await fetchPmc(["PMC77"], { out, pdf: true, refresh: true });
    expect(await readdir(join(out, "PMC77"))).toContain("PMC77.2.pdf");
  });

  it("goes on after a break, asks for nothing twice, and appears whole or not at all", async () => {
    server.stalls.add("PMC77.2/fig 1.jpg");
    const out = await freshFolder();
    expect(await fetchPmc(["PMC77"], { out, retries: 0, silence: 2 })).toMatchObject({ quarantined: 1 });
    expect(await filesOf(out)).toEqual([]);
    expect(await fetchPmc(["PMC77"], { out })).toMatchObject({ papers: 1 });
    expect(await readFile(join(out, "PMC77", "fig 1.jpg"))).toEqual(server.files.get("PMC77.2/fig 1.jpg"));
    expect(server.keys.filter((key) => key.endsWith(".xml"))).toHaveLength(1);
    const before = server.requests.length;
    expect(await fetchPmc(["PMC77"], { out })).toMatchObject({ reused: 1 });
    expect(server.requests).toHaveLength(before);
  });

  it("is refused for its licence, its size, or because it is not there", async () => {
    const out = await freshFolder();
    await fetchPmc(["PMC77", "PMC770", "PMC5"], { out }, ["cc-by"]);
    expect(await reasonsOf(out)).toEqual({ PMC77: "not-wanted", PMC770: "not-wanted", PMC5: "not-found" });
    await fetchPmc(["PMC77"], { out, maxSize: 0.01 });
    expect(await reasonsOf(out)).toMatchObject({ PMC77: "too-large" });
  });

  it("whose bytes are not those of the list is not taken", async () => {
    const out = await freshFolder();
    const listed = server.files.get("PMC77.2/fig2.tif")!;
    const fetching = fetchPmc(["PMC77"], { out, retries: 1 });
    await expect.poll(() => server.keys.some((key) => key.endsWith(".json")), { timeout: 30_000 }).toBe(true);
    server.files.set("PMC77.2/fig2.tif", Buffer.alloc(listed.length, "no"));
    expect(await fetching).toMatchObject({ quarantined: 1 });
    expect(await filesOf(out)).toEqual([]);
  });
});
