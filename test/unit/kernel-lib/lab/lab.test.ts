import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Captioner } from "../../../../kernel-lib/src/captions/captioner.js";
import { ConfigurationError, ItemError } from "../../../../kernel-lib/src/errors.js";
import { Dataset } from "../../../../kernel-lib/src/dataset/store.js";
import { openLab, type Lab } from "../../../../kernel-lib/src/lab/lab.js";
import { renamed } from "../../../../kernel-lib/src/scores/renamed.js";
import type { Scorer } from "../../../../kernel-lib/src/scores/scorer.js";
import type { Progress } from "../../../../kernel-lib/src/stages/stage.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { sampleEntry, sampleFigure, sampleRecaption, sampleScore } from "../dataset/samples.js";

/** What was printed: outside a notebook a view is its text. */
let printed = "";
beforeEach(() => {
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => ((printed += String(text)), true));
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** A lab over three figures and a table of two papers. */
async function lab(): Promise<Lab> {
  const path = join(await freshFolder(), "d");
  const dataset = await Dataset.openOrCreate(path);
  await dataset.write({ stage: "ingest", stage_version: 1 }, async (writer) => {
    const first = sampleEntry("p1", 2);
    first.figures.push(sampleFigure("p1", 2, { figure_id: "p1#tab1", float: "table" }));
    const second = sampleEntry("p2", 1, { discipline: "Physics" });
    for (const figure of [...first.figures, ...second.figures]) figure.sha256 = `of ${figure.figure_id}`;
    await writer.append(first);
    await writer.append(second);
  });
  return openLab(path);
}

/** Captions in capitals; refuses what it is told to. */
function shouting(version = 1, refused = ""): Captioner {
  return {
    id: "shouting",
    version,
    variant: "loud",
    async caption({ figure }) {
      if (figure.figure_id === refused)
        throw new ItemError({ reason: "hoarse", message: "No voice left.", wayOut: "Drink tea." });
      const text = figure.caption.toUpperCase();
      return sampleRecaption(figure.figure_id, { variant: "loud", text, captioner: "shouting" });
    },
  };
}

/** Characters of a caption. */
const length: Scorer = {
  metric: "length",
  id: "length",
  version: 1,
  score: async ({ figure, caption, text }) => ({
    scores: [
      sampleScore(figure.figure_id, { metric: "length", caption, value: text.length, scorer: "length" }),
    ],
  }),
};

describe("recaptioning", () => {
  it("captions figures, not tables, and says how many", async () => {
    const open = await lab();
    const result = await open.recaption({ captioner: shouting() });
    expect(result).toMatchObject({ variant: "loud", made: 3, reused: 0, quarantined: 0 });
    expect(inspect(result)).toMatch(/^3 captions "loud", 0 quarantined in \d/);
    expect(await open.recaption({ captioner: shouting() })).toMatchObject({ made: 0, reused: 3 });
    expect(await open.recaption({ captioner: shouting(2) })).toMatchObject({ made: 3, reused: 0 });
  });

  it("works on what a condition and a limit pick", async () => {
    const open = await lab();
    const where = "discipline = 'Astronomy'";
    expect(await open.recaption({ captioner: shouting(), where, limit: 1 })).toMatchObject({ made: 1 });
    expect(await open.recaption({ captioner: shouting(), where })).toMatchObject({ made: 1, reused: 1 });
    await expect(open.recaption({ captioner: shouting(), where: "mood = 'good'" })).rejects.toThrow(
      ConfigurationError,
    );
  });

  it("lists what fails until it succeeds", async () => {
    const open = await lab();
    expect(await open.recaption({ captioner: shouting(1, "p2#fig1") })).toMatchObject({
      made: 2,
      quarantined: 1,
    });
    expect(await open.quarantine()).toEqual([
      {
        stage: "recaption",
        item: "p2#fig1",
        file: "p2.tar.gz",
        reason: "hoarse",
        message: "No voice left.",
        way_out: "Drink tea.",
        raw: null,
      },
    ]);
    expect(await open.recaption({ captioner: shouting(), retryFailed: true })).toMatchObject({
      made: 1,
      reused: 2,
      quarantined: 0,
    });
    expect(await open.quarantine()).toEqual([]);
  });

  it("keeps what is done when it is cancelled", async () => {
    const open = await lab();
    const cancel = new AbortController();
    const seen: Progress[] = [];
    const slow: Captioner = {
      ...shouting(),
      async caption(input, options) {
        if (input.figure.figure_id === "p1#fig1") return shouting().caption(input, options);
        return new Promise(() => undefined);
      },
    };
    const running = open.recaption({
      captioner: slow,
      signal: cancel.signal,
      onProgress(progress) {
        seen.push(progress);
        cancel.abort();
      },
    });
    await expect(running).rejects.toMatchObject({
      name: "AbortError",
      message: expect.stringContaining("start the same again to go on"),
    });
    expect(seen).toMatchObject([{ stage: "recaption", done: 1, total: 3 }]);
    expect(await open.recaption({ captioner: shouting() })).toMatchObject({ made: 2, reused: 1 });
  });
});

describe("scoring", () => {
  it("measures the raw caption and every variant, and again only what changed", async () => {
    const open = await lab();
    await open.recaption({ captioner: shouting() });
    expect(await open.score([length])).toMatchObject({ metrics: ["length"], made: 6, reused: 0 });
    const louder: Captioner = {
      ...shouting(2),
      caption: async ({ figure }) =>
        sampleRecaption(figure.figure_id, { variant: "loud", text: `${figure.caption.toUpperCase()}!` }),
    };
    await open.recaption({ captioner: louder, where: "paper_id = 'p2'" });
    expect(await open.score([length])).toMatchObject({ made: 1, reused: 5 });
    const rows = await open.figures("figure_id IN (SELECT figure_id FROM scores WHERE value = 11)");
    expect(rows.map(({ figure_id }) => figure_id)).toEqual(["p2#fig1"]);
  });

  it("measures one variant when asked, and no metric that is not there", async () => {
    const open = await lab();
    expect(await open.score([length], { variant: "raw", limit: 2 })).toMatchObject({ made: 2 });
    await expect(open.score(["beauty"])).rejects.toThrow('There is no metric "beauty"; there is: ');
    await expect(open.score([length], { variant: "lout" })).rejects.toThrow(
      'There are no captions "lout"; there are: raw.',
    );
  });
});

describe("looking", () => {
  it("gives rows of figures and papers", async () => {
    const open = await lab();
    expect((await open.figures()).map(({ figure_id }) => figure_id)).toEqual([
      "p1#fig1",
      "p1#fig2",
      "p1#tab1",
      "p2#fig1",
    ]);
    expect(await open.figures({ where: "float = 'table'", limit: 5 })).toHaveLength(1);
    expect((await open.papers("discipline = 'Physics'")).map(({ paper_id }) => paper_id)).toEqual(["p2"]);
  });

  it("shows a gallery, a diff and a histogram", async () => {
    const open = await lab();
    await open.recaption({ captioner: shouting() });
    await open.score([length]);
    await open.gallery({ where: "paper_id = 'p1'", title: "Two of them" });
    expect(printed).toContain("Two of them");
    expect(printed).toContain("Caption 2.");
    await open.diff({ limit: 1 });
    expect(printed).toContain("raw → loud");
    expect(printed).toContain("CAPTION");
    await open.histogram("length");
    expect(printed).toContain("length by caption");
  });

  it("mixes no values of two scorers under one name, unless they replace the others", async () => {
    const open = await lab();
    await open.score([length], { limit: 1 });
    const other: Scorer = { ...length, id: "length-in-bytes" };
    await expect(open.score([other])).rejects.toThrow(
      'has 1 "length" scores by length, and length-in-bytes would mix its own with them',
    );
    expect(await open.score([other], { replace: true })).toMatchObject({ made: 3, reused: 0 });
  });

  it("keeps all metrics of a scorer, and the vectors that it made, which it is given again of the same pictures", async () => {
    const open = await lab();
    const vector = [0.6, -0.8];
    // The second figure's vector is of a picture that it had once.
    const was = new Map([["p1#fig2", "of another picture"]]);
    const given = new Map<string, unknown>();
    const comparing: Scorer = {
      ...{ metric: "likeness", also: ["likeness-best"], id: "eye", version: 1, readsVectors: true },
      async score({ figure: { figure_id, sha256 }, caption, picture_vector }) {
        given.set(figure_id, picture_vector);
        const about = { caption, scorer: "eye" };
        return {
          scores: [
            sampleScore(figure_id, { ...about, metric: "likeness", value: 0.1 }),
            sampleScore(figure_id, { ...about, metric: "likeness-best", value: 0.9 }),
          ],
          embeddings: [
            { figure_id, caption: null, sha256: was.get(figure_id) ?? sha256, model: "eye", vector },
          ],
        };
      },
    };
    await open.score([comparing]);
    expect([...given.values()]).toEqual([null, null, null]);
    const reader = await (await Dataset.open(open.path)).read();
    try {
      const best = await reader.all("SELECT value FROM scores WHERE metric = 'likeness-best'");
      expect(best).toEqual(Array(3).fill({ value: 0.9 }));
      const kept = await reader.all<{ vector: number[] }>(
        "SELECT vector FROM embeddings WHERE caption IS NULL",
      );
      expect(kept).toHaveLength(3);
      expect(kept[0]!.vector).toEqual(vector.map(Math.fround));
      await open.score([renamed(comparing, "again")]);
      expect(Object.fromEntries(given)).toEqual({
        "p1#fig1": kept[0]!.vector,
        "p1#fig2": null,
        "p2#fig1": kept[0]!.vector,
      });
      await open.score([{ ...comparing, metric: "other", id: "another-eye" }], { limit: 1 });
      expect(given.get("p1#fig1")).toBe(null);
    } finally {
      reader.close();
    }
  });

  it("sorts a diff by what was won or lost", async () => {
    const open = await lab();
    await open.recaption({ captioner: shouting() });
    const byPaper: Scorer = {
      ...length,
      score: async ({ figure, caption }) => {
        const value = caption === "raw" ? 1 : figure.paper_id === "p2" ? 5 : 0;
        const scorer = { scorer: "length" };
        return { scores: [sampleScore(figure.figure_id, { metric: "length", caption, value, ...scorer })] };
      },
    };
    await open.score([byPaper]);
    await open.diff({ sort: "gain", metric: "length", limit: 1 });
    expect(printed).toContain("On p2");
    expect(printed).not.toContain("On p1");
  });

  it("says what is missing for a diff", async () => {
    const open = await lab();
    await expect(open.diff()).rejects.toThrow("There are no new captions to compare with");
    await open.recaption({ captioner: shouting() });
    await expect(open.diff({ to: "lout" })).rejects.toThrow(
      'There are no captions "lout"; there are: raw, loud.',
    );
  });

  it("says what is missing for a histogram", async () => {
    const open = await lab();
    await expect(open.histogram("support")).rejects.toThrow("No caption was scored yet");
    await open.score([length]);
    await expect(open.histogram("lenght")).rejects.toThrow(
      'There are no scores "lenght"; there are: length.',
    );
    await expect(open.histogram("length", { compare: ["raw", "loud"] })).rejects.toThrow(
      'length was not measured for captions "loud"; it was for: raw.',
    );
  });

  it("says which dataset it is over", async () => {
    const open = await lab();
    expect(inspect(open)).toBe(`Lab of ${open.path}`);
  });

  it("sums up", async () => {
    const open = await lab();
    await open.recaption({ captioner: shouting() });
    await open.score([length], { variant: "raw" });
    const summary = await open.summary();
    expect(summary).toEqual({
      papers: 2,
      figures: 3,
      pictures: 0,
      tables: 1,
      disciplines: { Astronomy: 2, Physics: 1 },
      variants: { loud: 3 },
      scores: [{ metric: "length", caption: "raw", n: 3, mean: 10 }],
      quarantine: {},
    });
    expect(inspect(summary)).toMatch(/^2 papers, 3 figures \(0 with a picture\), 1 table\n/);
  });

  it("exports", async () => {
    const open = await lab();
    const file = join(open.path, "figures.jsonl");
    expect(inspect(await open.export(file))).toBe(`4 lines in ${file}`);
    expect((await readFile(file, "utf8")).split("\n")).toHaveLength(5);
  });
});

describe("progress", () => {
  it("says done, total, failed, rate and time left", async () => {
    const { progressText } = await import("../../../../kernel-lib/src/lab/progress.js");
    const at = { stage: "ingest", done: 10, failed: 2, reused: 8, total: 1000, seconds: 4 };
    expect(progressText(at)).toBe("ingest: 20 of 1,000, 2 failed, 3.0/s, 5 min 27 s left");
    expect(progressText({ ...at, done: 0, failed: 0, reused: 0, total: null })).toBe("ingest: 0");
  });
});
