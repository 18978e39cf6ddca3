/** Characters that OCR gets wrong on figures whose text is known, upright and turned, by kind of figure. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { drawPdf } from "../../kernel-lib/src/figures/pdf.js";
import type { Picture } from "../../kernel-lib/src/figures/picture.js";
import type { TextLine } from "../../kernel-lib/src/model.js";
import { listModels } from "../../kernel-lib/src/models/list.js";
import { ppocr } from "../../kernel-lib/src/ocr/ppocr/ppocr.js";
import { readerName, type PixelReader } from "../../kernel-lib/src/ocr/reader.js";
import { tesseract } from "../../kernel-lib/src/ocr/tesseract/tesseract.js";
import { openArchive } from "../../kernel-lib/src/papers/archive/open.js";
import { bundlePrograms } from "../support/bundle-programs.js";
import { findPapers } from "./ingest/papers.js";
import { added, characterErrors, type Errors, type Kind } from "./ocr/character-errors.js";
import { madeFigures } from "./ocr/made.js";
import { wordsFound, type Words } from "./ocr/words-found.js";
import { versionsHere } from "./support/machine.js";
import { measureParts } from "./support/parts.js";
import { type Bench, type Part, versionsText } from "./support/report.js";
import { inLanes } from "./support/timing.js";

/** A picture and the text that is on it. */
interface Known {
  group: string;
  png(): Promise<Buffer>;
  known: readonly TextLine[];
}

interface Result {
  group: string;
  errors: Record<Kind, Errors>;
  words: Words;
}

/** Pixels of the long side that pictures are drawn with, as ingest does. */
const LONG_SIDE = 1600;
/** A small picture, as older papers have them. */
const SMALL = 700;
/** PDFs of one paper, evenly among its own: many papers count for more than many plots of one. */
const OF_A_PAPER = 3;
/** Lines of a picture that counts; more are tables of numbers or drawings made of letters. */
const MOST_LINES = 200;

/** Pictures, and what they are. */
interface Pictures {
  title: string;
  pictures: readonly Known[];
}

const PARTS: Record<string, (papers: string | undefined) => Promise<Pictures>> = {
  made: async () => {
    const pictures: Known[] = [];
    for (const longSide of [LONG_SIDE, SMALL])
      for (const { font, size, pdf } of madeFigures()) {
        const picture = await drawn(pdf, longSide);
        if (picture?.text) pictures.push(knownOf(`${font}, ${size} pt, ${longSide} px`, picture));
      }
    return { title: "Figures made for the purpose", pictures };
  },
  papers: async (folder) => {
    const pictures: Known[] = [];
    const { latex, from } = await findPapers(folder);
    for (const { path, paper_id } of latex) {
      const archive = await openArchive(path);
      const files = archive.paths.filter((name) => /\.pdf$/i.test(name));
      for (const file of files.filter((_, i) => i % Math.ceil(files.length / OF_A_PAPER) === 0)) {
        const picture = await drawn(archive.read(file)!, LONG_SIDE);
        if (picture?.text && picture.text.length <= MOST_LINES) pictures.push(knownOf(paper_id, picture));
      }
    }
    return { title: `Vector PDFs of the papers of ${from}, against their text layers`, pictures };
  },
};

const drawn = (pdf: Buffer, longSide: number) =>
  drawPdf(pdf, longSide, 20, new AbortController().signal).catch(() => null);

/** Held as PNG: raw pixels of hundreds of pictures would fill the memory. */
function knownOf(group: string, { data, width, height, text }: Picture): Known {
  const png = sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  return { group, png: () => png, known: text! };
}

async function measured(reader: PixelReader, { title, pictures }: Pictures): Promise<Part> {
  const results: Result[] = [];
  const { signal } = new AbortController();
  await reader.ready?.({ signal, folder: "" });
  const start = performance.now();
  await inLanes(pictures, availableParallelism(), async ({ group, png, known }) => {
    const read = await reader.read(await png(), { signal });
    results.push({ group, errors: characterErrors(known, read), words: wordsFound(known, read) });
  });
  const seconds = (performance.now() - start) / 1000;
  const groups = grouped(results);
  return {
    title: `${title}: ${readerName(reader)}`,
    items: `${pictures.length} pictures`,
    commands: { [readerName(reader)]: `${availableParallelism()} pictures at a time` },
    figures: { ...totals(results), "seconds a picture": seconds / pictures.length },
    rows: [...groups].map(([name, of]) => ({ name, pictures: of.length, ...rates(of) })).sort(byName),
  };
}

function grouped(results: readonly Result[]): Map<string, Result[]> {
  const groups = new Map<string, Result[]>();
  for (const result of results) groups.set(result.group, [...(groups.get(result.group) ?? []), result]);
  return groups;
}

const byName = (a: { name: string }, b: { name: string }) =>
  a.name.localeCompare(b.name, "en", { numeric: true });

const KINDS: readonly Exclude<Kind, "nowhere">[] = ["upright", "upwards", "downwards"];

const of = (results: readonly Result[], kind: Kind) => added(results.map(({ errors }) => errors[kind]));

const percent = (part: number, whole: number) =>
  whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)} %`;

function totals(results: readonly Result[]): Record<string, string> {
  const all = KINDS.map((kind) => {
    const { characters, edits, missed } = of(results, kind);
    const value = `${percent(edits, characters)} of ${characters} characters, of these not read at all ${percent(missed, characters)}`;
    return [`character error rate, ${kind}`, value];
  });
  const words = results.reduce((sum, result) => sum + result.words.known, 0);
  const found = results.reduce((sum, result) => sum + result.words.found, 0);
  const { characters } = added(KINDS.map((kind) => of(results, kind)));
  const { edits } = of(results, "nowhere");
  const nowhere = `${edits} (${percent(edits, characters)} of the known ones)`;
  return {
    ...(Object.fromEntries(all) as Record<string, string>),
    "words of three letters and more that are read": percent(found, words),
    "characters read where none is known": nowhere,
  };
}

function rates(results: readonly Result[]): Record<string, string> {
  const { edits } = of(results, "nowhere");
  const rate = (kind: Kind) => {
    const { edits: wrong, characters } = of(results, kind);
    return percent(wrong, characters);
  };
  return {
    ...Object.fromEntries(KINDS.map((kind) => [kind, rate(kind)])),
    "where none is known": String(edits),
  };
}

/** Tesseract, and PP-OCR with each of its models that is on this machine. */
async function readersAtHand(): Promise<PixelReader[]> {
  const folder = await bundlePrograms("bench", {
    ocr: "kernel-lib/src/ocr/tesseract/program.ts",
    model: "kernel-lib/src/models/onnx/program.ts",
  });
  const models = (await listModels()).filter(({ kind, state }) => kind === "ppocr" && state === "there");
  return [
    tesseract({ program: join(folder, "ocr.cjs") }),
    ...models.map(({ name }) => ppocr({ model: name, program: join(folder, "model.cjs") })),
  ];
}

async function versionOf(name: string): Promise<string> {
  const text = await readFile(createRequire(__filename).resolve(`${name}/package.json`), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

const bench: Bench = {
  about: "characters that OCR gets wrong on figures whose text is known: made ones, vector PDFs of papers",
  parts: PARTS,
  async run({ papers, only, say }) {
    const readers = await readersAtHand();
    const versions = {
      ...versionsHere(),
      "tesseract.js": await versionOf("tesseract.js"),
      "onnxruntime-node": await versionOf("onnxruntime-node"),
    };
    say(versionsText(versions));
    try {
      const parts = await measureParts(PARTS, { only, say }, async function* (part) {
        const pictures = await part(papers);
        for (const reader of readers) {
          const done = await measured(reader, pictures);
          await reader.close();
          yield done;
        }
      });
      return { versions, parts };
    } finally {
      for (const reader of readers) await reader.close();
    }
  },
};
export default bench;
