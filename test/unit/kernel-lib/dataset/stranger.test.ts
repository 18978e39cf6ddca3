import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { within } from "../../../../kernel-lib/src/disk/files.js";
import { readQuarantine } from "../../../../kernel-lib/src/dataset/quarantine.js";
import { reading } from "../../../../kernel-lib/src/dataset/query.js";
import { Dataset } from "../../../../kernel-lib/src/dataset/store.js";
import { cardsOf } from "../../../../kernel-lib/src/service/figure-cards.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { collected, sampleEntry, sampleFigure } from "./samples.js";

async function datasetWith(figure: Parameters<typeof sampleFigure>[2] = {}): Promise<Dataset> {
  const dataset = await Dataset.openOrCreate(join(await freshFolder(), "d"));
  await dataset.write({ stage: "ingest", stage_version: 1 }, (writer) =>
    writer.append({ ...sampleEntry("p1", 1), figures: [sampleFigure("p1", 0, figure)] }),
  );
  return dataset;
}

describe("a dataset from a stranger", () => {
  it("cannot have files outside of it shown as pictures", async () => {
    const { folder } = await datasetWith({ image_path: "images/../../secret.png" });
    await writeFile(join(folder, "..", "secret.webp"), "private");
    await writeFile(join(folder, "..", "secret.png"), "private");
    const [card] = await reading(folder, async (reader) =>
      cardsOf(reader, folder, await collected(reader.figures())),
    );
    expect(card!.picture).toMatchObject({ thumb: null, path: null });
  });

  it.each([
    ["names a file outside of it", { files: { figures: "../secret.parquet" } }],
    ["names a table that is none", { files: { constructor: "papers/a.parquet" } }],
    ["is of a stage that is none", { stage: "constructor" }],
    ["is of another run", { run: "../../elsewhere" }],
  ])("is refused where a run %s", async (_, change) => {
    const { folder } = await datasetWith();
    const path = join(folder, "runs", "000001-ingest", "run.json");
    const info = JSON.parse(await readFile(path, "utf8")) as object;
    await writeFile(path, JSON.stringify({ ...info, ...change }));
    await expect(reading(folder, (reader) => reader.count("papers"))).rejects.toThrow(
      /run\.json is not what figloom writes/,
    );
  });

  it("is refused, with the line to look at, where its records are no JSON", async () => {
    const { folder } = await datasetWith();
    await mkdir(join(folder, "quarantine"), { recursive: true });
    await writeFile(join(folder, "quarantine", "score.jsonl"), "\nnonsense\n");
    await expect(readQuarantine(folder)).rejects.toThrow(/Line 2 of .*score\.jsonl is no JSON/);
    await writeFile(join(folder, "runs", "000001-ingest", "run.json"), "null");
    await expect(reading(folder, (reader) => reader.count("papers"))).rejects.toThrow("run.json");
  });
});

it("a path is within a folder only by its own steps", () => {
  expect(within("/data/set", "images/a.png")).toBe("/data/set/images/a.png");
  for (const path of ["../set2/a", "/etc/passwd", "images/../..", ".", "", "../set"])
    expect(within("/data/set", path), path).toBe(null);
});
