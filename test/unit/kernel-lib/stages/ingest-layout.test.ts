import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ingestStage, type IngestItem } from "../../../../kernel-lib/src/stages/ingest.js";
import { tarGz } from "../../../fixtures/hostile-archives.js";
import { LayoutServer } from "../../../fixtures/layout-server.js";
import { freshFolder } from "../../../support/fresh-folder.js";

const PAPER = join(import.meta.dirname, "../../../../notebooks/papers/bird-strikes.pdf");
/** Figure 3 of it is said to be its left half; nothing is said of the others. */
const server = new LayoutServer([
  { kind: "image", page: 2, body: [57, 432, 160, 557], caption: [100, 571, 246, 580] },
]);
let base = "";

beforeEach(async () => {
  Object.assign(server, { pages: 2, size: { width: 595.276, height: 841.89 }, answer: undefined, polls: 1 });
  base = await server.start();
});
afterEach(async () => {
  await server.stop();
  server.requests.length = 0;
  server.faults.clear();
  server.key = undefined;
  vi.unstubAllEnvs();
});

const signal = new AbortController().signal;
async function item(over: Partial<IngestItem> = {}): Promise<IngestItem> {
  const dataset = await freshFolder();
  const path = join(dataset, "bird-strikes.pdf");
  await copyFile(PAPER, path);
  const nothing = { pdf: null, discipline: null, metadata: null, known: null, layout: null };
  return { paper_id: "bird-strikes", path, dataset, ...nothing, ...over };
}
const ingest = async (work: IngestItem) => (await ingestStage.run(work, { signal }))!.entry;
const isThird = ({ number }: { number: string | null }) => number === "3";

it.each(["mineru", "docling"])(
  "figures stand where %s says, and the others where our reader finds them",
  async (reader) => {
    const own = await ingest(await item());
    const said = await ingest(await item({ layout: `${reader}=${base}` }));
    expect(said.figures.map((figure) => figure.layout_reader)).toEqual(
      said.figures.map((figure) => (isThird(figure) ? reader : null)),
    );
    expect(said.figures.map(({ caption }) => caption)).toEqual(own.figures.map(({ caption }) => caption));
    const widths = [own, said].map((entry) => entry.figures.find(isThird)!.width!);
    expect(widths[1]).toBeLessThan(widths[0]! * 0.6);
    expect(said.paper.warnings).toEqual(own.paper.warnings);
  },
);

it("a paper is read again by another reader, and not by the same one at another address", async () => {
  const work = await item({ layout: `mineru=${base}` });
  const { key } = await ingest(work);
  expect(key).not.toBe((await ingest({ ...work, layout: null })).key);
  expect(key).not.toBe((await ingest({ ...work, layout: `docling=${base}` })).key);
  server.requests.length = 0;
  expect(
    await ingestStage.run({ ...work, layout: "mineru=http://host:1", known: key }, { signal }),
  ).toBeNull();
  expect(server.requests).toEqual([]);
});

it("a paper that the reader fails on is read by our own, says so, and is tried again", async () => {
  const work = await item({ layout: `mineru=${base}` });
  const own = await ingest({ ...work, layout: null });
  server.faults.set("/file_parse", [{ status: 500, body: '{"error": "out of memory"}' }]);
  const failed = await ingest(work);
  expect(failed.figures).toEqual(own.figures);
  expect(failed.paper.warnings).toEqual([
    ...own.paper.warnings,
    "MinerU gave no layout of bird-strikes.pdf: it answered HTTP 500: out of memory. It was read with figloom's own.",
  ]);
  const again = await ingest({ ...work, known: failed.key });
  expect(again.figures.some((figure) => figure.layout_reader === "mineru")).toBe(true);
});

it("an answer with nothing in it that is a place leaves every figure where it was", async () => {
  const block = {
    type: "image",
    bbox: [null, -1, "9", 1e300],
    blocks: [{ type: "image_body", bbox: [9, 9, 1, 1] }],
  };
  const pdf_info = [
    { page_idx: -1, page_size: [595, 841], para_blocks: [block] },
    { page_idx: 1, para_blocks: {} },
    7,
  ];
  server.answer = { results: { "../x": { middle_json: JSON.stringify({ pdf_info }) } } };
  const work = await item({ layout: `mineru=${base}` });
  expect((await ingest(work)).figures).toEqual((await ingest({ ...work, layout: null })).figures);
});

it("docling-serve gets its key from the environment, and a wrong one stops everything", async () => {
  server.key = "secret";
  vi.stubEnv("FIGLOOM_LAYOUT_KEY", "secret");
  const work = await item({ layout: `docling=${base}` });
  expect((await ingest(work)).paper.warnings).toEqual([]);
  vi.stubEnv("FIGLOOM_LAYOUT_KEY", "wrong");
  await expect(ingest(work)).rejects.toThrow(/refuses the key.*FIGLOOM_LAYOUT_KEY/);
});

it("a PDF beside a source fills in pictures from where the reader says", async () => {
  const path = join(await freshFolder(), "bird-strikes.tar.gz");
  const { figures } = await ingest(await item());
  const { caption } = figures.find(isThird)!;
  const tex = String.raw`\documentclass{article}\begin{document}\setcounter{figure}{2}
\begin{figure}\includegraphics{lost}\caption{${caption}}\end{figure}\end{document}`;
  await writeFile(path, tarGz([{ name: "main.tex", content: tex }]));
  const whole = await item({ path, pdf: PAPER, layout: `docling=${base}` });
  const [figure] = (await ingest(whole)).figures;
  expect(figure).toMatchObject({ image_origin: "pdf", layout_reader: "docling" });
  server.requests.length = 0;
  server.faults.set("/v1/convert/file/async", [{ status: 400 }]);
  const entry = await ingest(whole);
  expect(entry.figures[0]).toMatchObject({ image_origin: "pdf", layout_reader: null });
  expect(entry.paper.warnings.join()).toContain("docling-serve gave no layout of bird-strikes.pdf");
});

it("a paper without a PDF is sent to nobody and keeps its key", async () => {
  const path = join(await freshFolder(), "p.tar.gz");
  await writeFile(
    path,
    tarGz([
      { name: "main.tex", content: String.raw`\documentclass{article}\begin{document}x\end{document}` },
    ]),
  );
  const work = await item({ path });
  const { key } = await ingest(work);
  expect((await ingest({ ...work, layout: `mineru=${base}` })).key).toBe(key);
  expect(server.requests).toEqual([]);
});
