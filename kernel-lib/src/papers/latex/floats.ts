import type { Braced } from "../markup/scan.js";
import { sharesOf, type Caption } from "./captions.js";
import type { FloatKind } from "./float-kinds.js";
import { drawingIn, type Graphic, type GraphicFinder } from "./graphics.js";
import { panelRows, type FloatPanel } from "./layout.js";
import type { Numbering } from "./numbering.js";
import { PanelReader } from "./panels.js";
import {
  around,
  controlsIn,
  covering,
  firstControl,
  isPlot,
  type Control,
  type Part,
  type Structure,
} from "./structure.js";

/** A numbered picture or table as it stands in the unfolded text. */
export interface Float extends Part {
  kind: FloatKind;
  environment: string;
  /** The whole float: more than the part itself where it holds several captions. */
  block: Part;
  caption: Part | null;
  number: string | null;
  label: string | null;
  /** Labels besides `label` that name it. */
  otherLabels: string[];
  graphics: Graphic[];
  /** `graphics` in the rows of the author's arrangement. */
  rows: Graphic[][];
  panels: FloatPanel[];
  /** What draws the picture in TeX, `null` where nothing does. */
  drawing: string | null;
}

/** Boxes that hold a picture together with its caption where there is no float. */
const BOXES = /^(?:minipage|center|tabular|figwindow|subfigure|floatrow|tcolorbox|figurehere|adjustbox)\*?$/;
/** Characters of such a box. */
const MAX_BOX = 20_000;

/** Finds the floats of a document, in order. */
export class FloatReader {
  private readonly panels: PanelReader;

  constructor(
    private readonly source: Braced,
    private readonly structure: Structure,
    private readonly captions: ReadonlyMap<number, Caption>,
    private readonly numbering: Numbering,
    private readonly finder: GraphicFinder,
  ) {
    this.panels = new PanelReader(source, structure, numbering.letters, finder);
  }

  read(): Float[] {
    const floats: Float[] = [];
    const { controls, bodyStart, bodyEnd } = this.structure;
    let done = bodyStart;
    for (let i = firstControl(controls, bodyStart); i < controls.length && controls[i]!.at < bodyEnd; i++) {
      const control = controls[i]!;
      if (control.at < done) continue;
      const { begins: environment } = control;
      const caption = this.captions.get(control.at);
      if (environment?.float) {
        const { kind } = environment.float;
        if (kind !== "other")
          for (const float of this.float(environment, kind, environment.name)) floats.push(float);
        done = environment.end;
      } else if (caption && caption.kind !== "other") {
        const part = this.surroundings(control, done);
        const found = this.float(part, caption.kind, caption.command);
        for (const float of found) floats.push(float);
        if (found.length) done = part.end;
      }
    }
    return floats;
  }

  /** What belongs to a caption outside any float: the box that holds it and a picture, else its paragraph. */
  private surroundings(control: Control, done: number): Part {
    const { text } = this.source;
    for (const box of around(control)) {
      if (box.name === "document" || box.start < done || box.end - box.start > MAX_BOX) break;
      if (BOXES.test(box.name) && (this.finder.within(box.start, box.end).length || this.drawing(box)))
        return { start: box.start, end: box.end };
    }
    const before = Math.max(text.lastIndexOf("\n\n", control.at), done);
    const blank = text.indexOf("\n\n", control.at);
    const after = blank < 0 ? this.structure.bodyEnd : blank;
    return { start: before, end: this.nextBreak(control.at, after) };
  }

  /** Where the next float or heading begins, `end` at the latest. */
  private nextBreak(from: number, end: number): number {
    const { controls } = this.structure;
    for (let i = firstControl(controls, from); i < controls.length && controls[i]!.at < end; i++) {
      const { name, at, begins } = controls[i]!;
      if (begins?.float || /^(?:sub)*section$/.test(name)) return at;
    }
    return end;
  }

  /** The floats that a part of the text holds: one for each of its captions. */
  private float(part: Part, kind: FloatKind, environment: string): Float[] {
    const controls = controlsIn(this.structure, part);
    const panels = this.panels.within(part, controls);
    const foreign = this.foreignParts(controls, part);
    const isForeign = covering(foreign);
    const inPanel = covering(panels);
    const captions = controls
      .flatMap(({ at }) => this.captions.get(at) ?? [])
      .filter(({ at, kind }) => kind !== "other" && !isForeign(at) && !inPanel(at));
    const panelLabels = new Set(panels.flatMap(({ labelsAt }) => [...labelsAt]));
    const labels = controls.flatMap(({ name, at, next, inside }) => {
      const names = name === "label" && !isForeign(at) && !isPlot(inside) && !panelLabels.has(at);
      const argument = names ? this.source.group(next) : null;
      return argument ? [{ at, label: this.source.slice(argument).trim() }] : [];
    });
    // Small pictures in a caption explain signs.
    const isText = covering([
      ...captions.map(({ text }) => text),
      ...panels.flatMap(({ caption }) => caption ?? []),
    ]);
    const graphics = this.finder
      .within(part.start, part.end)
      .filter(({ at }) => !isForeign(at) && !isText(at));
    if (foreign.length && !captions.length && !graphics.length) return [];
    const numbered = captions.filter(({ starred }) => !starred);
    const pictures = [...graphics, ...panels].map(({ at }) => at);
    const shares = sharesOf(
      this.source.text,
      part,
      numbered.length ? numbered : captions.slice(0, 1),
      pictures,
    );
    const drawing = drawingIn(controls.filter(({ at }) => !isText(at)));
    return shares.map(({ start, end, caption }) => {
      const here = <T extends { at: number }>(things: T[]) =>
        things.filter(({ at }) => at >= start && at < end);
      const own = here(labels).map(({ label }) => label);
      const after = caption ? here(labels).find(({ at }) => at >= caption.at)?.label : undefined;
      const label = after ?? own[0] ?? null;
      const drawn = here(graphics);
      const ownPanels = here(panels).filter((panel) => panel.captioned || panel.label !== null);
      return {
        kind: caption && caption.kind !== "other" ? caption.kind : kind,
        environment,
        block: { start: part.start, end: part.end },
        start,
        end,
        caption: caption?.text ?? null,
        number: caption ? (this.numbering.captions.get(caption.at) ?? null) : null,
        label,
        otherLabels: own.filter((name) => name !== label),
        graphics: drawn,
        drawing,
        ...panelRows(this.source, this.structure, { start, end }, drawn, ownPanels),
      };
    });
  }

  /** Algorithms and listings inside a float: their captions are their own. */
  private foreignParts(controls: readonly Control[], part: Part): Part[] {
    return controls.flatMap(({ at, begins }) =>
      begins?.float?.kind === "other" && at > part.start ? [begins] : [],
    );
  }

  private drawing(part: Part): string | null {
    return drawingIn(controlsIn(this.structure, part));
  }
}
