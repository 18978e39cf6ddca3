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
/** Files that a paper asks for in vain and gets empty, to see whether it does without. */
const MAX_STUBS = 12;
const STUBBABLE = /^[\w.+-]+\.(?:sty|tex|def|cfg|clo|fd|ldf)$/;
/** TikZ's "remember picture" knows places on the page from the run before. */
const NEEDS_TWO_RUNS = /remember\s+picture|\\tikzmark|\\pgfextractx|\\zsavepos/;

/**
 * Typesets all floats of a paper that TeX draws, in one run where all goes well.
 *
 * A package that is not installed is replaced by nothing: a float that uses it then fails with an error, the others
 * are drawn. A float with an error has no picture, since what TeX makes of it would be a wrong one; errors in the
 * preamble are passed over. A preamble that cannot be run at all is replaced by a plain one, see {@link document}.
 * @param seconds for one run
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
    return new Typesetter(drawings, { tex, folder, within, search: searchFolders(drawings) }, seconds).all(
      Date.now() + budget * 1000,
      signal,
    );
  });
}

class Typesetter {
  private readonly results: (Typeset | undefined)[];
  private readonly stubs = new Set<string>();
  private preamble: Preamble;
  /** Why the paper's own preamble could not be run. */
  private ownProblem: TexProblem | null = null;

  constructor(
    private readonly drawings: TexDrawings,
    private readonly place: Workplace,
    private readonly seconds: number,
  ) {
    this.results = drawings.floats.map(() => undefined);
    this.preamble = drawings.preamble ? "own" : "plain";
  }

  async all(end: number, signal: AbortSignal): Promise<Typeset[]> {
    let groups = [[...this.results.keys()]];
    for (let runs = 0; groups.length && runs < MAX_RUNS; runs++) {
      const left = (end - Date.now()) / 1000;
      if (left <= 0) break;
      const [group, ...others] = groups;
      const run = await this.run(group!, Math.min(this.seconds, left), signal);
      groups = [...this.take(group!, run), ...others];
    }
    return this.results.map((result) => result ?? { problem: TOO_SLOW });
  }

  private run(group: readonly number[], seconds: number, signal: AbortSignal): Promise<TexRun> {
    const files = document(this.drawings, group, this.preamble);
    for (const name of this.stubs) files.set(name, Buffer.from("\\endinput\n"));
    const twice = group.some((index) => {
      const { body, setup } = this.drawings.floats[index]!;
      return NEEDS_TWO_RUNS.test(body) || NEEDS_TWO_RUNS.test(setup);
    });
    return runTex(this.place, files, twice ? 2 : 1, seconds, signal);
  }

  /** Keeps what a run brought; gives the groups of floats that are to be run again. */
  private take(group: readonly number[], run: TexRun): number[][] {
    const { transcript, pdf } = run;
    if (!transcript.begun.length) return this.startOver(group, run);
    const lost = group.find((index) => !transcript.ended.has(index));
    if (pdf && lost === undefined && transcript.pages === group.length) {
      group.forEach((index, i) => {
        const error = transcript.errors.get(index);
        this.results[index] = error === undefined ? { pdf, page: i + 1 } : { problem: this.explain(error) };
      });
      return [];
    }
    // Without all pages in their places it is not known which is whose: what is sure is only where the run ended.
    if (run.outside === null && lost === undefined && group.length > 1) return group.map((index) => [index]);
    if (group.length > 1 && run.outside !== null && !run.late) return group.map((index) => [index]);
    const culprit = lost ?? group[0]!;
    this.results[culprit] = { problem: this.problem(run, transcript.errors.get(culprit)) };
    const rest = group.filter((index) => index !== culprit);
    return rest.length ? [rest] : [];
  }

  /** The preamble ended the run: without the package that it lacks, or with the plain preamble, it may go on. */
  private startOver(group: readonly number[], run: TexRun): number[][] {
    const { missing } = run.transcript;
    if (
      missing !== null &&
      STUBBABLE.test(missing) &&
      !this.stubs.has(missing) &&
      this.stubs.size < MAX_STUBS
    ) {
      this.stubs.add(missing);
      return [[...group]];
    }
    const problem = this.problem(run, run.transcript.error ?? undefined);
    if (this.preamble === "own") {
      this.ownProblem = problem;
      this.preamble = "plain";
      return [[...group]];
    }
    for (const index of group) this.results[index] = { problem: this.ownProblem ?? problem };
    return [];
  }

  private problem(run: TexRun, error: string | undefined): TexProblem {
    if (run.late) return TOO_SLOW;
    if (run.outside !== null) return readsOutside(run.outside);
    if (run.transcript.missing !== null) return fileMissing(run.transcript.missing);
    return this.explain(error ?? run.transcript.error ?? "it ended before the picture was done");
  }

  /** A command that is not known is most likely one of the class or package that is not there. */
  private explain(error: string): TexProblem {
    const unknown = /^(?:Undefined control sequence|LaTeX Error: Environment)/.test(error);
    const [stub] = this.stubs;
    if (unknown && this.ownProblem?.reason === "tex-package-missing") return this.ownProblem;
    return unknown && stub !== undefined ? fileMissing(stub) : failed(error);
  }
}
