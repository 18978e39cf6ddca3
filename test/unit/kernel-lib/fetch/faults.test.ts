import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import { eprintOf, pdfOf, type Fault } from "../../../fixtures/arxiv-server.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { fetchFrom, filesOf, metadataOf, PACE, reasonsOf, startArxiv, ownCache } from "./served.js";

beforeEach(ownCache);

const ID = "2401.00001";

describe("a fault that passes", () => {
  const faults: [string, Fault[]][] = [
    ["503 with seconds to wait", [{ status: 503, headers: { "retry-after": "1" } }]],
    ["503 without a word", [{ status: 503 }, { status: 503 }]],
    ["429", [{ status: 429, headers: { "retry-after": "0" } }]],
    ["500 and 502", [{ status: 500 }, { status: 502 }]],
    ["a reset in the middle", ["reset"]],
    ["an end in the middle, again and again", ["truncate", "reset", "truncate"]],
    ["a body that is cut and says no length", ["cut-without-length"]],
    ["a length that is too long", ["long-length"]],
    ["a slow answer", ["drip"]],
    ["a page of maintenance", [{ status: 200, body: "<html><body>Back soon</body></html>" }]],
    ["an empty answer", [{ status: 200, body: "" }]],
  ];
  for (const [name, list] of faults)
    it(`is survived: ${name}`, async () => {
      const server = await startArxiv([{ id: ID }]);
      server.faults.set("/e-print", [...list]);
      server.faults.set(
        "/oai",
        name.startsWith("a slow") ? [] : list.filter((fault) => typeof fault === "object"),
      );
      const out = await freshFolder();
      const result = await fetchFrom(server, ID, { out });
      expect(result).toMatchObject({ papers: 1, quarantined: 0 });
      expect(await readFile(join(out, `${ID}.tar.gz`))).toEqual(eprintOf(ID));
      expect(await metadataOf(out)).toHaveLength(1);
      expect(Math.min(...server.gaps)).toBeGreaterThanOrEqual(PACE * 1000);
    });

  it("is survived: silence", async () => {
    const server = await startArxiv([{ id: ID }]);
    server.faults.set("/e-print", ["hang"]);
    const out = await freshFolder();
    expect(await fetchFrom(server, ID, { out, silence: 2 })).toMatchObject({ papers: 1 });
    expect(server.paths.filter((path) => path.startsWith("/e-print"))).toHaveLength(2);
  });
});

describe("Retry-After", () => {
  it("in seconds and as a date is waited for", async () => {
    const server = await startArxiv([{ id: ID }]);
    const soon = new Date(Date.now() + 3000);
    server.faults.set("/oai", [{ status: 503, headers: { "retry-after": "1" } }]);
    server.faults.set("/e-print", [{ status: 503, headers: { "retry-after": soon.toUTCString() } }]);
    await fetchFrom(server, ID, { out: await freshFolder() });
    expect(server.gaps[0]).toBeGreaterThanOrEqual(1000);
    // An HTTP date has whole seconds.
    expect(server.requests.at(-1)!.at).toBeGreaterThanOrEqual(Math.floor(soon.getTime() / 1000) * 1000);
  });

  it("of more than an hour ends the fetch and says so", async () => {
    const server = await startArxiv([{ id: ID }, { id: "2401.00002" }]);
    server.faults.set("/e-print", [{ status: 503, headers: { "retry-after": "7200" } }]);
    const fetching = fetchFrom(server, [ID, "2401.00002"], { out: await freshFolder() });
    await expect(fetching).rejects.toThrow(/left alone for 120 minutes/);
    expect(server.requests).toHaveLength(2);
  });
});

describe("a broken download", () => {
  it("goes on where it stopped, where the server allows it", async () => {
    const server = await startArxiv([{ id: ID }]);
    server.faults.set("/e-print", ["stall"]);
    const out = await freshFolder();
    await fetchFrom(server, ID, { out, silence: 2 });
    expect(server.requests.at(-1)!.headers.range).toMatch(/^bytes=\d+-$/);
    expect(await readFile(join(out, `${ID}.tar.gz`))).toEqual(eprintOf(ID));
  });

  it("begins again where the server does not allow it", async () => {
    const server = await startArxiv([{ id: ID }]);
    server.ranges = false;
    server.faults.set("/e-print", ["reset"]);
    const out = await freshFolder();
    await fetchFrom(server, ID, { out });
    expect(server.requests.at(-1)!.headers.range).toBeUndefined();
    expect(await readFile(join(out, `${ID}.tar.gz`))).toEqual(eprintOf(ID));
  });

  it("begins again where the file is another by now", async () => {
    const server = await startArxiv([{ id: ID }]);
    server.faults.set("/e-print", ["reset", { status: 503 }]);
    const out = await freshFolder();
    const fetching = fetchFrom(server, ID, { out });
    await expect
      .poll(() => server.paths.filter((path) => path.startsWith("/e-print")).length, { timeout: 20_000 })
      .toBe(2);
    server.papers.set(ID, { id: ID, eprint: eprintOf("another version") });
    await fetching;
    expect(await readFile(join(out, `${ID}.tar.gz`))).toEqual(eprintOf("another version"));
  });

  it("that never becomes whole is quarantined, and its neighbours go on", async () => {
    const server = await startArxiv([{ id: ID }, { id: "2401.00002" }]);
    server.ranges = false;
    server.faults.set(`/e-print/${ID}`, Array<Fault>(10).fill("truncate"));
    const out = await freshFolder();
    expect(await fetchFrom(server, [ID, "2401.00002"], { out, retries: 2 })).toMatchObject({
      papers: 1,
      quarantined: 1,
    });
    expect(await filesOf(out)).toEqual(["2401.00002.tar.gz"]);
    expect(await reasonsOf(out)).toEqual({ [ID]: "server-unreachable" });
  });
});

describe("what the server sends", () => {
  const tex = "\\documentclass{article}\\begin{document}x\\end{document}";
  const kinds: [string, Buffer, string][] = [
    ["one gzipped file", gzipSync(tex), ".gz"],
    ["a PDF", pdfOf(ID), ".pdf"],
    ["TeX that was unpacked on the way", Buffer.from(tex), ".gz"],
    ["a gzipped PDF", gzipSync(pdfOf(ID)), ".pdf.gz"],
    ["a bare tar", gunzipSync(eprintOf(ID)), ".tar"],
    ["gzipped PostScript", gzipSync("%!PS-Adobe-3.0\n"), ".gz"],
  ];
  for (const [name, eprint, ending] of kinds)
    it(`is named by what it is: ${name}`, async () => {
      const server = await startArxiv([{ id: ID, eprint }]);
      const out = await freshFolder();
      await fetchFrom(server, ID, { out });
      expect(await filesOf(out)).toEqual([`${ID}${ending}`]);
      const before = server.paths.length;
      expect(await fetchFrom(server, ID, { out })).toMatchObject({ papers: 1, reused: 1 });
      expect(server.paths).toHaveLength(before);
    });

  const problems: [
    string,
    string,
    Partial<{ eprint: Buffer; fault: Fault; unknown: true; deleted: true }>,
  ][] = [
    ["withdrawn", "a stub", { eprint: gzipSync("%auto-ignore\nThis paper has been withdrawn") }],
    [
      "withdrawn",
      "a page",
      { fault: { status: 404, body: "<html><p>This paper has been <b>withdrawn</b>" } },
    ],
    [
      "no-source",
      "a page",
      { fault: { status: 200, body: "<html><body>Source not available</body></html>" } },
    ],
    ["not-found", "404", { fault: { status: 404 } }],
    ["not-found", "no such id", { unknown: true }],
    ["not-found", "a deleted record", { deleted: true }],
    ["not-a-paper", "a zip", { eprint: Buffer.from("PK\x03\x04 and so on") }],
  ];
  for (const [reason, name, { eprint, fault, unknown, deleted }] of problems)
    it(`is refused as ${reason}: ${name}`, async () => {
      const server = await startArxiv(
        unknown ? [] : [{ id: ID, ...(eprint && { eprint }), ...(deleted && { deleted }) }],
      );
      if (fault) server.faults.set("/e-print", [fault]);
      const out = await freshFolder();
      expect(await fetchFrom(server, ID, { out })).toMatchObject({ papers: 0, quarantined: 1 });
      expect(await reasonsOf(out)).toEqual({ [ID]: reason });
      expect(await filesOf(out)).toEqual([]);
    });

  it("is refused when it is too large, whether or not it says so", async () => {
    const large = gzipSync(Buffer.alloc(3 * 2 ** 20, "x"), { level: 0 });
    const server = await startArxiv([
      { id: ID, eprint: large },
      { id: "2401.00002", eprint: large },
    ]);
    server.faults.set("/e-print/2401.00002", ["cut-without-length"]);
    const out = await freshFolder();
    await fetchFrom(server, [ID, "2401.00002"], { out, maxSize: 1 });
    expect(await reasonsOf(out)).toEqual({ [ID]: "too-large", "2401.00002": "too-large" });
  });
});

describe("a server that is not there for us", () => {
  it("ends the fetch at once when it forbids us to ask", async () => {
    const server = await startArxiv([{ id: ID }, { id: "2401.00002" }]);
    server.faults.set("/e-print", [{ status: 403, body: "Access denied" }]);
    await expect(fetchFrom(server, [ID, "2401.00002"], { out: await freshFolder() })).rejects.toThrow(
      /refuses us/,
    );
    expect(server.requests).toHaveLength(2);
  });

  it("ends the fetch when three papers in a row fail, and what is done is kept", async () => {
    const ids = Array.from({ length: 6 }, (_, i) => `2401.0000${i}`);
    const server = await startArxiv(ids.map((id) => ({ id })));
    for (const id of ids.slice(2)) server.faults.set(`/e-print/${id}`, Array<Fault>(9).fill({ status: 500 }));
    const out = await freshFolder();
    await expect(fetchFrom(server, ids, { out, retries: 1 })).rejects.toThrow(/3 papers in a row/);
    expect(await filesOf(out)).toEqual(["2401.00000.tar.gz", "2401.00001.tar.gz"]);
    expect(server.paths.some((path) => path.includes(ids[5]!))).toBe(false);
  });
});

describe("redirects", () => {
  const to = (location: string): Fault => ({ status: 302, headers: { location } });

  it("within the host are followed, at the pace", async () => {
    const server = await startArxiv([{ id: ID }]);
    server.faults.set("/e-print", [to(`/e-print/${ID}?again`)]);
    expect(await fetchFrom(server, ID, { out: await freshFolder() })).toMatchObject({ papers: 1 });
    expect(Math.min(...server.gaps)).toBeGreaterThanOrEqual(PACE * 1000);
  });

  it.each([
    "http://localhost:1/x",
    "https://localhost:1/x",
    "https://10.0.0.1/x",
    "https://[::1]/x",
    "file:///etc/passwd",
    "http://example.org/x",
  ])("to %s are not followed", async (location) => {
    const server = await startArxiv([{ id: ID }]);
    server.faults.set("/e-print", [to(location)]);
    await expect(fetchFrom(server, ID, { out: await freshFolder() })).rejects.toThrow(/not followed/);
  });

  it("in a circle come to an end", async () => {
    const server = await startArxiv([{ id: ID }]);
    server.faults.set("/e-print", Array<Fault>(20).fill(to(`/e-print/${ID}?again`)));
    expect(await fetchFrom(server, ID, { out: await freshFolder(), retries: 0 })).toMatchObject({
      quarantined: 1,
    });
  });
});
