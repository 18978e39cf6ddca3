import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { openLab } from "../../../../kernel-lib/src/lab/lab.js";
import type { Progress } from "../../../../kernel-lib/src/stages/stage.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { fetchFrom, filesOf, PACE, startArxiv, ownCache } from "./served.js";

beforeEach(ownCache);

describe("a lab", () => {
  it("fetches papers into a folder of its own", async () => {
    const server = await startArxiv([{ id: "hep-th/9901001" }]);
    const lab = await openLab(join(await freshFolder(), "lab"));
    const fetched = await lab.fetch("hep-th/9901001", { servers: server.addresses, pace: PACE });
    expect(String(fetched)).toMatch(/^1 paper in .*sources, 0\.0 MiB fetched, 0 failed in /);
    expect(fetched.folder).toBe(join(lab.path, "sources"));
    expect(await filesOf(fetched.folder)).toEqual(["hep-th9901001.tar.gz"]);
  });

  it("hears how far it is, and what is waited for", async () => {
    const server = await startArxiv([{ id: "2401.00001" }, { id: "2401.00002" }]);
    server.faults.set("/e-print", [{ status: 503, headers: { "retry-after": "1" } }]);
    const heard: Progress[] = [];
    await fetchFrom(
      server,
      { categories: ["astro-ph.GA"], from: "2024-01-01" },
      { out: await freshFolder(), onProgress: (progress) => heard.push(progress) },
    );
    expect(heard.some(({ stage, note }) => stage === "list" && note?.includes("of 2 looked at"))).toBe(true);
    expect(heard.some(({ note }) => note === "next request in 1 s")).toBe(true);
    expect(heard.some(({ note }) => /answered 503; trying again$/.test(note ?? ""))).toBe(true);
    expect(heard.at(-1)).toMatchObject({ stage: "fetch", done: 2, failed: 0, total: 2 });
  });

  it("says which line of the metadata is damaged, before anything is asked", async () => {
    const server = await startArxiv([{ id: "2401.00001" }]);
    const out = await freshFolder();
    await writeFile(join(out, "metadata.jsonl"), '{"id": "1"}\nnonsense\n');
    await expect(fetchFrom(server, "2401.00001", { out })).rejects.toThrow(/Line 2 of .*metadata\.jsonl/);
    expect(server.paths).toEqual([]);
  });
});
