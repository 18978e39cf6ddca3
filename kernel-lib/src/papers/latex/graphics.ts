import { posix } from "node:path";
import type { Braced } from "../markup/scan.js";
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
/** Commands with one file as their mandatory argument. */
const ONE_FILE = new Set(
  "includegraphics includesvg plotone epsfbox epsffile epsfile includestandalone pgfimage adjincludegraphics pgfuseimage adjustimage includepdf plotfiddle figurebox".split(
    " ",
  ),
);
const KEYED = new Set(["psfig", "epsfig", "psfigure"]);
/** AASTeX: `\fig{file}{width}{caption}`. */
export const AASTEX = new Set(["fig", "leftfig", "rightfig", "boxedfig", "rotatefig"]);
const DRAWINGS =
  /^(?:tikzpicture|pspicture|picture|pgfpicture|axis|forest|circuitikz|tikzcd|xy|feynman|fmfgraphs|psgraph|asy|dot2tex|chemfig|scope)\*?$/;

const DRAWING_COMMANDS = new Set(["tikz", "xymatrix", "chemfig", "schemestart", "feynmandiagram"]);

/** What among some control sequences draws a picture in TeX, `null` where nothing does. */
export function drawingIn({ environments }: Structure, controls: readonly Control[]): string | null {
  for (const { name, at } of controls) {
    const environment = environments.get(at);
    if (environment && DRAWINGS.test(environment.name)) return environment.name;
    if (DRAWING_COMMANDS.has(name)) return name;
  }
  return null;
}

/** Finds the picture files of a document and where they lie in the archive. */
export class GraphicFinder {
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
    this.aastex = /\\document(?:class|style)[^{]*\{aastex/.test(source.text.slice(0, 50_000));
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
      const control = controls[i]!;
      for (const name of this.names(control)) {
        const options = this.source.optional(control.next);
        const width = options ? lineShare(this.source.slice(options)) : null;
        found.push({ at: control.at, name, path: this.find(name, control.at), width });
      }
    }
    return found;
  }

  private names({ name, at, next }: Control): string[] {
    const { source } = this;
    const environment = name === "begin" ? this.structure.environments.get(at) : undefined;
    const isOverpic = environment !== undefined && /^[oO]verpic\*?$/.test(environment.name);
    const start = isOverpic ? environment.bodyStart : source.text[next] === "*" ? next + 1 : next;
    let argument = source.group(start);
    if (!argument || source.text[start] === "[") {
      let after = start;
      for (let option = source.optional(after); option; option = source.optional(after)) after = option.next;
      argument = source.group(after);
    }
    if (name === "figcaption")
      return names(source.optional(next) ? source.slice(source.optional(next)!) : "");
    if (!argument) return name === "special" ? [] : this.bare(name, next);
    const value = source.slice(argument);
    if (ONE_FILE.has(name) || isOverpic || (this.aastex && AASTEX.has(name))) return names(value);
    if (name === "plottwo")
      return [
        ...names(value),
        ...names(source.group(argument.next) ? source.slice(source.group(argument.next)!) : ""),
      ];
    if (KEYED.has(name)) return names(/(?:^|,)\s*(?:file|figure)\s*=\s*([^,}]+)/.exec(value)?.[1] ?? "");
    if (name === "special") return names(/(?:psfile|PSfile)\s*=\s*"?([^\s"]+)/.exec(value)?.[1] ?? "");
    return [];
  }

  /** Plain TeX: `\epsffile name`. */
  private bare(name: string, next: number): string[] {
    return name === "epsffile" || name === "epsfbox"
      ? names(
          /^\s*(?:\[[^\]]*\]\s*)?([^\s\\{}[\]]+)/.exec(this.source.text.slice(next, next + 200))?.[1] ?? "",
        )
      : [];
  }

  private find(name: string, at: number): string | null {
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
    const stem = name.replace(/\.(?:pdf|png|jpe?g|e?ps|svg|gif|tiff?)$/i, "");
    const picture = (path: string | null) =>
      path !== null && (PICTURE.test(path) || path.endsWith(name)) && !/\.(?:tex|sty|cls|bib)$/i.test(path)
        ? path
        : null;
    const exact = picture(this.sources.find(name, folders, ENDINGS));
    return exact ?? (stem === name ? null : picture(this.sources.find(stem, folders, ENDINGS.slice(1))));
  }
}

/** File names as written, without the braces and quotes round them. */
function names(value: string): string[] {
  const name = value
    .replace(/\\(?:detokenize|string|unexpanded)\b/g, "")
    .replace(/[{}"]/g, "")
    .replace(/\\([_#&%~])/g, "$1")
    .replace(/\\space\b/g, " ")
    .trim();
  return name && !name.includes("\\") && !name.includes("#") && name.length < 500 ? [name] : [];
}

/** `width=0.48\textwidth` → 0.48; in columns of a two-column page a column is the line. */
export function lineShare(options: string): number | null {
  const match = /(?:^|,|width\s*=)\s*([\d.]*)\s*\\(?:textwidth|linewidth|columnwidth|hsize)/.exec(options);
  return match ? (match[1] ? Number(match[1]) : 1) : null;
}
