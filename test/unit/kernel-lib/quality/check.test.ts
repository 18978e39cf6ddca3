import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { inspect } from "node:util";
import sharp from "sharp";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { listRuns } from "../../../../kernel-lib/src/dataset/runs.js";
import type { PaperEntry, StoredFigure } from "../../../../kernel-lib/src/dataset/schema.js";
import { Dataset } from "../../../../kernel-lib/src/dataset/store.js";
import { openLab, type Lab } from "../../../../kernel-lib/src/lab/lab.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { sampleFigure, samplePaper } from "../dataset/samples.js";
import { COPIES, plot } from "./pictures.js";

let printed = "";
beforeEach(() => {
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => ((printed += String(text)), true));
  return () => vi.restoreAllMocks();
});

type Given = Partial<StoredFigure> & { picture?: Buffer };

/** Writes papers whose figures have these pictures and captions into a dataset. */
async function ingested(dataset: Dataset, papers: Record<string, Given[]>): Promise<void> {
  await dataset.write({ stage: "ingest", stage_version: 1 }, async (writer) => {
    for (const [paper_id, given] of Object.entries(papers)) {
      const figures: StoredFigure[] = [];
      for (const [ordinal, { picture, ...over }] of given.entries()) {
        const figure = sampleFigure(paper_id, ordinal, {
          caption: `What the instrument of ${paper_id} measured, figure ${ordinal + 1}.`,
          ...over,
        });
        if (picture) {
          const png = await sharp(picture).png().toBuffer();
          const { width, height } = await sharp(png).metadata();
          const image_path = `images/${paper_id}/${ordinal}.png`;
          const sha256 = createHash("sha256").update(png).digest("hex");
          Object.assign(figure, { image_path, width, height, sha256, image_missing: null });
          await mkdir(dirname(join(dataset.folder, image_path)), { recursive: true });
          await writeFile(join(dataset.folder, image_path), png);
        }
        figures.push(figure);
      }
      const entry: PaperEntry = {
        key: `${paper_id} ${figures.length}`,
        paper: samplePaper(paper_id),
        figures,
      };
      await writer.append(entry);
    }
  });
}

async function labOf(papers: Record<string, Given[]>): Promise<Lab> {
  const dataset = await Dataset.openOrCreate(join(await freshFolder(), "d"));
  await ingested(dataset, papers);
  return openLab(dataset.folder);
}

const flagsOf = async (lab: Lab) =>
  Object.fromEntries((await lab.figures()).map(({ figure_id, flags }) => [figure_id, flags]));

describe("a check", () => {
  it(
    "marks copies by pointing to the first, and plots of other data not at all",
    { timeout: 240_000 },
    async () => {
      const [one, two] = [await plot(1), await plot(2)];
      const jpeg = await COPIES["as JPEG"]!(one).toBuffer();
      const grey = await COPIES["in grey"]!(one).toBuffer();
      const lab = await labOf({
        p1: [{ picture: one, caption: "The first run of the experiment." }, { picture: two }],
        p2: [
          { picture: one, caption: "The  first run of the experiment." },
          { picture: await sharp(jpeg).png().toBuffer() },
          { picture: await plot(1, { last: 3 }) },
          { picture: grey, caption: "The first run of the experiment." },
        ],
      });
      const result = await lab.check();
      expect(result).toMatchObject({ checked: 6, measured: 6, flagged: 3, quarantined: 0 });
      expect(await flagsOf(lab)).toEqual({
        "p1#fig1": [],
        "p1#fig2": [],
        "p2#fig1": ["exact-duplicate", "duplicate-caption"],
        "p2#fig2": ["near-duplicate", "same-image-other-caption"],
        "p2#fig3": [],
        "p2#fig4": ["near-duplicate", "duplicate-caption"],
      });
      const [copy] = await lab.figures("figure_id = 'p2#fig2'");
      expect(copy!.marks![0]).toMatchObject({
        flag: "near-duplicate",
        reason: "The picture is a copy of that of p1#fig1, in another paper.",
        of: "p1#fig1",
        limit: 0.92,
      });
      expect(copy!.marks![0]!.value).toBeGreaterThan(0.92);
    },
  );

  it("marks pictures that cannot be used, and says why", async () => {
    const blank = await sharp({ create: { width: 400, height: 300, channels: 3, background: "#fff" } })
      .png()
      .toBuffer();
    const lab = await labOf({
      p1: [
        { picture: await plot(1) },
        { picture: await plot(2) },
        { picture: await plot(3) },
        {},
        { picture: blank },
      ],
    });
    await rm(join(lab.path, "images/p1/0.png"));
    await writeFile(join(lab.path, "images/p1/1.png"), "no picture at all");
    const png = await readFile(join(lab.path, "images/p1/2.png"));
    await writeFile(join(lab.path, "images/p1/2.png"), Buffer.concat([png, Buffer.from("more")]));
    await lab.check();
    expect(await flagsOf(lab)).toEqual({
      "p1#fig1": ["picture-corrupt"],
      "p1#fig2": ["picture-corrupt"],
      "p1#fig3": ["picture-corrupt"],
      "p1#fig4": ["picture-missing"],
      "p1#fig5": ["picture-blank", "picture-small-file"],
    });
    const reasons = (await lab.figures("flagged")).map(({ marks }) => marks![0]!.reason);
    expect(reasons.slice(0, 4)).toEqual([
      "The picture cannot be used: the file is gone.",
      "The picture cannot be used: the file is not the one that was ingested.",
      "The picture cannot be used: the file is not the one that was ingested.",
      "no file",
    ]);
  });

  it("does only what is new, and judges anew by other limits without measuring", async () => {
    const lab = await labOf({ p1: [{ picture: await plot(1) }, { picture: await plot(2) }] });
    const runs = async () => (await listRuns(lab.path)).map(({ run }) => run);
    await lab.check();
    const first = await runs();
    expect(await lab.check()).toMatchObject({ checked: 2, measured: 0, compared: 0, flagged: 0 });
    expect(await runs()).toEqual(first);
    expect(await lab.check({ limits: { imageBytes: 10_000_000 } })).toMatchObject({
      measured: 0,
      flagged: 2,
    });
    expect((await lab.figures())[0]!.flags).toEqual(["picture-small-file"]);
    expect(await lab.check()).toMatchObject({ measured: 0, flagged: 0 });
  });

  it("says nothing about a figure that was read again until it is checked again", async () => {
    const dataset = await Dataset.openOrCreate(join(await freshFolder(), "d"));
    await ingested(dataset, { p1: [{ caption: "" }], p2: [{ picture: await plot(1) }] });
    const lab = await openLab(dataset.folder);
    await lab.check();
    await ingested(dataset, { p1: [{ picture: await plot(2) }] });
    expect(await flagsOf(lab)).toEqual({ "p1#fig1": null, "p2#fig1": [] });
    expect(await lab.quality()).toMatchObject({ checked: 1, unchecked: 1 });
    expect(await lab.check()).toMatchObject({ measured: 1, checked: 2, flagged: 0 });
    expect(await flagsOf(lab)).toEqual({ "p1#fig1": [], "p2#fig1": [] });
  });

  it("goes on where it was cancelled", async () => {
    const lab = await labOf({
      p1: [{ picture: await plot(1) }, { picture: await plot(2) }, { picture: await plot(3) }],
    });
    const cancel = new AbortController();
    const running = lab.check({ signal: cancel.signal, onProgress: () => cancel.abort() });
    await expect(running).rejects.toMatchObject({ name: "AbortError" });
    const { measured } = await lab.check();
    expect(measured).toBeLessThan(3);
    expect(await lab.quality()).toMatchObject({ checked: 3, unchecked: 0 });
  });

  it("tells the language, and marks what is not wanted", async () => {
    const caption =
      "Évolution de la température moyenne au cours du temps. La courbe pleine représente le modèle et les points les mesures avec leurs barres d'erreur.";
    const lab = await labOf({ p1: [{ picture: await plot(1), caption }] });
    await lab.check();
    expect((await lab.figures())[0]).toMatchObject({ language: "fr", flags: ["other-language"] });
    await lab.check({ languages: ["en", "fr"] });
    expect((await lab.figures())[0]).toMatchObject({ language: "fr", flags: [] });
    await expect(lab.check({ languages: ["xx"] })).rejects.toThrow('"xx" is no language that is told apart');
  });
});

describe("marks", () => {
  it("choose in conditions, show in the gallery and go out with the export", async () => {
    const lab = await labOf({ p1: [{ picture: await plot(1) }, { caption: "Figure 2" }] });
    await expect(lab.gallery({ where: "NOT flagged" })).rejects.toThrow("nothing was checked yet");
    const file = join(lab.path, "out.jsonl");
    const exported = async () => {
      await lab.export(file);
      const lines = (await readFile(file, "utf8")).trim().split("\n");
      return lines.map((line) => (JSON.parse(line) as { flags: unknown }).flags);
    };
    expect(await exported()).toEqual([null, null]);
    await lab.check();
    expect(await exported()).toEqual([[], ["picture-missing", "caption-label-only"]]);
    expect(await lab.figures("NOT flagged")).toHaveLength(1);
    expect(await lab.figures("list_contains(flags, 'caption-label-only')")).toHaveLength(1);
    await lab.gallery({ where: "flagged" });
    expect(printed).toContain("[picture missing, caption label only]");
  });

  it("are summed up with an example each", async () => {
    const lab = await labOf({ p1: [{ picture: await plot(1) }, { caption: "" }, { caption: "" }] });
    expect(inspect(await lab.quality())).toBe("Nothing was checked yet; do that first: await lab.check().");
    await lab.check();
    const quality = await lab.quality();
    expect(quality).toMatchObject({ checked: 3, unchecked: 0, flagged: 2 });
    expect(quality.flags[1]).toEqual({
      flag: "caption-empty",
      meaning: "there is no caption",
      count: 2,
      share: 2 / 3,
      example: "p1#fig2",
      reason: "There is no caption.",
    });
    expect(inspect(quality)).toMatch(/caption-empty {2,}2 {2}66\.7 % {2}p1#fig2: There is no caption\./);
  });
});
