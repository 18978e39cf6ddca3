import { ItemError } from "../../errors.js";

/** Why a float could not be drawn, before it is said of which float of which paper. */
export interface TexProblem {
  reason:
    | "tex-missing"
    | "tex-package-missing"
    | "tex-file-missing"
    | "tex-failed"
    | "tex-reads-outside"
    | "tex-draws-nothing"
    | "image-too-slow";
  /** The end of the sentence "it cannot be drawn: …". */
  says: string;
}

const INSTALL_TEX =
  "Install TeX (Debian and Ubuntu: `apt-get install texlive-latex-extra texlive-pictures texlive-science texlive-publishers`, macOS: MacTeX), or take the picture from the paper's PDF.";

const WAYS_OUT: Record<TexProblem["reason"], string> = {
  "tex-missing": INSTALL_TEX,
  "tex-package-missing":
    "Install it (TeX Live: `tlmgr install`; Debian: `apt-file search` tells its package, texlive-full has nearly all), or take the picture from the paper's PDF.",
  "tex-file-missing": "Add the file to the paper's source, or take the picture from the paper's PDF.",
  "tex-failed": "Take the picture from the paper's PDF.",
  "tex-reads-outside":
    "Look at the paper's source before you trust it; its picture can be taken from the paper's PDF.",
  "tex-draws-nothing": "Take the picture from the paper's PDF.",
  "image-too-slow": "Raise the limit on seconds, or take the picture from the paper's PDF.",
};

/** The error for a float that stands in a file of a paper. */
export function texError({ reason, says }: TexProblem, file: string, source: string): ItemError {
  return new ItemError({
    reason,
    message: `What ${file} of ${source} draws in TeX has no picture: ${says.replace(/\.$/, "")}.`,
    wayOut: WAYS_OUT[reason],
  });
}

export const TEX_MISSING: TexProblem = {
  reason: "tex-missing",
  says: "there is no TeX (program `pdflatex`) on this machine",
};

/** A file that TeX asked for in vain: of the paper where its name says that only the paper can have it. */
export function fileMissing(name: string): TexProblem {
  const installed = /^([^/]+)\.(sty|cls|def|cfg|clo|fd|ldf)$/.exec(name);
  if (!installed) return { reason: "tex-file-missing", says: `it needs ${name}, which is not in the source` };
  const what = installed[2] === "cls" ? "class" : "package";
  return {
    reason: "tex-package-missing",
    says: `it needs the ${what} ${installed[1]} (${name}), which this TeX installation lacks`,
  };
}

export const failed = (error: string): TexProblem => ({
  reason: "tex-failed",
  says: `TeX says “${error.replace(/\p{Cc}+/gu, " ").slice(0, 300)}”`,
});

export const TOO_SLOW: TexProblem = {
  reason: "image-too-slow",
  says: "TeX takes longer than the time limit",
};

export const readsOutside = (file: string): TexProblem => ({
  reason: "tex-reads-outside",
  says: `its TeX reads ${file}, which is neither the paper's nor TeX's own`,
});

export const DRAWS_NOTHING: TexProblem = {
  reason: "tex-draws-nothing",
  says: "what TeX draws is empty",
};
