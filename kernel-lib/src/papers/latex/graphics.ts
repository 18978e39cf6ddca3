import { posix } from "node:path";
import type { Braced } from "../markup/scan.js";
import { namedFiles } from "./graphic-names.js";
import type { Sources } from "./sources.js";
import { firstControl, type Control, type Structure } from "./structure.js";

/** A picture file that the paper names at a place. */
export interface Graphic {
  at: number;
  name: string;
  /** Path in the archive; `null` where there is no such file. */
  path: string | null;
  /** Share of the line that it takes, where the source says so. */
  width: number | null;
}

/** Endings in the order in which TeX tries them: those of pdfTeX, then those of dvips, then others. */
const ENDINGS = ["", ".pdf", ".png", ".jpg", ".jpeg", ".eps", ".ps", "-eps-converted-to.pdf", ".mps", ".jbig2", ".jb2", ".svg", ".epsi", ".epsf", ".tif", ".tiff", ".gif", ".bmp", ".webp", ".PDF", ".PNG", ".JPG", ".JPEG", ".EPS"]; // prettier-ignore
const PICTURE = /\.(?:pdf|png|jpe?g|e?ps|epsi|epsf|svg|gif|tiff?|bmp|webp|mps|ai)$/i;
/** Folders of a `\graphicspath` that are looked into. */
const MAX_FOLDERS = 20;
const DRAWINGS =
  /^(?:tikzpicture|pspicture|picture|pgfpicture|axis|forest|circuitikz|tikzcd|xy|feynman|fmfgraphs|psgraph|asy|dot2tex|chemfig|scope)\*?$/;

/** Rows of pictures as AASTeX and the classes after it set them. */
const GRIDS = new Set(["gridline", "figline", "figcolumn"]);
const DRAWING_COMMANDS = new Set(["tikz", "xymatrix", "chemfig", "schemestart", "feynmandiagram"]);

/** What among some control sequences draws a picture in TeX, `null` where nothing does. */
export function drawingIn(controls: readonly Control[]): string | null {
  for (const { name, begins } of controls) {
    if (begins && DRAWINGS.test(begins.name)) return begins.name;
    if (DRAWING_COMMANDS.has(name)) return name;
  }
  return null;
}

/** Finds the picture files of a document and where they lie in the archive. */
export class GraphicFinder {
  /** Pictures by the position of their command in the controls: a float is looked through as a whole and by its panels. */
  private readonly known = new Map<number, Graphic[]>();
  private readonly folders: { at: number; folders: string[] }[] = [];
  readonly aastex: boolean;

  constructor(
    private readonly source: Braced,
    private readonly structure: Structure,
    private readonly sources: Sources,
    private readonly main: string,
    /** File of the archive that a position of the text came from. */
    private readonly fileAt: (at: number) => string,
  ) {
    this.aastex =
      /\\document(?:class|style)[^{]*\{aastex/.test(source.text.slice(0, 50_000)) ||
      structure.controls.some(({ name }) => GRIDS.has(name));
    for (const control of structure.controls) {
      const argument =
        control.name === "graphicspath" || control.name === "svgpath" ? source.group(control.next) : null;
      if (!argument) continue;
      const listed = Array.from(source.slice(argument).matchAll(/\{([^{}]*)\}/g), (match) =>
        match[1]!.trim(),
      );
      this.folders.push({
        at: control.at,
        folders: listed.length ? listed.slice(0, MAX_FOLDERS) : [source.slice(argument).trim()],
      });
    }
  }

  /** The pictures named in `[from, to)`, in order. */
  within(from: number, to: number): Graphic[] {
    const { controls } = this.structure;
    const found: Graphic[] = [];
    for (let i = firstControl(controls, from); i < controls.length && controls[i]!.at < to; i++) {
      const named = this.known.get(i) ?? this.named(controls[i]!);
      if (named.length) this.known.set(i, named);
      found.push(...named);
    }
    return found;
  }

  private named(control: Control): Graphic[] {
    return namedFiles(this.source, control, this.aastex).map((name) => {
      const options = this.source.optional(control.next);
      const width = options ? lineShare(this.source.slice(options)) : null;
      return { at: control.at, name, path: this.find(name, control.at), width };
    });
  }

  private find(written: string, at: number): string | null {
    const main = posix.dirname(this.main);
    const listed =
      this.folders.findLast((entry) => entry.at < at)?.folders ?? this.folders.at(-1)?.folders ?? [];
    const own = posix.dirname(this.fileAt(at));
    const folders = [
      main,
      ...listed.flatMap((folder) => [posix.join(main, folder), folder]),
      own,
      ...listed.map((folder) => posix.join(own, folder)),
      ".",
    ];
    const name = written.replaceAll("\\jobname", posix.basename(this.main).replace(/\.[a-z]+$/i, ""));
    const stem = name.replace(/\.(?:pdf|png|jpe?g|e?ps|svg|gif|tiff?)$/i, "");
    const picture = (path: string | null) =>
      path !== null && (PICTURE.test(path) || path.endsWith(name)) && !/\.(?:tex|sty|cls|bib)$/i.test(path)
        ? path
        : null;
    const exact = picture(this.sources.find(name, folders, ENDINGS));
    return exact ?? (stem === name ? null : picture(this.sources.find(stem, folders, ENDINGS.slice(1))));
  }
}

/** `width=0.48\textwidth` → 0.48; in columns of a two-column page a column is the line. */
export function lineShare(options: string): number | null {
  const match = /(?:^|,|width\s*=)\s*([\d.]*)\s*\\(?:textwidth|linewidth|columnwidth|hsize)/.exec(options);
  return match ? (match[1] ? Number(match[1]) : 1) : null;
}
