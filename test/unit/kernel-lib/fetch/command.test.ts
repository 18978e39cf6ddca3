import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeEach, beforeAll, describe, expect, it } from "vitest";
import type { ServedPaper } from "../../../fixtures/arxiv-server.js";
import { bundleCommand, run, start } from "../cli/bundle.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { filesOf, linesOf, metadataOf, startArxiv, ownCache } from "./served.js";

beforeEach(ownCache);

let command: string;
beforeAll(async () => {
  command = await bundleCommand();
});

const papers = Array.from({ length: 8 }, (_, i): ServedPaper => ({ id: `2401.0000${i}` }));
const query = ["fetch", "--category", "astro-ph.GA", "--from", "2024-01-01", "--pace", "0.15", "--out"];
const eprints = (paths: string[]) => paths.filter((path) => path.startsWith("/e-print"));

describe("figloom fetch", () => {
  it("killed at any moment and started again asks only for what is missing, and never too soon", async () => {
    const server = await startArxiv(papers);
    const out = await freshFolder();
    for (const requests of [2, 3, 5, 8]) {
      const child = start(command, [...query, out], server.environment);
      const ended = once(child, "exit");
      await expect
        .poll(() => server.paths.length, { timeout: 60_000, interval: 5 })
        .toBeGreaterThanOrEqual(requests);
      child.kill("SIGKILL");
      await ended;
    }
    const last = await run(command, [...query, out], server.environment);
    expect(last).toMatchObject({ code: 0 });
    expect(await filesOf(out)).toEqual(papers.map(({ id }) => `${id}.tar.gz`));
    expect((await metadataOf(out)).map(({ id }) => id)).toEqual(papers.map(({ id }) => id));
    // A kill costs the request that it fell into, and none besides.
    expect(eprints(server.paths).length).toBeLessThanOrEqual(papers.length + 4);
    expect(Math.min(...server.gaps)).toBeGreaterThanOrEqual(150);
  }, 300_000);

  it("ends at once on Ctrl-C, says that what is done is kept, and quits with 1", async () => {
    const server = await startArxiv(papers);
    for (const { id } of papers.slice(1)) server.faults.set(`/e-print/${id}`, ["hang"]);
    const out = await freshFolder();
    const child = start(command, [...query, out], server.environment);
    let said = "";
    child.stderr!.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const ended = once(child, "exit");
    await expect.poll(() => eprints(server.paths).length, { timeout: 60_000 }).toBe(2);
    child.kill("SIGINT");
    expect(await ended).toEqual([1, null]);
    expect(said).toContain("Cancelled. What is done is kept (1 new result)");
  });

  it("leaves what ingest reads: the papers with their titles, categories and licences", async () => {
    const license = "http://creativecommons.org/licenses/by-sa/4.0/";
    const tex =
      "\\documentclass{article}\\begin{document}\\begin{figure}\\caption{A galaxy.}\\end{figure}\\end{document}";
    const server = await startArxiv([
      { id: "2401.00001", title: "Of galaxies", license, eprint: gzipSync(tex) },
      { id: "2401.00002" },
    ]);
    server.faults.set("/e-print/2401.00002", [{ status: 404, body: "It was withdrawn" }]);
    const folder = await freshFolder();
    const [out, dataset, file] = [join(folder, "papers"), join(folder, "data"), join(folder, "all.jsonl")];
    const fetched = await run(
      command,
      ["fetch", "2401.00001", "2401.00002", "--out", out, "--pace", "0", "--json"],
      server.environment,
    );
    expect(fetched).toMatchObject({ code: 0 });
    expect(fetched.stderr).toContain("2401.00002: 2401.00002 was withdrawn by its authors");
    expect(JSON.parse(fetched.stdout)).toMatchObject({ folder: out, papers: 1, reused: 0, quarantined: 1 });
    expect(await run(command, ["ingest", out, "--out", dataset])).toMatchObject({ code: 0 });
    expect(await run(command, ["export", dataset, "--out", file])).toMatchObject({ code: 0 });
    expect(await linesOf(file)).toMatchObject([
      {
        caption: "A galaxy.",
        title: "Of galaxies",
        discipline: "Astronomy",
        categories: ["astro-ph.GA"],
        licence: license,
        arxiv_id: "2401.00001",
        doi: "10.1/2401.00001",
      },
    ]);
    expect(await readFile(join(out, "quarantine", "fetch.jsonl"), "utf8")).toContain('"withdrawn"');
  });

  it("says what is wrong with the call, and quits with 2", async () => {
    const out = await freshFolder();
    const calls: [string[], RegExp][] = [
      [["--out", out], /Say what to fetch/],
      [["1703.09824", "--category", "hep-th", "--out", out], /not both/],
      [["17x", "--out", out], /"17x" names no paper; give arXiv ids/],
      [["--discipline", "Magic", "--out", out], /take one of Mathematics/],
      [["1703.09824", "--licence", "gpl", "--out", out], /no licence; take one of/],
      [["1703.09824", "--ids", "/nonexistent", "--out", out], /The ids cannot be read/],
      [["1703.09824", "--pace", "fast", "--out", out], /seconds/],
    ];
    for (const [args, message] of calls) {
      const { code, stderr } = await run(command, ["fetch", ...args]);
      expect({ args, code }).toEqual({ args, code: 2 });
      expect(stderr).toMatch(message);
    }
  });

  it("quits with 1 when nothing could be had, or more failed than is allowed", async () => {
    const server = await startArxiv([{ id: "2401.00001" }]);
    const fetching = (...args: string[]) =>
      run(command, ["fetch", "--pace", "0", "--out", out, ...args], server.environment);
    const out = await freshFolder();
    expect(await fetching("2401.00009")).toMatchObject({ code: 1 });
    expect(await fetching("2401.00009", "2401.00001")).toMatchObject({ code: 0 });
    expect(await fetching("2401.00009", "2401.00001", "--max-failed", "0")).toMatchObject({ code: 1 });
  });

  it("plans without a download", async () => {
    const server = await startArxiv(papers);
    const out = await freshFolder();
    const { code, stdout } = await run(command, [...query, out, "--dry-run"], server.environment);
    expect(code).toBe(0);
    expect(stdout.trim()).toBe(
      "8 papers; the rest takes at least 8 requests and 1.2 s. Nothing was fetched.",
    );
    expect(await filesOf(out)).toEqual([]);
  });
});
