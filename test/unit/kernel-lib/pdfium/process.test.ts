import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { withPdfium } from "../../../../kernel-lib/src/pdfium/document.js";
import { pdfOf, text } from "../papers/pdf/writer.js";
import { ROOT } from "../../../../notebooks/setup/places.mjs";

const paper = readFileSync(join(ROOT, "notebooks", "papers", "bird-strikes.pdf"));

const drawn = (signal: AbortSignal) =>
  withPdfium(async (open) => {
    const pdf = await open(paper, signal);
    return (await pdf.draw(2, 2)).width;
  });

it("can be ended at any moment, and the next turn has a sound one", async () => {
  for (let ms = 0; ms < 300; ms += 20) {
    const reason = new Error("enough");
    const controller = new AbortController();
    const [result] = await Promise.allSettled([
      drawn(controller.signal),
      sleep(ms).then(() => controller.abort(reason)),
    ]);
    if (result.status === "rejected") expect(result.reason).toBe(reason);
  }
  expect(await drawn(new AbortController().signal)).toBe(1191);
});

it("tells that a file is broken and goes on", async () => {
  const { signal } = new AbortController();
  const broken = withPdfium((open) => open(Buffer.from("%PDF-1.7 and nothing more"), signal));
  await expect(broken).rejects.toThrow(/not a sound PDF/);
  expect(await drawn(signal)).toBe(1191);
});

it("takes no page for another, of the same file or of the next", async () => {
  const { signal } = new AbortController();
  const limits = { glyphs: 50_000, objects: 50_000 };
  const glyphs = await withPdfium(async (open) => {
    const pdf = await open(paper, signal);
    const counts = [];
    for (const page of [1, 2, 1]) counts.push((await pdf.contents(page, limits)).glyphs.codes.length);
    const other = await open(pdfOf([{ content: text(72, 700, "four") }]), signal);
    counts.push((await other.contents(1, limits)).glyphs.codes.length);
    return counts;
  });
  expect(glyphs[0]).not.toBe(glyphs[1]);
  expect(glyphs.slice(2)).toEqual([glyphs[0], 4]);
});
