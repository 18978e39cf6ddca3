import { existsSync } from "node:fs";
import { join } from "node:path";
import { openArchive } from "../../../kernel-lib/src/papers/archive/open.js";
import { readSource } from "../../../kernel-lib/src/papers/read-paper.js";
import { ROOT } from "../../support/bundle-programs.js";
import { listSources, type Source } from "../../../kernel-lib/src/papers/sources.js";

/** Papers that a bench works on, and where they come from. */
export interface Papers {
  from: string;
  /** Those that can be read, by id. */
  all: Source[];
  latex: Source[];
}

/** The papers of `folder`; else real ones that lie beside the repository, else the samples. */
export async function findPapers(folder: string | undefined): Promise<Papers> {
  const shared = join(ROOT, "../shared/corpus");
  const from = folder ?? (existsSync(shared) ? shared : join(ROOT, "notebooks/papers"));
  const { sources } = await listSources([from]);
  const papers: Papers = { from, all: [], latex: [] };
  for (const source of sources) {
    const kind = await kindOf(source.path);
    if (kind) papers.all.push(source);
    if (kind === "latex") papers.latex.push(source);
  }
  return papers;
}

/** What a paper is read as; nothing where it cannot be read. */
async function kindOf(path: string): Promise<string | undefined> {
  try {
    return readSource(await openArchive(path)).paper.kind;
  } catch {
    return undefined;
  }
}
