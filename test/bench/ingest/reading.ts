import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Archive } from "../../../kernel-lib/src/papers/archive/archive.js";
import { openArchive } from "../../../kernel-lib/src/papers/archive/open.js";
import { findMainDocument } from "../../../kernel-lib/src/papers/latex/main-document.js";
import { Sources } from "../../../kernel-lib/src/papers/latex/sources.js";
import { readSource } from "../../../kernel-lib/src/papers/read-paper.js";
import type { Source } from "../../../kernel-lib/src/papers/sources.js";
import type { Part } from "../support/report.js";
import { median, runProgram, sum, timed } from "../support/timing.js";

/** A paper's unpacked source, as pandoc wants it. */
interface Unpacked {
  folder: string;
  main: string;
}

/** Milliseconds of one paper, a number a round. */
interface Times {
  unpacking: number[];
  figloom: number[];
  pandoc: number[];
}

/**
 * The text of LaTeX papers read (macros and inputs followed; figures, captions, contexts and paragraphs extracted; no
 * picture drawn), beside pandoc's reading of the same source. Both get it unpacked. figloom reads paper after paper
 * in one warm process, pandoc is started anew for each: what that alone costs is measured, too.
 */
export async function benchReading(
  papers: readonly Source[],
  rounds: number,
  scratch: string,
): Promise<Part> {
  const unpacked = new Map<Source, Unpacked>();
  for (const paper of papers) unpacked.set(paper, await unpack(paper, join(scratch, "sources")));
  for (const { path } of papers) readSource(await openArchive(path));

  const empty = join(scratch, "empty.tex");
  writeFileSync(empty, "");
  const start: number[] = [];
  const times = new Map<Source, Times>(
    papers.map((paper) => [paper, { unpacking: [], figloom: [], pandoc: [] }]),
  );
  const refused = new Set<Source>();
  for (let round = 0; round < rounds; round++) {
    start.push(await timed(() => pandoc(scratch, empty)));
    for (const paper of papers) {
      const { unpacking, figloom, pandoc: theirs } = times.get(paper)!;
      let archive: Archive;
      unpacking.push(await timed(async () => (archive = await openArchive(paper.path))));
      figloom.push(await timed(async () => readSource(archive)));
      const { folder, main } = unpacked.get(paper)!;
      await timed(() => pandoc(folder, main)).then(
        (ms) => theirs.push(ms),
        () => refused.add(paper),
      );
    }
  }

  const both = papers.filter((paper) => !refused.has(paper));
  const rows = both.map((paper) => {
    const { unpacking, figloom, pandoc: theirs } = times.get(paper)!;
    const [a, b] = [median(figloom), median(theirs)];
    return {
      paper: paper.paper_id,
      "figloom ms": a,
      "pandoc ms": b,
      "times as fast": b / a,
      "unpacking ms": median(unpacking),
    };
  });
  const total = (column: "figloom ms" | "pandoc ms" | "unpacking ms") => sum(rows.map((row) => row[column]));
  const [ours, theirs, startMs] = [total("figloom ms"), total("pandoc ms"), median(start)];
  const ratios = rows.map((row) => row["times as fast"]);
  const least = rows.find((row) => row["times as fast"] === Math.min(...ratios));
  return {
    title: "Text of LaTeX papers",
    items: `${papers.length} papers, ${rounds} rounds`,
    commands: {
      figloom: "readSource, one warm process, one thread",
      pandoc: "pandoc -f latex -t json -o /dev/null MAIN.tex, a process a paper",
    },
    figures: {
      "figloom, sum of medians, ms": ours,
      "pandoc, sum of medians, ms": theirs,
      "times as fast, in total": theirs / ours,
      "times as fast, in total, pandoc's start taken off": (theirs - rows.length * startMs) / ours,
      "times as fast, in total, figloom unpacking the archives, too": theirs / (ours + total("unpacking ms")),
      "times as fast, median paper": median(ratios),
      "times as fast, least": least ? `${least["times as fast"].toFixed(1)} (${least.paper})` : "none",
      "pandoc's start, ms": startMs,
      "left out, since pandoc cannot read them":
        [...refused].map(({ paper_id }) => paper_id).join(", ") || "none",
    },
    rows,
  };
}

const pandoc = (cwd: string, file: string) =>
  runProgram("pandoc", ["-f", "latex", "-t", "json", "-o", "/dev/null", file], { cwd });

async function unpack({ path, paper_id }: Source, under: string): Promise<Unpacked> {
  const archive = await openArchive(path);
  const root = join(under, paper_id);
  for (const member of archive.paths) {
    const file = join(root, member);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, archive.read(member)!);
  }
  const main = findMainDocument(new Sources(archive)).path;
  // Paths in a paper count from where its main document lies, for pandoc as for TeX.
  return { folder: join(root, dirname(main)), main: join(root, main) };
}
