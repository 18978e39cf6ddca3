import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openLab } from "../../../../kernel-lib/src/lab/lab.js";
import { paperIdOf } from "../../../../kernel-lib/src/papers/identifiers.js";
import { freshFolder } from "../dataset/samples.js";
import { bundleCommand, run } from "./bundle.js";

const shared = join(import.meta.dirname, "../../../../../shared");
const corpus = join(shared, "corpus/latex");

it.skipIf(!existsSync(corpus))(
  "every real paper is in the dataset or in the quarantine, with its figures drawn",
  async () => {
    const folder = await freshFolder();
    const [dataset, file] = [join(folder, "dataset"), join(folder, "figures.jsonl")];
    const command = await bundleCommand("corpus");
    expect((await run(command, ["ingest", corpus, "--out", dataset])).code).toBe(0);
    expect((await run(command, ["export", dataset, "--out", file])).code).toBe(0);

    const lab = await openLab(dataset, { create: false });
    const papers = (await lab.papers()).map(({ paper_id }) => paper_id);
    const quarantined = (await lab.quarantine()).map(({ item }) => item);
    const given = (await readdir(corpus)).map(paperIdOf);
    expect(given.length).toBeGreaterThan(30);
    expect(given.filter((id) => !papers.includes(id) && !quarantined.includes(id))).toEqual([]);

    const tool = join(shared, "tools/score-extraction.mjs");
    const truth = join(shared, "corpus/truth");
    const args = ["--truth", truth, "--export", file, "--root", dataset, "--kind", "latex", "--json"];
    const [scores] = JSON.parse(execFileSync(process.execPath, [tool, ...args], { encoding: "utf8" })) as [
      Record<string, number>,
    ];
    for (const column of ["recall", "precision", "captions", "files", "images"])
      expect(scores[column], column).toBeGreaterThanOrEqual(97);
  },
  300_000,
);
