import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Captioner } from "../../../../kernel-lib/src/captions/captioner.js";
import { reading } from "../../../../kernel-lib/src/dataset/query.js";
import { openLab } from "../../../../kernel-lib/src/lab/lab.js";
import type { Scorer } from "../../../../kernel-lib/src/scores/scorer.js";
import { DatasetService } from "../../../../kernel-lib/src/service/dataset-service.js";
import { cardsFor } from "../../../../kernel-lib/src/service/stored-figures.js";
import { idsAt } from "../../../../kernel-lib/src/service/tiles.js";
import { EVERYTHING } from "../../../../kernel-lib/src/views/query.js";
import { sampleFigure, samplePaper, sampleRecaption, sampleScore } from "../dataset/samples.js";
import { datasetOf, spelling } from "../ocr/spelling.js";

const textsIn = (folder: string) =>
  reading(folder, (reader) =>
    reader.all<{ reader: string; text: string }>("SELECT reader, text FROM picture_texts ORDER BY figure_id"),
  );

/** What the cards of the figures that a search finds show of the text on them. */
async function foundBy(folder: string, search: string) {
  const { frame, positions } = await DatasetService.of(folder).order({
    query: { ...EVERYTHING, search },
    source: "",
  });
  const cards = await cardsFor(frame, folder, await idsAt(frame, positions));
  return cards.map(({ figure_text }) => figure_text);
}

describe("reading the text on pictures", () => {
  it("leaves alone what a PDF has said, keeps what it has read, and reads only what is missing", async () => {
    const { folder } = await datasetOf();
    const lab = await openLab(folder);
    const reader = spelling();
    expect(await lab.ocr({ reader, limit: 2 })).toMatchObject({ made: 1, reused: 1, quarantined: 0 });
    expect(await lab.ocr({ reader })).toMatchObject({ made: 1, reused: 2 });
    expect(reader.seen).toEqual(["second", "third"]);
    expect(await textsIn(folder)).toEqual([
      { reader: "pdf-text", text: "Known" },
      { reader: "spelling+1", text: "second" },
      { reader: "spelling+1", text: "third" },
    ]);
    expect(await foundBy(folder, "SECOND caption")).toEqual([{ text: "second", reader: "spelling+1" }]);
    expect(await lab.ocr({ reader: spelling({ version: 2 }) })).toMatchObject({ made: 2, reused: 1 });
    expect((await textsIn(folder)).map(({ reader }) => reader)).toEqual([
      "pdf-text",
      "spelling+2",
      "spelling+2",
    ]);
  });

  it("remembers what it could not read, and tries again when asked to", async () => {
    const { folder } = await datasetOf();
    const lab = await openLab(folder);
    const failing = spelling({ failing: ["second"] });
    expect(await lab.ocr({ reader: failing })).toMatchObject({ made: 1, quarantined: 1 });
    expect(await lab.ocr({ reader: failing })).toMatchObject({ made: 0, quarantined: 1 });
    expect(failing.seen).toHaveLength(2);
    expect(await lab.quarantine()).toMatchObject([{ stage: "ocr", reason: "x" }]);
    expect(await lab.ocr({ reader: spelling(), retryFailed: true })).toMatchObject({ made: 1, reused: 2 });
    expect(await lab.quarantine()).toEqual([]);
  });

  it("refuses a picture that is not the one that was ingested", async () => {
    const { folder } = await datasetOf();
    await writeFile(join(folder, "images/p1/1.png"), "another");
    const lab = await openLab(folder);
    expect(await lab.ocr({ reader: spelling() })).toMatchObject({ made: 1, quarantined: 1 });
    expect((await lab.quarantine())[0]!.message).toContain("not the one that was ingested");
  });
});

describe("who reads the text on a figure", () => {
  const captioner = (readsText: boolean) => {
    const given: (string | null | undefined)[] = [];
    const made: Captioner = {
      ...{ id: "c", version: 1, variant: `c${String(readsText)}`, readsText },
      caption({ figure, figure_text }) {
        given.push(figure_text);
        return Promise.resolve(sampleRecaption(figure.figure_id, { variant: `c${String(readsText)}` }));
      },
    };
    return { made, given };
  };
  const scorer = (readsText: boolean) => {
    const given: (string | null)[] = [];
    const made: Scorer = {
      ...{ metric: `m${String(readsText)}`, id: "s", version: 1, readsText },
      score({ figure, figure_text, caption }) {
        given.push(figure_text);
        const score = sampleScore(figure.figure_id, {
          metric: `m${String(readsText)}`,
          caption,
          scorer: "s",
        });
        return Promise.resolve({ scores: [score] });
      },
    };
    return { made, given };
  };

  it("is given it, and is asked anew about figures whose text is new; others are not", async () => {
    const { folder } = await datasetOf();
    const lab = await openLab(folder);
    const [reads, blind, scores, unmoved] = [captioner(true), captioner(false), scorer(true), scorer(false)];
    const work = async () => {
      const options = { variant: "raw" };
      return [
        (await lab.recaption({ captioner: reads.made })).made,
        (await lab.recaption({ captioner: blind.made })).made,
        (await lab.score([scores.made], options)).made,
        (await lab.score([unmoved.made], options)).made,
      ];
    };
    expect(await work()).toEqual([3, 3, 3, 3]);
    expect(reads.given).toEqual(["Known", null, null]);
    await lab.ocr({ reader: spelling(), limit: 2 });
    expect(await work()).toEqual([1, 0, 1, 0]);
    expect(reads.given.at(-1)).toBe("second");
    expect(scores.given.at(-1)).toBe("second");
    expect([...blind.given, ...unmoved.given]).toEqual(Array(6).fill(null));
  });

  it("is not given the text of a picture that is no longer the figure's", async () => {
    const dataset = await datasetOf();
    const figure = { ...sampleFigure("p1", 0), image_path: "images/p1/0.png", sha256: "f".repeat(64) };
    await dataset.write({ stage: "ingest", stage_version: 1 }, (writer) =>
      writer.append({ key: "again", paper: samplePaper("p1"), figures: [figure] }),
    );
    const reads = captioner(true);
    await (await openLab(dataset.folder)).recaption({ captioner: reads.made });
    expect(reads.given).toEqual([null]);
  });
});
