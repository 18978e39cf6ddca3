/** Pictures whose bytes are words, and a reader of them: what is done with texts, without reading any. */
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Dataset } from "../../../../kernel-lib/src/dataset/store.js";
import { ItemError } from "../../../../kernel-lib/src/errors.js";
import type { PictureText } from "../../../../kernel-lib/src/model.js";
import type { TextReader } from "../../../../kernel-lib/src/ocr/reader.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { sampleFigure, samplePaper } from "../dataset/samples.js";

/**
 * A dataset of papers `p1`, `p2` …, each with pictures whose bytes are their names; one that is called so is a table's. The
 * first of each has its PDF's text.
 */
export async function datasetOf(...papers: string[][]): Promise<Dataset> {
  if (papers.length === 0) papers.push(["first", "second", "third"]);
  const dataset = await Dataset.openOrCreate(join(await freshFolder(), "d"));
  await dataset.write({ stage: "ingest", stage_version: 1 }, async (writer) => {
    for (const [at, names] of papers.entries()) {
      const id = `p${at + 1}`;
      const figures = names.map((name, ordinal) => ({
        ...sampleFigure(id, ordinal, { float: name.startsWith("table") ? "table" : "figure" }),
        image_path: `images/${id}/${ordinal}.png`,
        sha256: createHash("sha256").update(name).digest("hex"),
        image_missing: null,
      }));
      for (const [i, { image_path }] of figures.entries()) {
        await mkdir(dirname(join(dataset.folder, image_path)), { recursive: true });
        await writeFile(join(dataset.folder, image_path), names[i]!);
      }
      const texts = figures.slice(0, 1).map(({ figure_id, sha256 }): PictureText => {
        const lines = [{ text: "Known", box: [0, 0, 9, 9] as const, angle: 0, confidence: null }];
        return { figure_id, sha256, reader: "pdf-text", text: "Known", lines };
      });
      await writer.append({ key: names.join(" "), paper: samplePaper(id), figures, texts });
    }
  });
  return dataset;
}

/** Reads a picture as what its bytes say; fails over those that are named. */
export function spelling({ version = 1, failing = [] as string[] } = {}): TextReader & { seen: string[] } {
  const seen: string[] = [];
  return {
    seen,
    id: "spelling",
    version,
    close: () => Promise.resolve(),
    read(picture) {
      const text = picture.toString();
      seen.push(text);
      if (failing.includes(text))
        return Promise.reject(new ItemError({ reason: "x", message: "It fails.", wayOut: "None." }));
      return Promise.resolve([{ text, box: null, angle: 0, confidence: 1 }]);
    },
  };
}
