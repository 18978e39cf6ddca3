import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { freshFolder } from "../../../support/fresh-folder.js";
import { bundleCommand, run } from "./bundle.js";
import { writePapers } from "./papers.js";

let command: string;
beforeAll(async () => {
  command = await bundleCommand();
});

/** A dataset of one paper with two figures of one colour each. */
async function ingested(): Promise<string> {
  const folder = await freshFolder();
  await writePapers(join(folder, "papers"), 1);
  const dataset = join(folder, "dataset");
  expect(await run(command, ["ingest", join(folder, "papers"), "--out", dataset])).toMatchObject({ code: 0 });
  return dataset;
}

describe("figloom check", () => {
  it("prints what it marked as a table and a summary last, and removes nothing", async () => {
    const dataset = await ingested();
    const ran = await run(command, ["check", dataset]);
    expect(ran.code).toBe(0);
    const lines = ran.stdout.trimEnd().split("\n");
    expect(lines[0]).toMatch(/^flag +count +share +example$/);
    expect(lines[1]).toMatch(/^picture-blank +2 +100\.0 % +paper-00#fig1: 0 % of the picture/);
    expect(lines.at(-1)).toMatch(/^2 figures and tables checked, 2 flagged \(100\.0 %\), 0 quarantined in /);
    const file = join(dataset, "out.jsonl");
    await run(command, ["export", dataset, "--out", file]);
    expect((await readFile(file, "utf8")).trim().split("\n")).toHaveLength(2);
    await run(command, ["export", dataset, "--out", file, "--where", "NOT flagged"]);
    expect(await readFile(file, "utf8")).toBe("");
  });

  it("takes other limits, and answers as JSON", async () => {
    const dataset = await ingested();
    const limits = ["image-bytes=0", "content=0", "low-side=100", "tiny-side=50"].flatMap((limit) => [
      "--limit",
      limit,
    ]);
    const answer = async (...flags: string[]) =>
      JSON.parse((await run(command, ["check", dataset, "--json", ...flags])).stdout) as object;
    expect(await answer(...limits)).toMatchObject({ checked: 2, measured: 2, flagged: 0, flags: [] });
    expect(await answer()).toMatchObject({
      measured: 0,
      flagged: 2,
      flags: [
        { flag: "picture-blank", count: 2, share: 1, example: "paper-00#fig1" },
        { flag: "picture-small-file", count: 2 },
        { flag: "picture-low-resolution", count: 2 },
      ],
    });
  });

  it("exits with 2 and one sentence on wrong use", async () => {
    const folder = await freshFolder();
    const wrong: [string[], RegExp][] = [
      [["--limit", "size=3"], /There is no limit "size"; there are: image-bytes, /],
      [["--limit", "image-bytes"], /given as name=value/],
      [["--limit", "image-bytes=-1"], /a number from 0/],
      [["--language", "xx"], /There is no dataset at|no language that is told apart/],
    ];
    for (const [flags, message] of wrong) {
      const ran = await run(command, ["check", join(folder, "none"), ...flags]);
      expect(ran.code, flags.join(" ")).toBe(2);
      expect(ran.stderr).toMatch(message);
    }
  });

  it("explains flags and limits in its help", async () => {
    const { code, stdout } = await run(command, ["check", "--help"]);
    expect(code).toBe(0);
    for (const text of ["near-duplicate", "image-bytes=5120", "S1-MMAlign", "Examples:"])
      expect(stdout).toContain(text);
  });
});
