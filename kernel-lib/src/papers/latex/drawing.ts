import { Braced } from "../markup/scan.js";
import { MENTION } from "../markup/tidy.js";
import type { PictureSource, TexDrawings, TexFloat } from "../reading.js";
import type { Float } from "./floats.js";
import type { References } from "./references.js";
import type { SourceFile, Sources } from "./sources.js";
import { setupStatements, type Statement } from "./statements.js";
import { firstControl, type Control, type Environment, type Structure } from "./structure.js";
import type { Traced } from "./traced.js";

/** Floats of one paper that are drawn, and references in one float. */
const MAX_FLOATS = 200;
const MAX_REFERENCES = 200;
const MAX_BIBLIOGRAPHY = 2_000_000;

const TABULARS =
  /^(?:tabular[xy*]?|tabu|longtabu|longtblr|tblr|array|matrix|longtable\*?|xltabular|ltxtable|supertabular|mpsupertabular|xtabular|deluxetable\*?|planotable|tabbing|NiceTabular\*?|ruledtabular|IEEEeqnarraybox)$/;
/** Tables that break across pages, and so do not stand in a float. */
const PAGED =
  /\\begin\s*\{(?:longtable|longtabu|longtblr|xltabular|supertabular|mpsupertabular|xtabular|longrotatetable)\*?\}/;
/** Pictures with TeX laid over them. */
const OVERLAYS = /^(?:[oO]verpic|psfrags?|tikzoverlay\*?|annotationimage)\*?$/;
const REFERENCES = /^(?:ref|eqref|autoref|[cC]ref|[vV]ref|labelcref|pageref|subref|figref|tabref)$/;

/**
 * Plans what of a paper TeX draws: figures without a file of their own, or with TeX over their files, and tables. What
 * TeX needs besides the floats themselves (definitions, the reference list) is gathered once it is asked for, since a
 * paper may be read without being drawn.
 */
export class DrawingPlan {
  private readonly drawings: TexDrawings;
  private readonly texts = new Map<number, ByteText>();
  private readonly setups = new Map<string, string>();
  private statements: { index: number; statements: Statement[] }[] | null = null;
  private readonly bodyFiles: number[];
  private readonly mainFile: number;
  private readonly preambleEnd: number;

  constructor(
    private readonly structure: Structure,
    private readonly source: Braced,
    private readonly traced: Traced,
    private readonly sources: Sources,
    private readonly references: References,
    main: string,
  ) {
    this.mainFile = sources.open(main) ?? 0;
    const { bodyStart, bodyEnd } = structure;
    const begin = traced.span(bodyStart - 1, bodyStart);
    this.preambleEnd = bodyStart > 0 && begin.file === this.mainFile ? begin.end : 0;
    this.bodyFiles = filesWithin(traced, bodyStart, bodyEnd);
    const definitions = once(() => {
      const { braced } = this.text(this.mainFile);
      return written(setupStatements(braced, 0, this.preambleLength(), true));
    });
    const preamble = once(() => this.text(this.mainFile).bytes.slice(0, this.preambleLength()));
    const bibliography = once(() => this.bibliography(main));
    this.drawings = {
      main,
      get preamble() {
        return preamble();
      },
      get definitions() {
        return definitions();
      },
      get bibliography() {
        return bibliography();
      },
      floats: [],
    };
  }

  /** Bytes of the preamble. */
  private preambleLength(): number {
    return this.text(this.mainFile).offset(this.preambleEnd);
  }

  /** The reference list as it stands in the paper, else in the file that BibTeX or biber made for it. */
  private bibliography(main: string): string {
    for (const { begins } of this.structure.controls) {
      const span = begins?.name === "thebibliography" ? this.traced.span(begins.start, begins.end) : null;
      if (!span || span.end <= span.start || span.end - span.start > MAX_BIBLIOGRAPHY) continue;
      const text = this.text(span.file);
      return text.bytes.slice(text.offset(span.start), text.offset(span.end));
    }
    const { archive } = this.sources;
    const lists = archive.paths.filter((path) => /\.bbl$/i.test(path));
    const path = lists.find((list) => list === main.replace(/\.[^./]*$/, ".bbl")) ?? lists[0];
    const bytes = path === undefined ? undefined : archive.read(path);
    return bytes && bytes.length <= MAX_BIBLIOGRAPHY ? bytes.toString("latin1") : "";
  }

  /** The way to draw a float in TeX; `null` where its files are its picture, or its source does not stand in one place. */
  add(float: Float): PictureSource | null {
    if (this.drawings.floats.length >= MAX_FLOATS) return null;
    const { controls } = this.structure;
    const { start, end } = float;
    const own = controls
      .slice(firstControl(controls, start), firstControl(controls, end))
      .filter(({ at }) => !inCaption(float, at));
    if (!this.isDrawn(float, own)) return null;
    const body = this.body(float);
    if (body === null) return null;
    const { file, start: from } = this.traced.span(float.block.start, float.block.end);
    const setup = once(() => this.setup(file, from));
    const planned: TexFloat = {
      file: this.sources.files[file]!.path,
      get setup() {
        return setup();
      },
      body,
      paged: PAGED.test(this.source.text.slice(start, end)),
      references: this.referencesIn(own),
    };
    return { from: "tex", drawings: this.drawings, float: this.drawings.floats.push(planned) - 1 };
  }

  private isDrawn({ kind, drawing, graphics }: Float, controls: readonly Control[]): boolean {
    if (!graphics.length) return true;
    if (drawing !== null) return true;
    return controls.some(({ name, begins }) => {
      const environment = name === "begin" ? begins?.name : undefined;
      if (environment === undefined) return name === "psfrag" || name === "includestandalone";
      return OVERLAYS.test(environment) || (kind === "table" && TABULARS.test(environment));
    });
  }

  /** A float as it stands in its file; where it holds several captions, the part or the box of this one. */
  private body(float: Float): string | null {
    const { block, environment } = float;
    const part = this.isClosed(float) ? float : this.boxOf(float);
    if (!part) return null;
    const span = this.traced.span(part.start, part.end);
    if (span.end <= span.start) return null;
    const text = this.text(span.file);
    const written = text.bytes.slice(text.offset(span.start), text.offset(span.end));
    const head = part.start > block.start ? `\\begin{${environment}}` : "";
    const foot = part.end < block.end ? `\\end{${environment}}` : "";
    return `${head}${written}${foot}`;
  }

  /** The outermost box inside a float that holds this caption and begins no earlier than its part: a minipage. */
  private boxOf({ block, start, caption }: Float): Environment | null {
    if (!caption) return null;
    const { controls } = this.structure;
    const from = firstControl(controls, Math.max(start, block.start + 1));
    for (const { begins } of controls.slice(from, firstControl(controls, caption.start)))
      if (begins && begins.end > caption.end && begins.end <= block.end) return begins;
    return null;
  }

  /** Whether no box reaches over the ends of a part of a float. */
  private isClosed({ block, start, end }: Float): boolean {
    if (start === block.start && end === block.end) return true;
    const { controls } = this.structure;
    return controls
      .slice(firstControl(controls, block.start + 1), firstControl(controls, block.end))
      .every(({ begins }) => {
        const crosses = (edge: number) => begins !== null && begins.start < edge && edge < begins.end;
        return !crosses(start) && !crosses(end);
      });
  }

  /** What the body of the paper defines, up to a position in a file. */
  private setup(file: number, before: number): string {
    this.statements ??= this.bodyFiles.map((index) => {
      const text = this.text(index);
      const from = index === this.mainFile ? this.preambleLength() : 0;
      return { index, statements: setupStatements(text.braced, from, text.bytes.length) };
    });
    const end = this.text(file).offset(before);
    const all = this.statements.flatMap(({ index, statements }) =>
      index === file ? statements.filter(({ at }) => at < end) : statements,
    );
    // Most floats of a paper share theirs.
    const key = `${file} ${all.length}`;
    const setup = this.setups.get(key) ?? written(all);
    this.setups.set(key, setup);
    return setup;
  }

  private referencesIn(controls: readonly Control[]): TexFloat["references"] {
    const references = controls.filter(({ name }) => REFERENCES.test(name)).slice(0, MAX_REFERENCES);
    return references.flatMap(({ name, next }) => {
      const argument = this.source.group(next);
      if (!argument) return [];
      const labels = this.source.slice(argument);
      const printed = this.references.print(
        name,
        labels.split(",").map((label) => label.trim()),
      );
      return [{ command: name, labels, printed: printed.replaceAll(MENTION, "") }];
    });
  }

  private text(file: number): ByteText {
    let text = this.texts.get(file);
    if (!text) {
      const source = this.sources.files[file]!;
      text = new ByteText(source, this.sources.archive.read(source.path)!);
      this.texts.set(file, text);
    }
    return text;
  }
}

/** A source file's bytes, one character each, found by positions in its decoded text. */
class ByteText {
  readonly bytes: string;
  readonly braced: Braced;
  private readonly wide: boolean;

  constructor(
    private readonly file: SourceFile,
    bytes: Buffer,
  ) {
    this.wide = bytes.length !== file.text.length;
    // A file of several encodings goes to TeX in one.
    const sound = !this.wide || Buffer.byteLength(file.text) === bytes.length;
    this.bytes = (sound ? bytes : Buffer.from(file.text)).toString("latin1");
    this.braced = new Braced(this.bytes);
  }

  offset(at: number): number {
    return this.wide ? Buffer.byteLength(this.file.text.slice(0, at)) : at;
  }
}

/** A value that is made when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

function inCaption({ caption, panels }: Float, at: number): boolean {
  return [caption, ...panels.map((panel) => panel.caption)].some(
    (part) => part !== null && at >= part.start && at < part.end,
  );
}

const written = (statements: readonly Statement[]) =>
  statements
    .map(({ text }) => text)
    .filter(Boolean)
    .join("\n");

/** Files that a stretch of the unfolded text comes from, in order. */
function filesWithin(traced: Traced, from: number, to: number): number[] {
  const files = new Set<number>();
  const { marks } = traced;
  for (let m = traced.markAt(from); m < marks.length && marks[m]!.at < to; m++)
    files.add(marks[m]!.origin.file);
  return [...files];
}
