import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { withPdfium } from "../../../../kernel-lib/src/pdfium/document.js";
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
