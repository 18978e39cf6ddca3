import { existsSync } from "node:fs";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openArchive } from "../../../../kernel-lib/src/papers/archive/open.js";
import { ingestStage, type IngestItem } from "../../../../kernel-lib/src/stages/ingest.js";
import { tarGz, type TarMember } from "../../../fixtures/hostile-archives.js";
import { freshFolder } from "../../../support/fresh-folder.js";

const CAPTION = "Brightness of the variable source against the time in days since its discovery.";
const TEX = String.raw`\documentclass{article}\begin{document}\section{Data}See Figure~\ref{fig:light}.
\begin{figure}\includegraphics{light}\caption{${CAPTION}}\label{fig:light}\end{figure}\end{document}`;

/** A PDF of one page with a drawing, its caption below and text round it. */
function printed(caption: string, shade = 0.5): Buffer {
  const text = (x: number, y: number, words: string) => `BT /F 10 Tf ${x} ${y} Td (${words}) Tj ET\n`;
  const prose = Array.from({ length: 12 }, (_, i) =>
    text(
      72,
      400 - 12 * i,
      "Plain words that go on and on until they have come to the end of the line that they fill.",
    ),
  );
  const content = `${shade} g 150 500 300 150 re f 0 g\n${text(100, 480, `Figure 1: ${caption}`)}${prose.join("")}`;
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
    `<</Length ${content.length}>>stream\n${content}\nendstream`,
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
  ];
  let file = "%PDF-1.4\n";
  const offsets = objects.map((object, i) => {
    const at = file.length;
    file += `${i + 1} 0 obj${object}endobj\n`;
    return `${String(at).padStart(10, "0")} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join("")}`;
  return Buffer.from(
    `${file}${table}trailer<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${file.length}\n%%EOF\n`,
  );
}

/** Reads an archive of these members, and the PDF beside it where there is one. */
async function ingest(members: TarMember[], beside: Buffer | null, known: string | null = null) {
  const folder = await freshFolder();
  const path = join(folder, "p.tar.gz");
  await writeFile(path, tarGz(members));
  const pdf = beside && join(folder, "p.pdf");
  if (pdf) await writeFile(pdf, beside);
  return run({ path, pdf, dataset: folder, known });
}

function run(item: Pick<IngestItem, "path" | "pdf" | "dataset" | "known">) {
  const whole = { ...item, paper_id: "p", discipline: null, metadata: null, layout: null };
  return ingestStage.run(whole, { signal: new AbortController().signal });
}

it("a picture that the source lacks is taken from the PDF beside it", async () => {
  const result = await ingest([{ name: "main.tex", content: TEX }], printed(CAPTION));
  const [figure] = result!.entry.figures;
  expect(figure).toMatchObject({
    kind: "latex",
    label: "fig:light",
    image_origin: "pdf",
    image_missing: null,
  });
  expect(figure!.provenance).toMatchObject({ file: "main.tex", page: 1 });
  expect(figure!.provenance.bbox!.map(Math.round)).toEqual([150, 142, 450, 292]);
  expect(figure!.confidence).toBeGreaterThan(0.3);
  expect(result!.problems).toEqual([]);
});

it("a picture that the source lacks is taken from the PDF in the archive", async () => {
  const members = [
    { name: "main.tex", content: TEX },
    { name: "main.pdf", content: printed(CAPTION) },
  ];
  const [figure] = (await ingest(members, null))!.entry.figures;
  expect(figure).toMatchObject({ image_origin: "pdf", image_missing: null });
});

it("a PDF with other captions gives nothing, and what is missing is told", async () => {
  const result = await ingest(
    [{ name: "main.tex", content: TEX }],
    printed("Prices of houses in towns by year of their sale."),
  );
  expect(result!.entry.figures[0]).toMatchObject({ image_path: null });
  expect(result!.problems.map(({ reason }) => reason)).toEqual(["image-missing"]);
});

it("a PDF beside the source that cannot be read is told and stops nothing", async () => {
  const result = await ingest([{ name: "main.tex", content: TEX }], Buffer.from("%PDF-1.4 and no more"));
  expect(result!.entry.paper.kind).toBe("latex");
  expect(result!.problems.map(({ item }) => item)).toEqual(["p/p.pdf", "p#fig1"]);
});

it("a paper is read again when the PDF beside it has changed", async () => {
  const members = [{ name: "main.tex", content: TEX }];
  const first = await ingest(members, printed(CAPTION));
  expect(await ingest(members, printed(CAPTION), first!.entry.key)).toBeNull();
  expect(await ingest(members, printed(CAPTION, 0.8), first!.entry.key)).not.toBeNull();
});

const shared = join(import.meta.dirname, "../../../../../shared/corpus");
const id = "lipids-at-airdes";

it.skipIf(!existsSync(join(shared, "latex", `${id}.tar.gz`)))(
  "the pictures of a real paper whose graphics are lost come back from its PDF",
  async () => {
    const folder = await freshFolder();
    const archive = await openArchive(join(shared, "latex", `${id}.tar.gz`));
    const kept = archive.paths.filter((path) => !/\.(?:pdf|png|jpe?g|eps)$/i.test(path));
    const path = join(folder, `${id}.tar.gz`);
    await writeFile(path, tarGz(kept.map((name) => ({ name, content: archive.read(name)! }))));
    const pdf = join(folder, `${id}.pdf`);
    await copyFile(join(shared, "pdf", `${id}.pdf`), pdf);
    const result = await run({ path, pdf, dataset: folder, known: null });
    const truth = JSON.parse(await readFile(join(shared, "truth-pdf", `${id}.json`), "utf8")) as {
      figures: { kind: string; number: string; page: number }[];
    };
    const figures = result!.entry.figures.filter(({ float }) => float === "figure");
    expect(
      figures.map(({ number, provenance, image_origin }) => [number, provenance.page, image_origin]),
    ).toEqual(
      truth.figures.filter(({ kind }) => kind === "figure").map(({ number, page }) => [number, page, "pdf"]),
    );
  },
  120_000,
);
