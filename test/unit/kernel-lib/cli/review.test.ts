import { once } from "node:events";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { reading } from "../../../../kernel-lib/src/dataset/query.js";
import { Reviews } from "../../../../kernel-lib/src/dataset/reviews/reviews.js";
import { Dataset } from "../../../../kernel-lib/src/dataset/store.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { sampleEntry } from "../dataset/samples.js";
import { bundleCommand, run } from "./bundle.js";

let command: string;
let writer: string;
beforeAll(async () => {
  command = await bundleCommand();
  writer = await bundleWriter();
});

async function dataset(figures = 3): Promise<string> {
  const made = await Dataset.openOrCreate(join(await freshFolder(), "d"));
  await made.write({ stage: "ingest", stage_version: 1 }, ({ append }) => append(sampleEntry("p1", figures)));
  return made.folder;
}

describe("figloom review", () => {
  it("writes verdicts and tags, takes them back in a later call, and goes on in the same file", async () => {
    const folder = await dataset();
    const review = (...args: string[]) => run(command, ["review", folder, ...args]);
    expect(await review("--where", "number < '3'", "--verdict", "rejected", "--tag", "odd")).toMatchObject({
      code: 0,
      stdout: 'Rejected 2 figures, tagged 2 figures "odd".\n',
    });
    const { stdout } = await review("--figure", "p1#fig1", "--verdict", "none", "--untag", "odd", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ figures: 1, undo: expect.stringContaining("took") });
    expect((await review("--undo")).stdout).toMatch(/^Undid: took the verdict off 1 figure/);
    const reviews = await Reviews.open(folder);
    expect(reviews.get("p1#fig1")).toEqual({ verdict: "rejected", tags: ["odd"] });
    expect((await review("--redo")).stdout).toMatch(/^Did again/);
    expect(await readdir(join(folder, "reviews"))).toEqual(["1.jsonl", "claims"]);
  });

  it.each([
    [["--verdict", "accepted"], /which figures/],
    [["--where", "true"], /Nothing is said/],
    [["--undo", "--tag", "x"], /stand alone/],
    [["--figure", "p9#fig1", "--tag", "x"], /has no figure/],
    [["--where", "true", "--verdict", "maybe"], /Allowed choices/],
  ])("refuses %j with exit code 2", async (args, message) => {
    const { code, stderr } = await run(command, ["review", await dataset(), ...args]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe("processes that review at the same time", () => {
  it("lose nothing of what each was told is done", async () => {
    const folder = await dataset(60);
    const writers = ["a", "b", "c"].map((name) => start(folder, name, 20));
    const codes = await Promise.all(
      writers.map(async ({ child }) => (await once(child, "exit"))[0] as number),
    );
    expect(codes).toEqual([0, 0, 0]);
    const reviews = await Reviews.open(folder);
    for (let i = 1; i <= 20; i++) expect(reviews.get(`p1#fig${i}`).tags).toEqual(["a", "b", "c"]);
    const [counted] = await reading(folder, (reader) =>
      reader.all<{ n: number }>("SELECT count(*)::INTEGER AS n FROM figures WHERE len(tags) = 3"),
    );
    expect(counted!.n).toBe(20);
  });

  it("can be killed at any moment: what was said to be done is there, and others go on", async () => {
    const folder = await dataset(60);
    for (const lines of [1, 4, 9]) {
      const { child, done } = start(folder, `killed${lines}`, 60);
      await new Promise<void>((resolve) => {
        child.stdout.on("data", () => done().length >= lines && resolve());
      });
      child.kill("SIGKILL");
      await once(child, "exit");
      const reviews = await Reviews.open(folder);
      for (const figure_id of done()) expect(reviews.get(figure_id).tags).toContain(`killed${lines}`);
      await reviews.review(["p1#fig60"], { addTags: [`after${lines}`] });
    }
    const text = await readFile(join(folder, "reviews", "1.jsonl"), "utf8");
    for (const line of text.trimEnd().split("\n")) expect(() => JSON.parse(line) as unknown).not.toThrow();
    expect((await Reviews.open(folder)).get("p1#fig60").tags).toEqual(["after1", "after4", "after9"]);
    expect((await readdir(join(folder, "reviews"))).filter((name) => name.endsWith(".jsonl"))).toEqual([
      "1.jsonl",
    ]);
  });
});

/** A process that tags the first figures one after another and names each on stdout when that is done. */
function start(folder: string, tag: string, figures: number) {
  const child = spawn(process.execPath, [writer, folder, tag, String(figures)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (bytes) => (said += String(bytes)));
  return { child, done: () => said.split("\n").slice(0, -1) };
}

async function bundleWriter(): Promise<string> {
  const outfile = join(import.meta.dirname, "../../../output/review-writer/writer.cjs");
  const source = join(import.meta.dirname, "../../../../kernel-lib/src/dataset/reviews/reviews.ts");
  const contents = `import { Reviews } from ${JSON.stringify(source)};
    const [, , folder, tag, figures] = process.argv;
    Reviews.open(folder).then(async (reviews) => {
      for (let i = 1; i <= Number(figures); i++) {
        await reviews.review(["p1#fig" + i], { addTags: [tag] });
        console.log("p1#fig" + i);
      }
    });`;
  await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    platform: "node",
    format: "cjs",
    packages: "external",
    outfile,
  });
  return outfile;
}
