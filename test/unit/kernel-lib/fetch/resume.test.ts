import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { eprintOf, pdfOf, type Fault } from "../../../fixtures/arxiv-server.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { fetchFrom, filesOf, metadataOf, PACE, reasonsOf, startArxiv, ownCache } from "./served.js";

beforeEach(ownCache);

const IDS = ["2401.00001", "2401.00002", "hep-th/9901001"];
const eprints = (paths: string[]) => paths.filter((path) => path.startsWith("/e-print"));

describe("papers that are there", () => {
  it("are not asked for again, and new ones are", async () => {
    const server = await startArxiv(IDS.map((id) => ({ id })));
    const out = await freshFolder();
    await fetchFrom(server, IDS.slice(0, 2), { out });
    const before = server.paths.length;
    expect(await fetchFrom(server, IDS, { out })).toMatchObject({ papers: 3, reused: 2 });
    expect(server.paths.slice(before).every((path) => path.includes("9901001"))).toBe(true);
    expect(await filesOf(out)).toEqual(["2401.00001.tar.gz", "2401.00002.tar.gz", "hep-th9901001.tar.gz"]);
  });

  it("are fetched again when they are to be fresh, under one line of metadata", async () => {
    const server = await startArxiv([{ id: IDS[0]!, title: "Old" }]);
    const out = await freshFolder();
    await fetchFrom(server, IDS[0]!, { out });
    server.papers.set(IDS[0]!, { id: IDS[0]!, title: "New", eprint: pdfOf("new") });
    await fetchFrom(server, IDS[0]!, { out, refresh: true });
    expect(await filesOf(out)).toEqual([`${IDS[0]}.pdf`]);
    expect(await metadataOf(out)).toMatchObject([{ title: "New" }]);
  });

  it("from elsewhere get their metadata and keep their bytes", async () => {
    const server = await startArxiv([{ id: IDS[0]! }]);
    const out = await freshFolder();
    await writeFile(join(out, `${IDS[0]}.tar.gz`), "mine");
    await fetchFrom(server, IDS[0]!, { out });
    expect(eprints(server.paths)).toEqual([]);
    expect(await readFile(join(out, `${IDS[0]}.tar.gz`), "utf8")).toBe("mine");
    expect(await metadataOf(out)).toHaveLength(1);
  });

  it("as PDFs from elsewhere get their source beside them", async () => {
    const server = await startArxiv([{ id: IDS[0]! }]);
    const out = await freshFolder();
    await writeFile(join(out, `${IDS[0]}.pdf`), "%PDF-mine");
    await fetchFrom(server, IDS[0]!, { out, pdf: true });
    expect(await filesOf(out)).toEqual([`${IDS[0]}.pdf`, `${IDS[0]}.tar.gz`]);
    expect(await readFile(join(out, `${IDS[0]}.pdf`), "utf8")).toBe("%PDF-mine");
  });

  it("that are nothing but a PDF are not asked for a second time", async () => {
    const server = await startArxiv([{ id: IDS[0]!, eprint: pdfOf("all there is") }]);
    const out = await freshFolder();
    await fetchFrom(server, IDS[0]!, { out, pdf: true });
    expect(await fetchFrom(server, IDS[0]!, { out, pdf: true })).toMatchObject({ reused: 1 });
    expect(server.paths).toHaveLength(2);
  });

  it("get their PDF when it is wanted later", async () => {
    const server = await startArxiv([{ id: IDS[0]! }]);
    const out = await freshFolder();
    await fetchFrom(server, IDS[0]!, { out });
    await fetchFrom(server, IDS[0]!, { out, pdf: true });
    expect(await filesOf(out)).toEqual([`${IDS[0]}.pdf`, `${IDS[0]}.tar.gz`]);
    expect(eprints(server.paths)).toHaveLength(1);
  });

  it("as a version stand beside the latest", async () => {
    const server = await startArxiv([{ id: IDS[0]! }]);
    const out = await freshFolder();
    await fetchFrom(server, [IDS[0]!, `${IDS[0]}v1`], { out });
    expect(await filesOf(out)).toEqual([`${IDS[0]}.tar.gz`, `${IDS[0]}v1.tar.gz`]);
    expect(eprints(server.paths)).toEqual([`/e-print/${IDS[0]}`, `/e-print/${IDS[0]}v1`]);
  });
});

describe("papers that failed", () => {
  it("are asked for again, unless that cannot help", async () => {
    const server = await startArxiv(IDS.map((id) => ({ id })));
    server.faults.set(`/e-print/${IDS[0]}`, [{ status: 404, body: "It was withdrawn." }]);
    server.faults.set(`/e-print/${IDS[1]}`, [{ status: 500 }]);
    const out = await freshFolder();
    await fetchFrom(server, IDS, { out, retries: 0 });
    expect(await reasonsOf(out)).toEqual({ [IDS[0]!]: "withdrawn", [IDS[1]!]: "server-unreachable" });
    const before = server.paths.length;
    expect(await fetchFrom(server, IDS, { out })).toMatchObject({ papers: 2, quarantined: 1 });
    expect(eprints(server.paths.slice(before))).toEqual([`/e-print/${IDS[1]}`]);
    expect(await fetchFrom(server, IDS, { out, refresh: true })).toMatchObject({ papers: 3, quarantined: 0 });
  });

  it("only for want of a PDF keep their source", async () => {
    const server = await startArxiv([{ id: IDS[0]! }]);
    server.faults.set("/pdf", [{ status: 404 }]);
    const out = await freshFolder();
    await fetchFrom(server, IDS[0]!, { out, pdf: true });
    expect(await reasonsOf(out)).toEqual({ [IDS[0]!]: "no-pdf" });
    expect(await filesOf(out)).toEqual([`${IDS[0]}.tar.gz`]);
    expect(await metadataOf(out)).toHaveLength(1);
  });

  it("for their licence say which one they have", async () => {
    const server = await startArxiv([
      { id: IDS[0]!, license: "http://arxiv.org/licenses/nonexclusive-distrib/1.0/" },
    ]);
    const out = await freshFolder();
    await fetchFrom(server, { ids: [IDS[0]!], licences: ["cc-by"] }, { out });
    expect(await reasonsOf(out)).toEqual({ [IDS[0]!]: "not-wanted" });
    expect(eprints(server.paths)).toEqual([]);
  });
});

describe("a fetch that is cancelled", () => {
  const cancelled: [string, Fault][] = [
    ["while the server is silent", "hang"],
    ["while the server is waited for", { status: 503, headers: { "retry-after": "3000" } }],
    ["in the middle of a download", "stall"],
  ];
  for (const [name, fault] of cancelled)
    it(`ends at once ${name}, and the next one goes on`, async () => {
      const server = await startArxiv(IDS.map((id) => ({ id })));
      server.faults.set(`/e-print/${IDS[1]}`, [fault]);
      const out = await freshFolder();
      const control = new AbortController();
      const fetching = fetchFrom(server, IDS, { out, signal: control.signal });
      await expect.poll(() => eprints(server.paths).length, { timeout: 30_000 }).toBe(2);
      control.abort();
      await expect(fetching).rejects.toMatchObject({ name: "AbortError" });
      expect(await filesOf(out)).toEqual([`${IDS[0]}.tar.gz`]);
      expect(await fetchFrom(server, IDS, { out })).toMatchObject({ papers: 3, reused: 1 });
      expect(await readFile(join(out, `${IDS[1]}.tar.gz`))).toEqual(eprintOf(IDS[1]!));
    });
});

describe("the pace", () => {
  it("is kept over every request, of one fetch and the next", async () => {
    const server = await startArxiv(IDS.map((id) => ({ id })));
    server.faults.set("/e-print", [{ status: 500 }, "reset", "drip"]);
    const out = await freshFolder();
    await fetchFrom(server, IDS.slice(0, 1), { out, pace: 0.2 });
    await fetchFrom(server, IDS, { out, pace: 0.2 });
    expect(server.requests).toHaveLength(8);
    expect(Math.min(...server.gaps)).toBeGreaterThanOrEqual(200);
  });

  it("is not kept by two at a time: the second is refused", async () => {
    const server = await startArxiv([{ id: IDS[0]! }]);
    server.faults.set("/oai", ["hang"]);
    const control = new AbortController();
    const first = fetchFrom(server, IDS[0]!, { out: await freshFolder(), signal: control.signal });
    await expect.poll(() => server.paths.length, { timeout: 30_000 }).toBe(1);
    await expect(fetchFrom(server, IDS[0]!, { out: await freshFolder() })).rejects.toThrow(
      /Another figloom is asking 127\.0\.0\.1/,
    );
    control.abort();
    await expect(first).rejects.toThrow();
    expect(PACE).toBeGreaterThan(0);
  });
});
