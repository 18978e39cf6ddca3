import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import type { Archive } from "../../papers/archive/archive.js";
import { execute, type Program } from "../confined.js";
import { insidePaths } from "./document.js";
import { JOB } from "./harness.js";
import { NO_PERSONAL_TREES, type TexInstallation } from "./installation.js";
import { readTranscript, type Transcript } from "./transcript.js";

const MiB = 2 ** 20;
/** Bytes of a PDF that TeX made. */
const MAX_PDF = 64 * MiB;
const MAX_RECORD = 16 * MiB;
const TEX_FILE = /\.(?:tex|ltx|sty|cls|tikz|tkz|pgf|pdf_tex|eps_tex|inc)$/i;

/** What became of one run. */
export interface TexRun {
  transcript: Transcript;
  /** `null` where TeX wrote none, or wrote what is not taken. */
  pdf: Buffer | null;
  /** A file that was read though it is neither the paper's nor TeX's own; a run that was stopped has left no record. */
  outside: string | null;
  /** It was stopped after its time. */
  late: boolean;
}

/** A temporary folder that holds a paper's files for TeX. */
export interface Workplace {
  tex: TexInstallation;
  /** Set where the paper is typeset over DVI. */
  postscript: TexInstallation["postscript"];
  /** The folder, without links in its path. */
  folder: string;
  /** Where the main document lies in the paper. */
  within: string;
  /** Folders of the paper in which files are looked for, besides that one. */
  search: readonly string[];
}

/**
 * Writes a paper's files into a folder. Paths of an archive stay inside it; that is seen to once more here.
 * The TeX sources among them are changed by {@link insidePaths}.
 */
export async function unpack(archive: Archive, folder: string): Promise<void> {
  for (const path of archive.paths) {
    const target = resolve(folder, path);
    if (!target.startsWith(folder + sep) || basename(path).toLowerCase().startsWith(JOB)) continue;
    const bytes = archive.read(path)!;
    // Of a name that is both a file's and a folder's the first stays, as a file system could hold only one.
    await mkdir(dirname(target), { recursive: true })
      .then(() => writeFile(target, TEX_FILE.test(path) ? withoutParents(bytes) : bytes))
      .catch((error: NodeJS.ErrnoException) => {
        if (!/^(?:EEXIST|ENOTDIR|EISDIR|ENAMETOOLONG)$/.test(error.code ?? "")) throw error;
      });
  }
}

function withoutParents(bytes: Buffer): Buffer {
  return bytes.includes("../") ? Buffer.from(insidePaths(bytes.toString("latin1")), "latin1") : bytes;
}

/**
 * Runs pdfLaTeX, or LaTeX with dvips and Ghostscript, over the document of these files, in nonstop mode: without shell escape, reading and writing nothing
 * outside its folder and TeX's own trees (`openin_any = openout_any = p`, no personal trees, {@link execute}), making
 * no fonts. pdfTeX embeds some files without asking whether it may, so what it read is looked through afterwards,
 * and a PDF is thrown away that was made with anything else.
 * @param times how often: twice where positions on the page are to be known
 */
export async function runTex(
  place: Workplace,
  files: ReadonlyMap<string, Buffer>,
  times: number,
  seconds: number,
  signal: AbortSignal,
): Promise<TexRun> {
  const { tex, folder, within, search } = place;
  const here = join(folder, within);
  await removeJob(here);
  for (const [name, bytes] of files) await writeFile(join(here, name), bytes);
  const { postscript } = place;
  const inputs = [".", ...search.map((path) => join(folder, path)), ""].join(":");
  const latex = postscript?.latex ?? tex.pdflatex;
  const program = {
    command: [latex, "-no-shell-escape", "-interaction=nonstopmode", "-recorder", `${JOB}.tex`],
    folder,
    within: here,
    reads: tex.trees,
    env: {
      ...NO_PERSONAL_TREES,
      openin_any: "p",
      openout_any: "p",
      TEXINPUTS: inputs,
      TEXPICTS: inputs,
      TEXFORMATS: tex.trees.map((tree) => `${tree}/web2c//`).join(":"),
      TEXMFOUTPUT: here,
      MKTEXTFM: "0",
      MKTEXPK: "0",
      MKTEXMF: "0",
      MKTEXFMT: "0",
      max_print_line: "10000",
      error_line: "254",
      half_error_line: "238",
    },
  };
  let run: TexRun | undefined;
  for (let time = 0; time < times; time++) {
    const { stdout, failure } = await execute(program, seconds, signal);
    const outside = await strangeFile(here, folder, tex.trees);
    const transcript = readTranscript(stdout.toString("latin1"));
    if (postscript && outside === null && transcript.pages > 0)
      await convert(postscript, program, seconds, signal);
    run = {
      transcript,
      pdf: outside === null ? await madePdf(here) : null,
      outside,
      late: failure?.name === "TimeoutError",
    };
  }
  return run!;
}

/** Size of a page in PostScript, in points. A DVI file has no pages of its own sizes; the white is cut off. */
const PAGE = "2400bp,4000bp";

/** Makes the PDF of a DVI file: dvips may open nothing outside the folder (`-R2`), nor may Ghostscript. */
async function convert(
  { dvips, ghostscript }: NonNullable<TexInstallation["postscript"]>,
  program: Program,
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  const draw = ["-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-dAutoRotatePages=/None", "-sDEVICE=pdfwrite"];
  const commands = [
    [dvips, "-R2", "-q", "-T", PAGE, "-o", `${JOB}.ps`, `${JOB}.dvi`],
    [ghostscript, ...draw, `-sOutputFile=${JOB}.pdf`, `${JOB}.ps`],
  ];
  for (const command of commands) await execute({ ...program, command }, seconds, signal);
}

async function removeJob(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = await readdir(folder);
  const ours = names.filter((name) => name.toLowerCase().startsWith(JOB));
  await Promise.all(ours.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

async function madePdf(here: string): Promise<Buffer | null> {
  const path = join(here, `${JOB}.pdf`);
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  return size > 0 && size <= MAX_PDF ? readFile(path) : null;
}

/**
 * A file that TeX's record names and that lies elsewhere; `null` where all is well. A record that the paper's TeX may
 * have written itself counts as strange: TeX notes that, too, behind whatever was written.
 */
async function strangeFile(here: string, folder: string, trees: readonly string[]): Promise<string | null> {
  const path = join(here, `${JOB}.fls`);
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  if (size === 0 || size > MAX_RECORD) return "an unknown file";
  const inside = [folder, ...trees].map((root) => root.replace(/\/*$/, sep));
  const lines = (await readFile(path, "latin1")).split("\n").filter(Boolean);
  for (const line of lines) {
    const [, kind, name] = /^(PWD|INPUT|OUTPUT) (.+)$/.exec(line) ?? [];
    if (name === undefined) return "an unknown file";
    const file = resolve(here, name);
    if (!inside.some((root) => `${file}/`.startsWith(root))) return name;
    if (kind === "OUTPUT" && name.toLowerCase().endsWith(".fls")) return name;
  }
  return lines[0]?.startsWith("PWD ") ? null : "an unknown file";
}
