import { appendFile, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exportFigures } from "../../../../../kernel-lib/src/dataset/export.js";
import { reading } from "../../../../../kernel-lib/src/dataset/query.js";
import { Reviews } from "../../../../../kernel-lib/src/dataset/reviews/reviews.js";
import { Dataset } from "../../../../../kernel-lib/src/dataset/store.js";
import { freshFolder } from "../../../../support/fresh-folder.js";
import { collected, sampleEntry } from "../samples.js";

const [A, B, C] = ["p1#fig1", "p1#fig2", "p1#fig3"] as const;

async function dataset(): Promise<Dataset> {
  const made = await Dataset.openOrCreate(join(await freshFolder(), "d"));
  await made.write({ stage: "ingest", stage_version: 1 }, (writer) => writer.append(sampleEntry("p1", 3)));
  return made;
}

/** What conditions and rows of the dataset see. */
const stored = (folder: string, where?: string) =>
  reading(folder, async (reader) => {
    const rows = await collected(reader.figures({ where }));
    return Object.fromEntries(rows.map((row) => [row.figure_id, [row.verdict, ...row.tags]]));
  });

describe("reviews", () => {
  it("are columns that every condition can ask about, also of figures that nothing was said about", async () => {
    const { folder } = await dataset();
    const reviews = await Reviews.open(folder);
    await reviews.review([A], { verdict: "accepted", addTags: ["nice", "map"] });
    await reviews.review([B], { verdict: "rejected" });
    expect(await stored(folder)).toEqual({
      [A]: ["accepted", "map", "nice"],
      [B]: ["rejected"],
      [C]: [null],
    });
    const picked = async (where: string) => Object.keys(await stored(folder, where));
    expect(await picked("verdict = 'rejected'")).toEqual([B]);
    expect(await picked("verdict IS DISTINCT FROM 'rejected'")).toEqual([A, C]);
    expect(await picked("list_contains(tags, 'nice')")).toEqual([A]);
    expect(await picked("NOT list_contains(tags, 'nice')")).toEqual([B, C]);
    expect(await picked("reviewed_at > TIMESTAMP '2020-01-01'")).toEqual([A, B]);
  });

  it("go with an export, where there are any", async () => {
    const { folder } = await dataset();
    await (await Reviews.open(folder)).review([A], { verdict: "accepted", addTags: ["nice"] });
    const file = join(folder, "..", "x.jsonl");
    await exportFigures(folder, file);
    const [first, second] = (await readFile(file, "utf8"))
      .split("\n")
      .map((line) => JSON.parse(line || "{}"));
    expect(first).toMatchObject({ verdict: "accepted", tags: ["nice"] });
    expect(second).not.toHaveProperty("verdict");
    expect(second).not.toHaveProperty("tags");
  });

  it("can be written while a stage holds the dataset", async () => {
    const made = await dataset();
    await made.write({ stage: "score", stage_version: 1, shelf: "support" }, async () => {
      await (await Reviews.open(made.folder)).review([A], { verdict: "accepted" });
      expect((await stored(made.folder))[A]).toEqual(["accepted"]);
    });
  });

  it("stay with a figure whose paper is read again", async () => {
    const made = await dataset();
    await (await Reviews.open(made.folder)).review([B], { verdict: "rejected" });
    await made.write({ stage: "ingest", stage_version: 2 }, (writer) => writer.append(sampleEntry("p1", 2)));
    expect(await stored(made.folder)).toEqual({ [A]: [null], [B]: ["rejected"] });
  });

  it("say what was done, and do nothing where all is so already", async () => {
    const reviews = await Reviews.open((await dataset()).folder);
    const both = await reviews.review([A, B], { verdict: "accepted" });
    expect(both).toEqual({ done: "accepted 2 figures", figure_ids: [A, B] });
    const again = await reviews.review([A, B, C], { verdict: "accepted", addTags: [" nice "] });
    expect(again.figure_ids).toEqual([A, B, C]);
    expect(await reviews.review([A, B, C], { addTags: ["nice"] })).toEqual({
      done: "nothing to change",
      figure_ids: [],
    });
    expect((await reviews.review([C], { verdict: null, removeTags: ["nice"] })).done).toBe(
      'took the verdict off 1 figure, took "nice" off 1 figure',
    );
    expect(reviews.tags()).toEqual([{ tag: "nice", count: 2 }]);
  });

  it.each([
    ["an empty tag", { addTags: ["  "] }, /1 to 64/],
    ["a tag that is too long", { addTags: ["x".repeat(65)] }, /1 to 64/],
    ["a tag with a line feed", { addTags: ["a\nb"] }, /control characters/],
    ["a tag that turns the writing", { addTags: ["a\u202eb"] }, /control characters/],
    ["a tag that is no text", { addTags: [7 as unknown as string] }, /1 to 64/],
    ["a verdict that is none", { verdict: "maybe" as never }, /"accepted", "rejected" or null/],
    ["a tag to add and to remove", { addTags: ["a"], removeTags: ["a"] }, /at once/],
    ["nothing at all", {}, /Nothing is said/],
  ])("refuse %s", async (_, input, message) => {
    const reviews = await Reviews.open((await dataset()).folder);
    await expect(reviews.review([A], input)).rejects.toThrow(message);
  });

  it("refuse more than a hundred tags of a figure, and write nothing then", async () => {
    const reviews = await Reviews.open((await dataset()).folder);
    await reviews.review([A], { addTags: Array.from({ length: 100 }, (_, i) => `t${i}`) });
    await expect(reviews.review([B, A], { addTags: ["more"] })).rejects.toThrow(
      /p1#fig1 would have 101 tags/,
    );
    expect(reviews.get(B).tags).toEqual([]);
    await expect(reviews.review([A], { addTags: ["more"], removeTags: ["t7"] })).resolves.toBeTruthy();
  });
});

describe("undo", () => {
  it("restores exactly what was before, one action after another, and redo does it again", async () => {
    const { folder } = await dataset();
    const reviews = await Reviews.open(folder);
    const states = [await stored(folder)];
    await reviews.review([A], { verdict: "accepted", addTags: ["nice"] });
    states.push(await stored(folder));
    await reviews.review([A, B, C], { verdict: "rejected", addTags: ["odd"], removeTags: ["nice"] });
    states.push(await stored(folder));
    await reviews.review([B, C], { verdict: null });
    states.push(await stored(folder));

    expect(reviews.history).toEqual({ undo: "took the verdict off 2 figures", redo: null });
    for (const expected of states.slice(0, -1).reverse()) {
      expect((await reviews.undo())!.done).toMatch(/^undid: /);
      expect(await stored(folder)).toEqual(expected);
    }
    expect(await reviews.undo()).toBe(null);
    for (const expected of states.slice(1)) {
      expect((await reviews.redo())!.done).toMatch(/^did again: /);
      expect(await stored(folder)).toEqual(expected);
    }
    expect(await reviews.redo()).toBe(null);
    await reviews.undo();
    await reviews.review([A], { addTags: ["new"] });
    expect(reviews.history).toEqual({ undo: 'tagged 1 figure "new"', redo: null });
  });

  it("restores 25,000 figures that were not alike", async () => {
    const { folder } = await dataset();
    const ids = Array.from({ length: 25_000 }, (_, i) => `p${i}#fig1`);
    const reviews = await Reviews.open(folder);
    await reviews.review(ids.slice(0, 9_000), { verdict: "accepted" });
    await reviews.review(ids.slice(5_000, 12_000), { addTags: ["odd"] });
    const before = ids.map((id) => reviews.get(id));
    expect((await reviews.review(ids, { verdict: "rejected", addTags: ["odd"] })).figure_ids).toHaveLength(
      25_000,
    );
    const undone = await reviews.undo();
    expect(undone!.figure_ids).toHaveLength(25_000);
    expect(ids.map((id) => reviews.get(id))).toEqual(before);
    expect((await Reviews.open(folder)).tags()).toEqual([{ tag: "odd", count: 7_000 }]);
  });

  it("leaves alone what somebody else has changed since, and says so", async () => {
    const { folder } = await dataset();
    const [mine, theirs] = [await Reviews.open(folder), await Reviews.open(folder, { history: "other" })];
    await mine.review([A, B], { verdict: "accepted" });
    await theirs.review([B], { verdict: "rejected" });
    await theirs.review([A], { addTags: ["theirs"] });
    expect(await mine.undo()).toEqual({
      done: "undid: accepted 2 figures; 1 judged anew since and left so",
      figure_ids: [A],
    });
    expect(await stored(folder)).toEqual({ [A]: [null, "theirs"], [B]: ["rejected"], [C]: [null] });
    expect(await mine.undo()).toBe(null);
    expect(theirs.history.undo).toBe('tagged 1 figure "theirs"');
  });

  it("is shared by all that do the same history, wherever it was done", async () => {
    const { folder } = await dataset();
    const [cell, page] = [await Reviews.open(folder), await Reviews.open(folder)];
    await page.review([A], { verdict: "accepted" });
    await cell.review([A], { verdict: "rejected" });
    expect((await page.undo())!.done).toBe("undid: rejected 1 figure");
    expect((await cell.undo())!.done).toBe("undid: accepted 1 figure");
    expect((await page.redo())!.done).toBe("did again: accepted 1 figure");
  });
});

describe("the files of reviews", () => {
  const lines = async (folder: string, name = "1.jsonl") =>
    (await readFile(join(folder, "reviews", name), "utf8")).trimEnd().split("\n");

  it("are as many as there were writers at once, however many came one after another", async () => {
    const { folder } = await dataset();
    for (const verdict of ["accepted", "rejected", "accepted"] as const) {
      const reviews = await Reviews.open(folder);
      await reviews.review([A], { verdict });
    }
    expect((await readdir(join(folder, "reviews"))).toSorted()).toEqual(["1.jsonl", "claims"]);
    expect(await lines(folder)).toHaveLength(3);
    const many = await Promise.all(Array.from({ length: 5 }, () => Reviews.open(folder)));
    await Promise.all(many.map((one, i) => one.review([B], { addTags: [`t${i}`] })));
    expect((await readdir(join(folder, "reviews"))).length).toBeLessThanOrEqual(6);
    expect((await stored(folder))[B]).toEqual([null, "t0", "t1", "t2", "t3", "t4"]);
  });

  it("hold back a line that is half written until it is whole; the next writer cuts one that never is", async () => {
    const { folder } = await dataset();
    const reviews = await Reviews.open(folder);
    await reviews.review([A], { verdict: "accepted" });
    const [line] = await lines(folder);
    const next = line!
      .replace('"verdict":"accepted"', '"verdict":"rejected"')
      .replace(/"time":"[^"]+"/, '"time":"2100-01-01T00:00:00.000Z"');
    const path = join(folder, "reviews", "1.jsonl");
    await appendFile(path, next.slice(0, 70));
    expect(await reviews.refresh()).toEqual([]);
    expect((await stored(folder))[A]).toEqual(["accepted"]);
    await appendFile(path, `${next.slice(70)}\n${next.slice(0, 50)}`);
    expect(await reviews.refresh()).toEqual([A]);
    expect(reviews.get(A).verdict).toBe("rejected");
    await reviews.review([A], { verdict: "accepted" });
    expect((await stored(folder))[A]).toEqual(["accepted"]);
    expect(await lines(folder)).toHaveLength(3);
  });

  it("are read anew when they are not what they were", async () => {
    const { folder } = await dataset();
    const reviews = await Reviews.open(folder);
    await reviews.review([A], { verdict: "accepted" });
    await cp(join(folder, "reviews"), join(folder, "..", "backup"), { recursive: true });
    await reviews.review([B], { verdict: "accepted" });
    await rm(join(folder, "reviews"), { recursive: true });
    await cp(join(folder, "..", "backup"), join(folder, "reviews"), { recursive: true });
    expect((await reviews.refresh()).toSorted()).toEqual([A, B]);
    expect([reviews.get(A).verdict, reviews.get(B).verdict]).toEqual(["accepted", null]);
    await reviews.review([C], { verdict: "rejected" });
    expect(await stored(folder)).toEqual({ [A]: ["accepted"], [B]: [null], [C]: ["rejected"] });
  });

  it("may hold nonsense: whole lines that figloom would not write are passed over", async () => {
    const { folder } = await dataset();
    await mkdir(join(folder, "reviews"));
    const line = {
      time: "2026-01-01T00:00:00.000Z",
      writer: "1",
      action: "a",
      history: "h",
      said: "",
      reverts: null,
    };
    const edits = [{ figure_ids: [A], verdict: "accepted" }];
    const nonsense = [
      "nonsense",
      "null",
      "[]",
      JSON.stringify({ ...line, edits: 7 }),
      JSON.stringify({ ...line, edits, time: "9999-01-01T00:00:00.000Z" }),
      JSON.stringify({ ...line, edits, time: "yesterday" }),
      JSON.stringify({ ...line, edits: [{ figure_ids: [B], verdict: "constructor" }] }),
      JSON.stringify({ ...line, edits: [{ figure_ids: [C], add: ["__proto__"] }] }),
    ];
    await writeFile(join(folder, "reviews", "1.jsonl"), `${nonsense.join("\n")}\n`);
    const reviews = await Reviews.open(folder);
    const seen = Object.fromEntries(
      [A, B, C].map((id) => [id, [reviews.get(id).verdict, ...reviews.get(id).tags]]),
    );
    expect(seen).toEqual({ [A]: [null], [B]: [null], [C]: [null, "__proto__"] });
    expect(await stored(folder)).toEqual(seen);
  });

  it("say the same in memory as in SQL, whatever several writers did and undid", async () => {
    const { folder } = await dataset();
    const random = seeded(7);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
    const writers = await Promise.all(["a", "b", "c"].map((history) => Reviews.open(folder, { history })));
    for (let step = 0; step < 150; step++) {
      const writer = pick(writers);
      const ids = [A, B, C].filter(() => random() < 0.6);
      const what = pick(["verdict", "tag", "untag", "undo", "undo", "redo"] as const);
      if (what === "undo" || what === "redo") await writer[what]();
      else if (what === "verdict")
        await writer.review(ids, { verdict: pick(["accepted", "rejected", null] as const) });
      else await writer.review(ids, { [what === "tag" ? "addTags" : "removeTags"]: [pick(["x", "y", "ß"])] });
    }
    const fresh = await Reviews.open(folder);
    const expected = Object.fromEntries(
      [A, B, C].map((id) => [id, [fresh.get(id).verdict, ...fresh.get(id).tags]]),
    );
    expect(await stored(folder)).toEqual(expected);
    for (const writer of writers) {
      await writer.refresh();
      expect([A, B, C].map((id) => writer.get(id))).toEqual([A, B, C].map((id) => fresh.get(id)));
    }
  });
});

/** Numbers in [0, 1) that are the same in every run (a linear congruential generator). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}
