import { spawn } from "node:child_process";
import { access, cp, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshFolder } from "../../../support/fresh-folder.js";
import { bundleCommand, run, start, type Ran } from "./bundle.js";
import { writePapers } from "./papers.js";

let command: string;
let folder: string;
let papers: string;
/** Of three papers with metadata beside them, captioned and scored: what is done to it leaves it as it is. */
let dataset: string;
let said: Ran[];

beforeAll(async () => {
  command = await bundleCommand();
  folder = await mkdtemp(join(tmpdir(), "figloom-commands-"));
  [papers, dataset] = [join(folder, "papers"), join(folder, "dataset")];
  await writePapers(papers, 3);
  const about = {
    id: "paper-01",
    title: "Not this",
    categories: "astro-ph.IM cs.LG",
    license: "CC0",
    doi: "10.1/x",
  };
  await writeFile(join(papers, "metadata.jsonl"), `${JSON.stringify(about)}\n`);
  said = [
    await run(command, ["ingest", papers, "--out", dataset]),
    await run(command, ["recaption", dataset]),
    await run(command, ["score", dataset, "--metrics", "support"]),
  ];
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const exported = async (of: string, ...flags: string[]) => {
  const file = join(folder, "out.jsonl");
  const ran = await run(command, ["export", of, "--out", file, ...flags]);
  expect(ran).toMatchObject({ code: 0 });
  const text = await readFile(file, "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
};

describe("the commands", () => {
  it("whose reader has had enough end as they would without one", async () => {
    const ended = await new Promise((resolve) => {
      const child = spawn(process.execPath, [command, "recaption", "--help"], {
        stdio: ["ignore", "pipe", "pipe"],
      });
      let said = "";
      child.stdout.destroy();
      child.stderr.on("data", (text: Buffer) => (said += text.toString()));
      child.on("close", (code, signal) => resolve({ code, signal, said }));
    });
    expect(ended).toEqual({ code: 0, signal: null, said: "" });
  });

  it("an export onto a folder is refused in one sentence", async () => {
    const ran = await run(command, ["export", dataset, "--out", folder]);
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toContain("is a folder; name a file");
  });

  it("ingest, recaption, score and export a folder of papers", async () => {
    expect(said).toMatchObject([
      { code: 0, stdout: expect.stringMatching(/^3 papers, 9 figures, 0 quarantined in /) },
      { code: 0, stdout: expect.stringMatching(/^9 captions "extractive", 0 quarantined in /) },
      { code: 0, stdout: expect.stringMatching(/^support: 18 captions measured, 0 quarantined in /) },
    ]);
    const lines = await exported(dataset);
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

  it("audit what was scored, into a folder of reports", async () => {
    expect((await run(command, ["score", dataset, "--metrics", "support,form"])).stdout).toMatch(
      /^support: 0 captions measured \(and 18 before\); form: 18 captions measured, 0 quarantined in /,
    );
    const out = join(folder, "audit");
    const ran = await run(command, [
      "audit",
      dataset,
      "--compare",
      "raw,extractive",
      "--metrics",
      "words",
      "--out",
      out,
    ]);
    expect(ran).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`The report: ${join(out, "report.md")}`),
    });
    const report = JSON.parse(await readFile(join(out, "report.json"), "utf8")) as Record<string, unknown>;
    expect(report).toMatchObject({
      command: `figloom audit ${dataset} --compare raw,extractive --metrics words --by discipline --seed 1 --resamples 2000 --out dataset-audit`,
      compared: { from: "raw", to: "extractive", figures: 9, papers: 3 },
      metrics: [{ metric: "words", scorer: { id: "form", version: 1 }, overall: { figures: 9 } }],
    });
    const wrong = async (...flags: string[]) => run(command, ["audit", dataset, "--out", out, ...flags]);
    expect(await wrong("--compare", "raw")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("two captions"),
    });
    expect(await wrong("--compare", "raw,extractive", "--by", "mood")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Results cannot be given by "mood"; they can by: figure.kind'),
    });
    expect(await wrong("--compare", "raw,terse")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There are no captions "terse"'),
    });
  });

  it("show what stands out, for people and for programs", async () => {
    const ask = (...flags: string[]) =>
      run(command, ["outliers", dataset, "--metric", "words", "--count", "2", ...flags]);
    expect(JSON.parse((await ask("--compare", "raw,extractive", "--json")).stdout)).toMatchObject({
      ...{ metric: "words", order: "worst", compare: ["raw", "extractive"], caption: "extractive" },
      outliers: [{ paper_id: expect.any(String) as string, from: expect.any(Number) as number }, {}],
    });
    const { stdout } = await ask("--caption", "raw");
    expect(stdout).toMatch(/Squares of .*words: worst raw\n {2}paper-0\d#fig\d: \d/s);
  });

  it("do nothing a second time", async () => {
    const json = async (...args: string[]) =>
      JSON.parse((await run(command, [...args, "--json"])).stdout) as object;
    expect(await json("ingest", papers, "--out", dataset)).toMatchObject({
      papers: 3,
      reused: 3,
      figures: 9,
      seconds: expect.toSatisfy((seconds: number) => /^\d+(?:\.\d{1,3})?$/.test(String(seconds))),
    });
    expect(await json("recaption", dataset)).toMatchObject({ made: 0, reused: 9 });
    expect(await json("score", dataset, "--metrics", "support")).toMatchObject({ made: 0, reused: 18 });
  });

  it("read a paper again when the user says something new about it", async () => {
    const other = join(folder, "other");
    await cp(dataset, other, { recursive: true });
    const ran = await run(command, ["ingest", papers, "--out", other, "--discipline", "Biology"]);
    expect(ran.stdout).toMatch(/^3 papers, 9 figures/);
    expect(new Set((await exported(other)).map((line) => line.discipline))).toEqual(new Set(["Biology"]));
  });

  it("write an empty file when nothing is picked", async () => {
    expect(await exported(dataset, "--where", "width > 100000")).toEqual([]);
  });

  it("leave no dataset behind where there was nothing to read", async () => {
    const out = join(folder, "nothing-read");
    expect(await run(command, ["ingest", join(folder, "no-such"), "--out", out])).toMatchObject({ code: 2 });
    await expect(stat(out)).rejects.toThrow("ENOENT");
  });

  it("exit with 2 and one sentence on wrong use", async () => {
    const wrong: [string[], RegExp][] = [
      [["ingest", papers], /required option '--out/],
      [["ingest", join(folder, "no-such"), "--out", dataset], /no-such does not exist/],
      [["ingest", papers, "--out", dataset, "--discipline", "Alchemy"], /"Alchemy" is no discipline/],
      [["ingest", papers, "--out", dataset, "--jobs", "none"], /--jobs/],
      [["recaption", join(folder, "nowhere")], /There is no dataset at/],
      [["recaption", dataset, "--captioner", "magic"], /Allowed choices are extractive/],
      [["score", dataset, "--metrics", "beauty"], /There is no metric "beauty"/],
      [
        ["score", dataset, "--metrics", "support", "--variant", "loud"],
        /no captions "loud"; there are: raw, extractive\./,
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
    const own = await freshFolder();
    const [more, kept] = [join(own, "papers"), join(own, "dataset")];
    await writePapers(more, 30);
    const ingest = ["ingest", more, "--out", kept, "--jobs", "1"];
    const child = start(command, ingest);
    let stderr = "";
    child.stderr!.on("data", (text) => (stderr += String(text)));
    const code = new Promise((resolve) => child.once("exit", resolve));
    const ledger = join(kept, "runs", "000001-ingest", "ledger", "0.jsonl");
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
    const prefix = await freshFolder();
    expect(await run(command, ["kernel", "install"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--prefix DIR or --user"),
    });
    const ran = await run(command, ["kernel", "install", "--prefix", prefix]);
    expect(ran.stderr).toBe("");
    const spec = join(prefix, "share", "jupyter", "kernels", "figloom", "kernel.json");
    expect(JSON.parse(await readFile(spec, "utf8"))).toMatchObject({ display_name: "figloom (TypeScript)" });
  });

  it("show help with examples", async () => {
    for (const name of ["ingest", "recaption", "score", "export", "doctor"]) {
      const ran = await run(command, [name, "--help"]);
      expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining("Example") });
    }
  });
});
