import { posix } from "node:path";
import type { Archive } from "../../papers/archive/archive.js";
import type { TexDrawings } from "../../papers/reading.js";
import { withFolder } from "../confined.js";
import { document, searchFolders, type Preamble } from "./document.js";
import { findTex } from "./installation.js";
import { failed, fileMissing, readsOutside, TEX_MISSING, TOO_SLOW, type TexProblem } from "./problems.js";
import { runTex, unpack, type TexRun, type Workplace } from "./run.js";

/** A page of a PDF, from 1, or why there is none. */
export type Typeset = { pdf: Buffer; page: number } | { problem: TexProblem };

/** Runs for one paper: each leaves out what the one before failed at. */
const MAX_RUNS = 16;
const SECONDS_A_FLOAT = 1.5;
/** Files that a paper asks for in vain and gets empty, to see whether it does without. */
const MAX_STUBS = 12;
const STUBBABLE = /^[\w.+-]+\.(?:sty|tex|def|cfg|clo|fd|ldf)$/;
/** Classes that TeX installations no longer have, or do not have yet, with one that does the same. */
const SUCCESSORS: Record<string, string> = {
  revtex: "revtex4",
  revtex4: "revtex4-1",
  "revtex4-1": "revtex4-2",
  aastex: "aastex6",
  aastex6: "aastex61",
  aastex61: "aastex62",
  aastex62: "aastex63",
  aastex63: "aastex631",
  aastex631: "aastex7",
  mn2e: "mnras",
  elsart: "elsarticle",
  "elsarticle-5p": "elsarticle",
  svjour: "svjour3",
  ieeeconf: "IEEEtran",
};
/** TikZ's "remember picture" knows places on the page from the run before. */
const NEEDS_TWO_RUNS = /remember\s+picture|\\tikzmark|\\pgfextractx|\\zsavepos/;

/** What stands in for a file that is not there; `undefined` where nothing can. */
function stubFor(missing: string): string | undefined {
  const successor = SUCCESSORS[missing.replace(/\.cls$/, "")];
  if (missing.endsWith(".cls") && successor !== undefined)
    return `\\LoadClassWithOptions{${successor}}\n\\endinput\n`;
  return STUBBABLE.test(missing) ? "\\endinput\n" : undefined;
}

/**
 * Typesets all floats of a paper that TeX draws, in one run where all goes well.
 *
 * A package that is not installed is replaced by nothing, a class by a near one: a float that needs more then fails with
 * an error, the others are drawn. A float with an error has no picture, since what TeX makes of it would be a wrong
 * one; errors in the preamble are passed over. What fails with the paper's preamble gets a second chance with a plain
 * one, see {@link document}.
 * @param seconds for one run, besides those for each of its floats
 * @param budget seconds for all runs
 */
export async function typesetFloats(
  drawings: TexDrawings,
  archive: Archive,
  seconds: number,
  budget: number,
  signal: AbortSignal,
): Promise<Typeset[]> {
  const tex = await findTex();
  if (!tex) return drawings.floats.map(() => ({ problem: TEX_MISSING }));
  return withFolder(async (folder) => {
    await unpack(archive, folder);
    const within = posix.dirname(drawings.main);
    const postscript = needsPostScript(drawings, archive) ? tex.postscript : null;
    return new Typesetter(
      drawings,
      { tex, postscript, folder, within, search: searchFolders(drawings) },
      seconds,
    ).all(Date.now() + budget * 1000, signal);
  });
}

/** Floats that go into one run. */
interface Group {
  floats: number[];
  preamble: Preamble;
}

/** Whether a paper is of the kind that goes over DVI: it uses PostScript in TeX, or all of its pictures are PostScript. */
function needsPostScript({ preamble, definitions }: TexDrawings, { paths }: Archive): boolean {
  if (
    /\\(?:usepackage|RequirePackage|documentstyle|input)[^}]{0,500}(?:\bps(?:tricks|frag)|\bpst-)/.test(
      preamble + definitions,
    )
  )
    return true;
  const has = (ending: RegExp) => paths.some((path) => ending.test(path));
  return has(/\.e?psi?$/i) && !has(/\.(?:pdf|png|jpe?g)$/i);
}

class Typesetter {
  private readonly results: (Typeset | undefined)[];
  /** Files that the paper asked for in vain, with what it gets for them. */
  private readonly stubs = new Map<string, string>();

  constructor(
    private readonly drawings: TexDrawings,
    private readonly place: Workplace,
    private readonly seconds: number,
  ) {
    this.results = drawings.floats.map(() => undefined);
  }

  async all(end: number, signal: AbortSignal): Promise<Typeset[]> {
    let groups: Group[] = [
      { floats: [...this.results.keys()], preamble: this.drawings.preamble ? "own" : "plain" },
    ];
    for (let runs = 0; groups.length && runs < MAX_RUNS; runs++) {
      const left = (end - Date.now()) / 1000;
      if (left <= 0) break;
      const [group, ...others] = groups;
      const seconds = this.seconds + group!.floats.length * SECONDS_A_FLOAT;
      const run = await this.run(group!, Math.min(seconds, left), signal);
      groups = [...others, ...this.take(group!, run)];
    }
    return this.results.map((result) => result ?? { problem: TOO_SLOW });
  }

  private run({ floats, preamble }: Group, seconds: number, signal: AbortSignal): Promise<TexRun> {
    const files = document(this.drawings, floats, preamble);
    for (const [name, text] of this.stubs) files.set(name, Buffer.from(text));
    const twice = floats.some((index) => {
      const { body, setup } = this.drawings.floats[index]!;
      return NEEDS_TWO_RUNS.test(body) || NEEDS_TWO_RUNS.test(setup);
    });
    return runTex(this.place, files, twice ? 2 : 1, seconds, signal);
  }

  /** Keeps what a run brought; gives what is to be run again. */
  private take(group: Group, run: TexRun): Group[] {
    const { floats, preamble } = group;
    const { transcript, pdf } = run;
    if (!transcript.begun.length) return this.startOver(group, run);
    const lost = floats.find((index) => !transcript.ended.has(index));
    // Pages besides the floats' are put out by a broken preamble or by a float itself, before the one that counts.
    const before = transcript.pages - floats.length;
    if (pdf && lost === undefined && (before === 0 || (before > 0 && floats.length === 1))) {
      const failures = floats.filter((index) => transcript.errors.has(index));
      floats.forEach((index, i) => {
        const error = transcript.errors.get(index);
        if (error === undefined) this.results[index] = { pdf, page: before + i + 1 };
        else this.fail(index, this.explain(error));
      });
      return failures.length && preamble === "own" ? [{ floats: failures, preamble: "plain" }] : [];
    }
    // Without every page in its place it is not known which is whose: each is run alone.
    if (lost === undefined && floats.length > 1)
      return floats.map((index) => ({ floats: [index], preamble }));
    const culprit = lost ?? floats[0]!;
    this.fail(culprit, this.problem(run, transcript.errors.get(culprit)));
    const rest = floats.filter((index) => index !== culprit);
    return rest.length ? [{ floats: rest, preamble }] : [];
  }

  /** The preamble ended the run: with a stub for the file that it lacks, or with the plain preamble, it may go on. */
  private startOver({ floats, preamble }: Group, run: TexRun): Group[] {
    const { missing } = run.transcript;
    const stub = missing === null || this.stubs.has(missing) ? undefined : stubFor(missing);
    if (stub !== undefined && this.stubs.size < MAX_STUBS) {
      this.stubs.set(missing!, stub);
      return [{ floats, preamble }];
    }
    const problem = this.problem(run, run.transcript.error ?? undefined);
    for (const index of floats) this.fail(index, problem);
    return preamble === "own" ? [{ floats, preamble: "plain" }] : [];
  }

  /** Of several reasons the first one counts: the paper's own preamble knows best. */
  private fail(index: number, problem: TexProblem): void {
    this.results[index] ??= { problem };
  }

  private problem(run: TexRun, error: string | undefined): TexProblem {
    if (run.late) return TOO_SLOW;
    if (run.outside !== null) return readsOutside(run.outside);
    if (run.transcript.missing !== null) return fileMissing(run.transcript.missing);
    return this.explain(error ?? run.transcript.error ?? "it ended before the picture was done");
  }

  /** A command that is not known is most likely one of a package that is not there. */
  private explain(error: string): TexProblem {
    const unknown = /^(?:Undefined control sequence|LaTeX Error: Environment)/.test(error);
    const [stub] = this.stubs.keys();
    return unknown && stub !== undefined ? fileMissing(stub) : failed(error);
  }
}
