import { join } from "node:path";
import { expect, it } from "vitest";
import { openPaper } from "../../../../kernel-lib/src/lab/paper.js";
import { ROOT } from "../../../../notebooks/setup/places.mjs";

const paper = (name: string) => openPaper(join(ROOT, "notebooks", "papers", name));

it("opens a paper with its files, figures and paragraphs, without a dataset", async () => {
  const penguins = await paper("penguin-bills.tar.gz");
  expect(String(penguins)).toMatch(/^Bill length .*: 5 figures, 1 table, read as latex$/);
  expect(penguins.figures[1]).toMatchObject({ number: "2", panels: [{ number: "a" }, { number: "b" }] });
  expect(penguins.files.find(({ path }) => path === "main.tex")!.bytes).toBeGreaterThan(1000);
});

it("names the figures there are when it is asked for another", async () => {
  const penguins = await paper("penguin-bills.tar.gz");
  await expect(penguins.show("9")).rejects.toThrow(/no figure "9"; it has: .*penguin-bills#fig5 \(A1\)/);
});
