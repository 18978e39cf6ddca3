import { execFile } from "node:child_process";
import { realpath } from "node:fs/promises";
import { delimiter, dirname } from "node:path";
import { promisify } from "node:util";
import { findProgram } from "../find-program.js";

/** A TeX that is installed on this machine. */
export interface TexInstallation {
  /** Path of pdfTeX with LaTeX. */
  pdflatex: string;
  /** The old way, over DVI and PostScript: what PSTricks and psfrag need. `null` where a part of it is missing. */
  postscript: { latex: string; dvips: string; ghostscript: string } | null;
  /** Folders that all of its files lie in. */
  trees: string[];
}

/** Where a user's own TeX files would lie; no run reads or writes there. */
export const NO_PERSONAL_TREES = {
  TEXMFHOME: "/nonexistent",
  TEXMFVAR: "/nonexistent",
  TEXMFCONFIG: "/nonexistent",
};

let known: { path: string | undefined; found: Promise<TexInstallation | undefined> } | undefined;

/** Looks for pdfLaTeX on `PATH`; once for each `PATH`. */
export function findTex(): Promise<TexInstallation | undefined> {
  if (known?.path !== process.env.PATH) known = { path: process.env.PATH, found: look() };
  return known!.found;
}

async function look(): Promise<TexInstallation | undefined> {
  const programs = ["pdflatex", "kpsewhich", "latex", "dvips", "gs"].map(findProgram);
  const [pdflatex, kpsewhich, latex, dvips, ghostscript] = await Promise.all(programs);
  if (!pdflatex || !kpsewhich) return undefined;
  const ask = async (...args: string[]) => {
    const env = { PATH: process.env.PATH ?? "", ...NO_PERSONAL_TREES };
    const { stdout } = await promisify(execFile)(kpsewhich, args, { env, timeout: 20_000 });
    return stdout.trim();
  };
  const postscript = latex && dvips && ghostscript ? { latex, dvips, ghostscript } : null;
  const [trees, root, settings] = await Promise.all([
    ask("-expand-path=$TEXMF"),
    ask("-var-value=TEXMFROOT"),
    ask("-all", "texmf.cnf"),
  ]);
  const folders = [
    ...trees.split(delimiter),
    ...settings.split("\n").map((path) => dirname(path)),
    root,
    dirname(await realpath(pdflatex)),
  ];
  return {
    pdflatex,
    postscript,
    trees: [...new Set(folders)].filter((folder) => folder.startsWith("/") && folder !== "/"),
  };
}
