import { expect, test } from "vitest";
import { readLayout } from "../../../../../kernel-lib/src/papers/pdf/layout.js";
import { readMetadata } from "../../../../../kernel-lib/src/papers/pdf/metadata.js";
import type { Line } from "../../../../../kernel-lib/src/papers/pdf/page.js";
import { column, line, page } from "./set-page.js";

const body = column(
  Array.from(
    { length: 20 },
    (_, i) => `plain words that fill the line number ${"abcdefghijklmnopqrst"[i]} of the body`,
  ),
  70,
  300,
  470,
);

function read(lines: Line[], given = "") {
  const pages = [page([...lines, ...body])];
  return readMetadata(pages, readLayout(pages), given);
}

test("the title is what stands largest on the first page", () => {
  const { title } = read([
    line("Journal of Things", 70, 40, { size: 9 }),
    line("How small things grow into", 120, 100, { size: 17 }),
    line("large ones", 200, 122, { size: 17 }),
    line("A. Author and B. Author", 180, 150, { size: 12 }),
  ]);
  expect(title).toBe("How small things grow into large ones");
});

test("the title in the file's properties is taken where the page prints it", () => {
  const lines = [line("HOW SMALL THINGS GROW", 120, 100, { size: 17 })];
  expect(read(lines, "How Small Things Grow").title).toBe("How Small Things Grow");
  expect(read(lines, "Microsoft Word - final draft 3.docx").title).toBe("HOW SMALL THINGS GROW");
});

test("arXiv's stamp gives id and category", () => {
  const stamp = line("arXiv:1707.01234v2 [hep-ex] 21 Jul 2017", 20, 500, { angle: 270, size: 20 });
  expect(read([stamp])).toMatchObject({ arxivId: "1707.01234", categories: ["hep-ex"] });
  const old = line("arXiv:astro-ph/9901234v1 18 Jan 1999", 20, 500, { angle: 270, size: 20 });
  expect(read([old])).toMatchObject({ arxivId: "astro-ph/9901234", categories: [] });
});

test("an arXiv id in running text is not the paper's own", () => {
  expect(read([line("We follow arXiv:1707.01234 in this.", 70, 250)]).arxivId).toBeNull();
});

test("the paper's own DOI is read, no data set's and no placeholder", () => {
  expect(read([line("https://doi.org/10.1234/abc.56-7.", 70, 40)]).doi).toBe("10.1234/abc.56-7");
  expect(read([line("Data: doi:10.5281/zenodo.12345", 70, 40)]).doi).toBeNull();
  expect(read([line("doi:10.1093/bioinformatics/xxxxxx", 70, 40)]).doi).toBeNull();
});

test.each([
  [
    "under the Creative Commons Attribution 4.0 International License",
    "http://creativecommons.org/licenses/by/4.0/",
  ],
  ["under a CC BY-NC-ND 4.0 licence", "http://creativecommons.org/licenses/by-nc-nd/4.0/"],
  ["https://creativecommons.org/licenses/by-sa/3.0/", "http://creativecommons.org/licenses/by-sa/3.0/"],
  ["an open access article under the CC BY license", "http://creativecommons.org/licenses/by/"],
  ["all rights reserved", null],
])("the licence of %j", (statement, licence) => {
  expect(read([line(statement, 70, 250)]).licence).toBe(licence);
});
