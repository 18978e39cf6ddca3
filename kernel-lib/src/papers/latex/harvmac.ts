import type { Braced } from "../markup/scan.js";
import { makeMacro, type Macro } from "./definitions.js";

/** A figure as the harvmac and lanlmac formats of plain TeX make them. */
export interface HarvmacFigure {
  /** The command that from now on prints its number, and what it stands for. */
  name: string;
  macro: Macro;
  /** The figure as LaTeX writes it. */
  text: string;
  next: number;
}

/** Reads `\ifig\name{caption}{picture}`, `\fig\name{caption}` and `\nfig\name{caption}`; `null` for other commands. */
export function readHarvmacFigure(source: Braced, command: string, next: number): HarvmacFigure | null {
  if (!/^(?:ifig|n?fig)$/.test(command)) return null;
  const target = source.argument(next);
  const name = target && /^\\([A-Za-z]+)$/.exec(source.slice(target))?.[1];
  const caption = target && source.group(target.next);
  const picture = caption && command === "ifig" ? source.group(caption.next) : null;
  if (!name || !caption) return null;
  const label = `harvmac ${name}`;
  const figure = `\\begin{figure}${picture ? source.slice(picture) : ""}\\caption{${source.slice(caption)}}\\label{${label}}\\end{figure}`;
  return {
    name,
    macro: makeMacro([], "", `fig.~\\ref{${label}}`),
    text: command === "fig" ? `fig.~\\ref{${label}}${figure}` : figure,
    next: (picture ?? caption).next,
  };
}
