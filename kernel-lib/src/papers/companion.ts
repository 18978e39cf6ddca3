/** The PDF that a paper's source comes with. */
import type { Archive } from "./archive/archive.js";
import type { Reading } from "./reading.js";

/** PDFs of an archive that are looked at; a paper comes as one, and with its supplement as two. */
const MAX_PDFS = 4;

/**
 * The PDFs in a paper's archive that may be the paper itself, the likeliest first: those that no figure is made of,
 * before all those named like a document of the archive.
 */
export function pdfsIn(archive: Archive, { figures }: Pick<Reading, "figures">): Archive[] {
  const graphics = new Set(
    figures.flatMap((figure) => [...figure.graphics, ...figure.panels.flatMap((panel) => panel.graphics)]),
  );
  const documents = new Set(
    archive.paths.filter((path) => /\.(?:tex|ltx|n?xml)$/i.test(path)).map((path) => stemOf(path)),
  );
  const pdfs = archive.paths.filter(
    (path) => /\.pdf$/i.test(path) && !graphics.has(path) && !path.endsWith("-eps-converted-to.pdf"),
  );
  const rank = (path: string) => (documents.has(stemOf(path)) ? 0 : 1 + path.split("/").length);
  return pdfs
    .map((path) => ({ path, bytes: archive.read(path)! }))
    .filter(({ bytes }) => bytes.subarray(0, 1024).includes("%PDF-"))
    .sort((a, b) => rank(a.path) - rank(b.path) || b.bytes.length - a.bytes.length)
    .slice(0, MAX_PDFS)
    .map(({ path, bytes }) => ({
      source: `${archive.source}/${path}`,
      sha256: archive.sha256,
      form: "pdf",
      paths: [path],
      read: (asked) => (asked === path ? bytes : undefined),
      refused: [],
    }));
}

const stemOf = (path: string) => path.replace(/^.*\//, "").replace(/\.[^.]*$/, "");
