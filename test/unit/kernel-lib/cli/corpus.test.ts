import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openLab } from "../../../../kernel-lib/src/lab/lab.js";
import { paperIdOf } from "../../../../kernel-lib/src/papers/identifiers.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { bundleCommand, run } from "./bundle.js";

const shared = join(import.meta.dirname, "../../../../../shared");
const corpus = join(shared, "corpus/latex");

it.skipIf(!existsSync(corpus))(
  "every third real paper is in the dataset or in the quarantine, with its graphics drawn",
  async () => {
    const folder = await freshFolder();
    const [dataset, file] = [join(folder, "dataset"), join(folder, "figures.jsonl")];
    const command = await bundleCommand();
    // All are read in `papers/latex`; drawing all takes a minute of all processors.
    const given = (await readdir(corpus)).sort().filter((_, i) => i % 3 === 0);
    const papers = await copied(join(folder, "papers"), corpus, given);
    const truth = await copied(join(folder, "truth"), join(shared, "corpus/truth"), given.map(truthOf));
    const env = { PATH: await withoutTex(join(folder, "bin")) };
    expect((await run(command, ["ingest", papers, "--out", dataset], env)).code).toBe(0);
    expect((await run(command, ["export", dataset, "--out", file])).code).toBe(0);

    const lab = await openLab(dataset, { create: false });
    const ingested = (await lab.papers()).map(({ paper_id }) => paper_id);
    const quarantined = (await lab.quarantine()).map(({ item }) => item);
    expect(given.length).toBeGreaterThan(10);
    const known = [...ingested, ...quarantined];
    expect(given.map(paperIdOf).filter((id) => !known.includes(id))).toEqual([]);

    const tool = join(shared, "tools/score-extraction.mjs");
    const args = ["--truth", truth, "--export", file, "--root", dataset, "--kind", "latex", "--json"];
    const [scores] = JSON.parse(execFileSync(process.execPath, [tool, ...args], { encoding: "utf8" })) as [
      Record<string, number>,
    ];
    for (const column of ["recall", "precision", "captions", "files", "images"])
      expect(scores[column], column).toBeGreaterThanOrEqual(97);
  },
  300_000,
);

const truthOf = (paper: string) => `${paperIdOf(paper)}.json`;

/** A folder with some of another's files. */
async function copied(folder: string, of: string, names: readonly string[]): Promise<string> {
  await mkdir(folder);
  for (const name of names) await copyFile(join(of, name), join(folder, name));
  return folder;
}

/** A path of programs with Ghostscript alone: what papers draw in TeX takes longer than all else, and is drawn in `figures/tex`. */
async function withoutTex(folder: string): Promise<string> {
  await mkdir(folder);
  const ghostscript = execFileSync("which", ["gs"], { encoding: "utf8" }).trim();
  await symlink(ghostscript, join(folder, "gs"));
  return folder;
}
