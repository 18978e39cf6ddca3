import type { Archive } from "../../kernel-lib/src/papers/archive/archive.js";
import type { Reading } from "../../kernel-lib/src/papers/reading.js";

/** What holds of every archive, whatever its bytes were. */
export function checkArchive({ paths, refused, read }: Archive): void {
  if (new Set(paths).size !== paths.length) throw new Error("a path is there twice");
  for (const path of paths) {
    if (/^(?:[\\/]|[A-Za-z]:[\\/])|\p{Cc}/u.test(path) || path.split(/[\\/]/).includes(".."))
      throw new Error(`an unsafe path: ${JSON.stringify(path)}`);
    if (!read(path)) throw new Error(`a path without a file: ${path}`);
  }
  for (const { path, reason, message } of refused)
    if (/\p{Cc}/u.test(path) || !reason || !message) throw new Error("a refusal without words");
}

/** What holds of every reading, whatever its source was. */
export function checkReading({ paper, figures, pictures }: Reading, { paths }: Archive): void {
  const known = new Set(paths);
  const ids = new Set(figures.map(({ figure_id }) => figure_id));
  if (ids.size !== figures.length) throw new Error("two figures have one id");
  for (const figure of figures) {
    const { start, end } = figure.provenance;
    if (start !== null && end !== null && !(start >= 0 && start <= end))
      throw new Error("a range that ends before it begins");
    for (const path of [...figure.graphics, ...figure.panels.flatMap(({ graphics }) => graphics)])
      if (!known.has(path)) throw new Error(`a picture that is not in the archive: ${path}`);
    for (const context of figure.contexts) {
      if (paper.paragraphs[context.paragraph]?.text !== context.text)
        throw new Error("a context that is no paragraph");
      if (context.sentences.some(([from, to]) => !(0 <= from && from < to && to <= context.text.length)))
        throw new Error("a sentence that lies outside of its context");
    }
    // PDFs may hold these characters themselves: symbol fonts have parts of brackets there.
    for (const text of paper.kind === "pdf"
      ? []
      : [figure.caption, ...figure.contexts.map((context) => context.text)])
      if (/[\uf8f0\uf8f1]/.test(text)) throw new Error("a mark of the reader is left in a text");
  }
  for (const [id, sources] of pictures) {
    if (!ids.has(id)) throw new Error(`a picture of no figure: ${id}`);
    for (const source of sources)
      if (source.from === "graphics" && source.rows.flat().some((path) => !known.has(path)))
        throw new Error(`a row with a picture that is not in the archive`);
  }
}
