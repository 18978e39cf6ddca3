import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { hostileArchives, sound } from "../../../fixtures/hostile-archives.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { bundleCommand, run } from "./bundle.js";

let command: string;
beforeAll(async () => {
  command = await bundleCommand();
});

interface Line {
  item: string;
  file: string;
  reason: string;
  message: string;
  way_out: string;
}

/** Lines of a file of JSON lines. */
const jsonLines = async <T>(file: string): Promise<T[]> =>
  (await readFile(file, "utf8"))
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);

/** Writes down the most memory that the process had, in KiB. */
const METER = `
if (require("node:worker_threads").isMainThread)
  process.on("exit", () => {
    require("node:fs").writeFileSync(__filename + ".out", String(process.resourceUsage().maxRSS));
  });`;

const paperOf = (file: string) => file.replace(/(\.tar)?\.gz$|\.zip$/, "");

it("a name with terminal escapes is answered without them", async () => {
  const folder = await freshFolder();
  const dataset = join(folder, "d");
  await writeFile(join(folder, "a.tar.gz"), sound());
  expect((await run(command, ["ingest", join(folder, "a.tar.gz"), "--out", dataset])).code).toBe(0);
  const runs = [
    await run(command, ["ingest", `${folder}/\x1b[2Jnone`, "--out", dataset]),
    await run(command, ["export", dataset, "--out", join(folder, "\x1b[2J.jsonl")]),
  ];
  expect(runs.map(({ code }) => code)).toEqual([2, 0]);
  for (const { stdout, stderr } of runs) {
    expect(stdout + stderr).toContain("[2J");
    expect(stdout + stderr).not.toContain("\x1b");
  }
});

describe("an ingest of hostile archives", () => {
  it("quarantines each with a reason, writes nothing elsewhere and reads the neighbours", async () => {
    const folder = await freshFolder();
    const papers = join(folder, "in", "papers");
    await mkdir(papers, { recursive: true });
    for (const [name, make] of Object.entries(hostileArchives)) await writeFile(join(papers, name), make());
    await writeFile(join(papers, "aaa-neighbour.tar.gz"), sound());
    await writeFile(join(papers, "zzz-neighbour.tar.gz"), sound());
    const meter = join(folder, "in", "meter.cjs");
    await writeFile(meter, METER);
    await writeFile(`${meter}.out`, "");
    const before = await readdir(folder, { recursive: true });
    const dataset = join(folder, "dataset");

    const ingest = await run(command, ["ingest", papers, "--out", dataset, "--jobs", "2", "--json"], {
      NODE_OPTIONS: `--require ${meter}`,
    });
    expect(ingest.code).toBe(0);
    const megabytes = Number(await readFile(`${meter}.out`, "utf8")) / 1024;
    // The bomb alone unpacks to 2 GiB, the huge image to 1.5.
    expect(megabytes).toBeLessThan(768);

    const after = await readdir(folder, { recursive: true });
    expect(after.filter((path) => path !== "dataset" && !path.startsWith("dataset/")).sort()).toEqual(
      before.sort(),
    );
    expect(after.filter((path) => /escaped|passwd/.test(path))).toEqual([]);

    const lines = await jsonLines<Line>(join(dataset, "quarantine", "ingest.jsonl"));
    for (const name of Object.keys(hostileArchives)) {
      const own = lines.filter(
        (line) =>
          line.item === paperOf(name) ||
          line.item.startsWith(`${paperOf(name)}/`) ||
          line.item.startsWith(`${paperOf(name)}#`),
      );
      expect(own, name).not.toEqual([]);
      for (const line of own) {
        expect(line.file).toContain(name);
        expect(line.reason).toMatch(/^[a-z-]+$/);
        expect(line.message).not.toBe("");
        expect(line.way_out).not.toBe("");
        expect(line.reason, line.message).not.toBe("unexpected-error");
      }
    }

    const file = join(folder, "out.jsonl");
    await run(command, ["export", dataset, "--out", file]);
    const figures = await jsonLines<{ paper_id: string; image_path: string | null }>(file);
    const pictured = figures.filter((figure) => figure.image_path !== null).map(({ paper_id }) => paper_id);
    expect(pictured).toEqual([
      "aaa-neighbour",
      "absolute-path",
      "character-device",
      "climbing-path",
      "control-characters",
      "fifo",
      "hard-link",
      "symlink",
      "zip-bomb",
      "zzz-neighbour",
    ]);
  });

  it("lists a failure once over restarts, and not at all once it is mended", async () => {
    const folder = await freshFolder();
    const papers = join(folder, "papers");
    await mkdir(papers);
    await writeFile(join(papers, "broken.tar.gz"), "no archive");
    await writeFile(join(papers, "whole.tar.gz"), sound());
    const dataset = join(folder, "dataset");
    const ingest = () => run(command, ["ingest", papers, "--out", dataset, "--max-failed", "0"]);
    expect(await ingest()).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^1 paper, 1 figure, 1 quarantined in /),
      stderr: expect.stringMatching(/^broken: broken\.tar\.gz is .*\./m),
    });
    await ingest();
    const file = join(dataset, "quarantine", "ingest.jsonl");
    expect(await jsonLines(file)).toHaveLength(1);
    await writeFile(join(papers, "broken.tar.gz"), sound());
    expect(await ingest()).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^2 papers \(1 read before\), 2 figures, 0 quarantined in /),
    });
    expect((await jsonLines<object>(file)).at(-1)).toMatchObject({ item: "broken", solved: true });
  });
});
