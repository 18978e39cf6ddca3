import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import sharp from "sharp";
import { expect, test } from "vitest";
import { Dataset } from "../../../kernel-lib/src/dataset/store.js";
import { synthesize } from "../../support/synthetic/dataset.js";
import { namedIn } from "../../support/synthetic/words.js";
import { freshFolder } from "../../support/fresh-folder.js";

test("every made-up figure has a picture of its own, and all its words name it and no other", async () => {
  const folder = await freshFolder();
  const figures = await synthesize(folder, { figures: 23, seed: 5 });
  expect(new Set(figures.map(({ sha256 }) => sha256)).size).toBe(23);
  const reader = await (await Dataset.open(folder)).read();
  const rows = [];
  for await (const row of reader.figures()) rows.push(row);
  reader.close();
  expect(rows.map(({ figure_id }) => figure_id)).toEqual(figures.map(({ figure_id }) => figure_id));
  for (const [number, row] of rows.entries()) {
    const bytes = await readFile(figures[number]!.image);
    expect(row.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
    const { width, height } = await sharp(bytes).metadata();
    expect({ width, height }).toEqual({ width: row.width, height: row.height });
    for (const text of [row.caption, ...row.contexts.map((context) => context.text)])
      for (const sentence of text.split(/(?<=\.) /)) expect(namedIn(sentence)).toEqual([number]);
  }
});

test("the same seed makes the same words, another one others", async () => {
  const captions = async (seed: number) => {
    const folder = await freshFolder();
    await synthesize(folder, { figures: 12, seed });
    const reader = await (await Dataset.open(folder)).read();
    const rows = await reader.all<{ caption: string }>("SELECT caption FROM figures ORDER BY figure_id");
    reader.close();
    return rows.map(({ caption }) => caption);
  };
  const first = await captions(1);
  expect(await captions(1)).toEqual(first);
  expect(await captions(2)).not.toEqual(first);
});
