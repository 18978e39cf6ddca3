import { access, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { freshFolder } from "../dataset/samples.js";
import { bundleCommand, run, start } from "./bundle.js";
import { writePapers } from "./papers.js";

let command: string;
let folder: string;
let dataset: string;
beforeAll(async () => {
  command = await bundleCommand("commands");
});

/** A dataset of three papers with metadata beside them. */
async function ingested(): Promise<void> {
  folder = await freshFolder();
  dataset = join(folder, "dataset");
  await writePapers(join(folder, "papers"), 3);
  const about = {
    id: "paper-01",
    title: "Not this",
    categories: "astro-ph.IM cs.LG",
    license: "CC0",
    doi: "10.1/x",
  };
  await writeFile(join(folder, "papers", "metadata.jsonl"), `${JSON.stringify(about)}\n`);
  expect(await run(command, ["ingest", join(folder, "papers"), "--out", dataset])).toMatchObject({ code: 0 });
}

const exported = async (...flags: string[]) => {
  const file = join(folder, "out.jsonl");
  const ran = await run(command, ["export", dataset, "--out", file, ...flags]);
  expect(ran).toMatchObject({ code: 0 });
  const text = await readFile(file, "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
};

describe("the commands", () => {
  it("an export onto a folder is refused in one sentence", async () => {
    await ingested();
    const ran = await run(command, ["export", dataset, "--out", folder]);
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toContain("is a folder; name a file");
  });

  it("ingest, recaption, score and export a folder of papers", async () => {
    await ingested();
    expect(await run(command, ["recaption", dataset])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^9 captions "extractive", 0 quarantined in /),
    });
    expect(await run(command, ["score", dataset, "--metrics", "support"])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^18 support scores, 0 quarantined in /),
    });
    const lines = await exported();
    expect(lines.map((line) => line.figure_id)).toEqual(
      [2, 3, 4].flatMap((n, paper) => Array.from({ length: n }, (_, i) => `paper-0${paper}#fig${i + 1}`)),
    );
    expect(lines[3]).toMatchObject({
      paper_id: "paper-01",
      kind: "latex",
      float: "figure",
      number: "2",
      label: "fig:2",
      caption: "Squares of 2 mm.",
      caption_source: "Squares of 2 mm.",
      contexts: ["Figure 2 of paper-01 shows 14 squares of 2 mm."],
      title: "The paper paper-01",
      discipline: "Astronomy",
      categories: ["astro-ph.IM", "cs.LG"],
      licence: "CC0",
      doi: "10.1/x",
      width: 202,
      height: 150,
      variant: "extractive",
      scores: { support: { raw: expect.any(Number), extractive: expect.any(Number) } },
    });
    await access(join(dataset, lines[3]!.image_path as string));
  });

  it("do nothing a second time", async () => {
    await ingested();
    for (const args of [
      ["ingest", join(folder, "papers"), "--out", dataset],
      ["recaption", dataset],
      ["score", dataset, "--metrics", "support"],
    ])
      await run(command, args);
    const json = async (...args: string[]) =>
      JSON.parse((await run(command, [...args, "--json"])).stdout) as object;
    expect(await json("ingest", join(folder, "papers"), "--out", dataset)).toMatchObject({
      papers: 3,
      reused: 3,
      figures: 9,
      seconds: expect.toSatisfy((seconds: number) => /^\d+(?:\.\d{1,3})?$/.test(String(seconds))),
    });
    expect(await json("recaption", dataset)).toMatchObject({ made: 0, reused: 9 });
    expect(await json("score", dataset, "--metrics", "support")).toMatchObject({ made: 0, reused: 18 });
  });

  it("read a paper again when the user says something new about it", async () => {
    await ingested();
    const ran = await run(command, [
      "ingest",
      join(folder, "papers"),
      "--out",
      dataset,
      "--discipline",
      "Biology",
    ]);
    expect(ran.stdout).toMatch(/^3 papers, 9 figures/);
    expect(new Set((await exported()).map((line) => line.discipline))).toEqual(new Set(["Biology"]));
  });

  it("write an empty file when nothing is picked", async () => {
    await ingested();
    expect(await exported("--where", "width > 100000")).toEqual([]);
  });

  it("leave no dataset behind where there was nothing to read", async () => {
    const out = join(folder, "nothing-read");
    expect(await run(command, ["ingest", join(folder, "no-such"), "--out", out])).toMatchObject({ code: 2 });
    await expect(stat(out)).rejects.toThrow("ENOENT");
  });

  it("exit with 2 and one sentence on wrong use", async () => {
    await ingested();
    const wrong: [string[], RegExp][] = [
      [["ingest", join(folder, "papers")], /required option '--out/],
      [["ingest", join(folder, "no-such"), "--out", dataset], /no-such does not exist/],
      [
        ["ingest", join(folder, "papers"), "--out", dataset, "--discipline", "Alchemy"],
        /"Alchemy" is no discipline/,
      ],
      [["ingest", join(folder, "papers"), "--out", dataset, "--jobs", "none"], /--jobs/],
      [["recaption", join(folder, "nowhere")], /There is no dataset at/],
      [["recaption", dataset, "--captioner", "magic"], /Allowed choices are extractive/],
      [["score", dataset, "--metrics", "beauty"], /There is no metric "beauty"/],
      [
        ["score", dataset, "--metrics", "support", "--variant", "loud"],
        /no captions "loud"; there are: raw\./,
      ],
      [["export", dataset, "--out", join(folder, "x.jsonl"), "--where", "colour = 1"], /Columns: figure_id/],
      [["weave"], /unknown command 'weave'/],
    ];
    for (const [args, message] of wrong) {
      const ran = await run(command, args);
      expect(ran.code, args.join(" ")).toBe(2);
      expect(ran.stderr).toMatch(message);
    }
  });

  it("keep what is done at Ctrl-C, and go on from there", async () => {
    folder = await freshFolder();
    dataset = join(folder, "dataset");
    await writePapers(join(folder, "papers"), 30);
    const ingest = ["ingest", join(folder, "papers"), "--out", dataset, "--jobs", "1"];
    const child = start(command, ingest);
    let stderr = "";
    child.stderr!.on("data", (text) => (stderr += String(text)));
    const code = new Promise((resolve) => child.once("exit", resolve));
    const ledger = join(dataset, "runs", "000001-ingest", "ledger", "0.jsonl");
    while (child.exitCode === null && !(await readFile(ledger, "utf8").catch(() => "")))
      await new Promise(setImmediate);
    child.kill("SIGINT");
    expect(await code).toBe(1);
    expect(stderr).toMatch(/What is done is kept \(\d+ new results?\); start the same again to go on/);
    const again = JSON.parse((await run(command, [...ingest, "--json"])).stdout) as {
      papers: number;
      reused: number;
    };
    expect(again.papers).toBe(30);
    expect(again.reused).toBeGreaterThan(0);
  });

  it("install the notebook kernel into an environment", async () => {
    folder = await freshFolder();
    expect(await run(command, ["kernel", "install"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--prefix DIR or --user"),
    });
    const ran = await run(command, ["kernel", "install", "--prefix", folder]);
    expect(ran.stderr).toBe("");
    const spec = join(folder, "share", "jupyter", "kernels", "figloom", "kernel.json");
    expect(JSON.parse(await readFile(spec, "utf8"))).toMatchObject({ display_name: "figloom (TypeScript)" });
  });

  it("show help with examples", async () => {
    for (const name of ["ingest", "recaption", "score", "export", "doctor"]) {
      const ran = await run(command, [name, "--help"]);
      expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining("Example") });
    }
  });
});
