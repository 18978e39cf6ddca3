import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import type { Archive } from "../../kernel-lib/src/papers/archive/archive.js";
import { openArchive } from "../../kernel-lib/src/papers/archive/open.js";
import { readJats } from "../../kernel-lib/src/papers/jats/index.js";
import { readLatex } from "../../kernel-lib/src/papers/latex/index.js";
import { readPdf } from "../../kernel-lib/src/papers/pdf/read-pdf.js";
import { checkArchive, checkReading } from "./invariants.js";
import { JATS_WORDS, jatsSource } from "./jats.js";
import { LATEX_WORDS, latexSource } from "./latex.js";
import { mutate, mutationsWith } from "./mutations.js";
import { PDF_WORDS, pdfSource } from "./pdf.js";
import { unpacked, type Samples } from "./samples.js";

export const READERS = ["archive", "latex", "jats", "pdf"] as const;
export type ReaderName = (typeof READERS)[number];

/** One reader under test: where its inputs come from, and how it reads one. */
interface FuzzedReader {
  inputs(samples: Samples): fc.Arbitrary<Buffer>;
  /** @throws {ItemError} for what it refuses, as it should; anything else is a finding. */
  read(input: Buffer, scratch: string): Promise<void>;
}

const mutated = (samples: readonly Buffer[], words: readonly string[]): fc.Arbitrary<Buffer> =>
  fc
    .tuple(fc.constantFrom(...samples), mutationsWith(words), fc.constantFrom(...samples))
    .map(([sample, mutations, other]) => mutate(sample, mutations, other));

const text = (source: fc.Arbitrary<string>) => source.map((written) => Buffer.from(written));

/** Inputs by a grammar, inputs by a grammar with damage, and damaged real inputs. */
const grown = (grammar: fc.Arbitrary<Buffer>, samples: readonly Buffer[], words: readonly string[]) =>
  fc.oneof(
    grammar,
    fc.tuple(grammar, mutationsWith(words)).map(([input, mutations]) => mutate(input, mutations, input)),
    ...(samples.length ? [mutated(samples, words)] : []),
  );

export const readers: Readonly<Record<ReaderName, FuzzedReader>> = {
  archive: {
    inputs: ({ archive }) => {
      const inner = archive.flatMap((sample) => unpacked(sample) ?? []);
      return fc.oneof(
        mutated(archive, ARCHIVE_WORDS),
        mutated(inner, ARCHIVE_WORDS).map((bytes) => gzipSync(bytes, { level: 1 })),
      );
    },
    async read(input, scratch) {
      const path = `${scratch}/input.tar.gz`;
      writeFileSync(path, input);
      checkArchive(await openArchive(path, { unpackedBytes: 64 * 2 ** 20, memberBytes: 16 * 2 ** 20 }));
    },
  },
  latex: {
    inputs: ({ latex }) => grown(text(latexSource), latex, LATEX_WORDS),
    read(input) {
      return checked(archiveOf({ "main.tex": input, "a.tex": Buffer.from("\\input{main} and \\input a"), ...PICTURES }), readLatex);
    },
  },
  jats: {
    inputs: ({ jats }) => grown(text(jatsSource), jats, JATS_WORDS),
    read(input) {
      const archive = archiveOf({ "p/p.xml": input, ...PICTURES });
      return checked(archive, () => readJats(archive, { path: "p/p.xml", others: [] }));
    },
  },
  pdf: {
    inputs: ({ pdf }) => grown(pdfSource, pdf, PDF_WORDS),
    read(input) {
      return checked({ ...archiveOf({ "paper.pdf": input }), form: "pdf" }, (archive) => readPdf(archive));
    },
  },
}; // prettier-ignore

/** Numbers and marks of the tar, gzip and zip formats. */
const ARCHIVE_WORDS = [
  "ustar", "../", "/", "\0", "\x1f\x8b\x08", "PK\x01\x02", "PK\x03\x04", "PK\x05\x06", "PK\x06\x06", "PK\x06\x07", "\xff\xff\xff\xff", "77777777777", "00000000000",
  "27 path=../../escaped.txt\n", "1 path", "99999999999 path=x\n", "L", "x", "2", "K", "g", "main.tex", "..\\..\\a.tex", "\x80\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff",
]; // prettier-ignore

const PICTURES = Object.fromEntries(
  ["a.pdf", "a.eps", "b.pdf", "p/a.jpg", "p/f1.jpg", "p/f2a.tif", "p/f2b.png"].map((name) => [
    name,
    Buffer.from(name),
  ]),
);

function archiveOf(files: Record<string, Buffer>): Archive {
  const read = (path: string) => (Object.hasOwn(files, path) ? files[path] : undefined);
  return {
    source: "paper.tar.gz",
    sha256: "0".repeat(64),
    form: "tar",
    paths: Object.keys(files),
    refused: [],
    read,
  };
}

async function checked(
  archive: Archive,
  read: (
    archive: Archive,
  ) => Parameters<typeof checkReading>[0] | Promise<Parameters<typeof checkReading>[0]>,
): Promise<void> {
  checkReading(await read(archive), archive);
}
