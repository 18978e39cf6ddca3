/** A paper's files, held in memory and already checked: nothing is ever unpacked to disk. */
export interface Archive {
  /** File name of the input. */
  readonly source: string;
  readonly sha256: string;
  /**
   * `tar`, `zip`: an e-print bundle or JATS package; `tex`, `xml`, `pdf`: one (gzipped) LaTeX file, JATS article or
   * PDF, held under its own name or `main.tex`, `article.xml`, `paper.pdf`; `folder`: an unpacked bundle or package.
   */
  readonly form: "tar" | "zip" | "tex" | "xml" | "pdf" | "folder";
  /** Paths of the files, `/`-separated, normalised, relative, in the archive's order. */
  readonly paths: readonly string[];
  /** The bytes of a file, `undefined` where there is none of that exact path. */
  read(path: string): Buffer | undefined;
  /** Members that were refused (links, devices, paths that climb out), each with its reason. */
  readonly refused: readonly RefusedMember[];
}

export interface RefusedMember {
  path: string;
  reason: string;
  message: string;
}
