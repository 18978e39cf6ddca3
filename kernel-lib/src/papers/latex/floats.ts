import {
  CAPTION_COMMANDS,
  floatKind,
  isOtherFloat,
  isSubfloat,
  SUBFLOAT_COMMANDS,
  type FloatKind,
} from "./float-kinds.js";
import { AASTEX, DRAWINGS, lineShare, type Graphic, type GraphicFinder } from "./graphics.js";
import { panelRows } from "./layout.js";
import type { Numbering } from "./numbering.js";
import type { Argument, Braced } from "../markup/scan.js";
import { firstControl, type Control, type Environment, type Structure } from "./structure.js";

/** A range of the unfolded text. */
export interface Part {
  start: number;
  end: number;
}

export interface FloatPanel extends Part {
  label: string | null;
  otherLabels: string[];
  letter: string | null;
  caption: Part | null;
  graphics: Graphic[];
  row: number;
}

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
  /** Environment that draws the picture in TeX, `null` where there is none. */
  drawing: string | null;
}

interface Caption extends Part {
  at: number;
  kind: FloatKind;
  starred: boolean;
  number: string | null;
}

/** Boxes inside a float that hold a picture together with its caption. */
const BOXES = /^(?:minipage|center|tabular|figwindow|subfigure|floatrow)\*?$/;

const PANEL_CAPTIONS = new Set([...CAPTION_COMMANDS, "subcaption"]);

/** Panels, and foreign parts, that one float may have. */
const MAX_PARTS = 400;

/** Finds the floats of a document, in order. */
export class FloatReader {
  constructor(
    private readonly source: Braced,
    private readonly structure: Structure,
    private readonly numbering: Numbering,
    private readonly finder: GraphicFinder,
  ) {}

  read(): Float[] {
    const floats: Float[] = [];
    const { controls, environments, bodyStart, bodyEnd } = this.structure;
    let done = bodyStart;
    for (let i = firstControl(controls, bodyStart); i < controls.length && controls[i]!.at < bodyEnd; i++) {
      const control = controls[i]!;
      if (control.at < done) continue;
      const environment = control.name === "begin" ? environments.get(control.at) : undefined;
      if (environment && floatKind(environment.name)) {
        for (const float of this.float(environment, environment.name)) floats.push(float);
        done = environment.end;
      } else if (environment && isOtherFloat(environment.name)) done = environment.end;
      else if (control.name === "captionof" || control.name === "figcaption") {
        const part = this.surroundings(control, done);
        const found = this.float(part, control.name === "captionof" ? "captionof" : "figcaption");
        for (const float of found) floats.push(float);
        if (found.length) done = part.end;
      }
    }
    return floats;
  }

  /** What belongs to a caption outside any float: the box that holds it and a picture, else its paragraph. */
  private surroundings(control: Control, done: number): Part {
    const { text } = this.source;
    for (
      let at: Environment | null = this.enclosing(control.at);
      at && at.name !== "document";
      at = at.parent
    ) {
      if (at.start < done || at.end - at.start > 20_000) break;
      if (BOXES.test(at.name) && (this.finder.within(at.start, at.end).length || this.drawing(at)))
        return { start: at.start, end: at.end };
    }
    const before = Math.max(text.lastIndexOf("\n\n", control.at), done);
    const after = text.indexOf("\n\n", control.at);
    return { start: before, end: after < 0 ? text.length : after };
  }

  private enclosing(at: number): Environment | null {
    let found: Environment | null = null;
    const { controls, environments } = this.structure;
    for (let i = firstControl(controls, at) - 1, looked = 0; i >= 0 && looked < 2_000; i--, looked++) {
      const environment = controls[i]!.name === "begin" ? environments.get(controls[i]!.at) : undefined;
      if (environment && environment.end > at) {
        found = environment;
        break;
      }
    }
    return found;
  }

  private float(part: Part & { bodyStart?: number }, environment: string): Float[] {
    const controls = this.controlsOf(part);
    const kind = floatKind(environment) ?? "figure";
    const panels = this.panels(controls, part);
    const foreign = this.foreignParts(controls, part);
    const inside = (at: number, parts: readonly Part[]) =>
      parts.some(({ start, end }) => at >= start && at < end);
    const captions = controls
      .filter(({ name, at }) => CAPTION_COMMANDS.has(name) && !inside(at, foreign) && !inside(at, panels))
      .flatMap((control) => this.caption(control, kind) ?? []);
    const labels = controls.flatMap(({ name, at, next }) => {
      const argument =
        name === "label" && !inside(at, foreign) && !panels.some((panel) => panel.labelsAt.has(at))
          ? this.source.group(next)
          : null;
      return argument ? [{ at, label: this.source.slice(argument).trim() }] : [];
    });
    const graphics = this.finder.within(part.start, part.end).filter(({ at }) => !inside(at, foreign));
    const drawing = this.drawing(part);
    if (foreign.length && !captions.length && !graphics.length) return [];
    const numbered = captions.filter(({ starred }) => !starred);
    const main = numbered.length ? numbered : captions.slice(0, 1);
    const cuts = cutPoints(
      this.source.text,
      part,
      main,
      [...graphics, ...panels].map(({ at }) => at),
    );
    return cuts.map(({ start, end, caption }) => {
      const here = <T extends { at: number }>(things: T[]) =>
        things.filter(({ at }) => at >= start && at < end);
      const own = here(labels).map(({ label }) => label);
      const after = caption ? here(labels).find(({ at }) => at >= caption.at)?.label : undefined;
      const label = after ?? own[0] ?? null;
      const pictures = here(graphics);
      const ownPanels = here(panels).filter((panel) => panel.captioned || panel.label !== null);
      return {
        kind: caption?.kind ?? kind,
        environment,
        block: { start: part.start, end: part.end },
        start,
        end,
        caption: caption ?? null,
        number: caption?.number ?? null,
        label,
        otherLabels: own.filter((name) => name !== label),
        graphics: pictures,
        drawing,
        ...panelRows(this.source, this.structure, { start, end }, pictures, ownPanels),
      };
    });
  }

  private controlsOf({ start, end }: Part): Control[] {
    const { controls } = this.structure;
    return controls.slice(firstControl(controls, start), firstControl(controls, end));
  }

  /** Algorithms and listings inside a float: their captions are their own. */
  private foreignParts(controls: readonly Control[], part: Part): Part[] {
    return controls.flatMap(({ name, at }) => {
      const environment =
        name === "begin" && at > part.start ? this.structure.environments.get(at) : undefined;
      return environment && isOtherFloat(environment.name) ? [environment] : [];
    });
  }

  private drawing(part: Part): string | null {
    for (const { name, at } of this.controlsOf(part)) {
      const environment = name === "begin" ? this.structure.environments.get(at) : undefined;
      if (environment && DRAWINGS.test(environment.name)) return environment.name;
      if (
        name === "tikz" ||
        name === "xymatrix" ||
        name === "chemfig" ||
        name === "schemestart" ||
        name === "feynmandiagram"
      )
        return name;
    }
    return null;
  }

  private caption(control: Control, kind: FloatKind): Caption | null {
    const { source } = this;
    const { name, at } = control;
    let next = control.next;
    const starred = source.text[next] === "*";
    if (starred) next++;
    let type = kind;
    if (name === "captionof") {
      const given = source.group(next);
      if (!given) return null;
      type = source.slice(given).startsWith("table") ? "table" : "figure";
      next = given.next;
    } else if (name.startsWith("tab")) type = "table";
    const long = source.group(source.optional(next)?.next ?? next);
    if (!long) return null;
    return {
      at,
      start: long.start,
      end: long.end,
      kind: type,
      starred,
      number: this.numbering.captions.get(at) ?? null,
    };
  }

  private panels(controls: readonly Control[], part: Part): RawPanel[] {
    const panels: RawPanel[] = [];
    for (const control of controls) {
      if (control.at <= part.start && part.start > 0) continue;
      if (panels.length && control.at < panels.at(-1)!.end) continue;
      const panel =
        this.environmentPanel(control) ??
        this.commandPanel(control) ??
        this.gridPanel(control) ??
        this.minipagePanel(control);
      if (panel) panels.push(panel);
      if (panels.length >= MAX_PARTS) break;
    }
    return panels;
  }

  private environmentPanel({ name, at }: Control): RawPanel | null {
    const environment = name === "begin" ? this.structure.environments.get(at) : undefined;
    return environment && isSubfloat(environment.name) ? this.boxPanel(environment, PANEL_CAPTIONS) : null;
  }

  /** A minipage with `\subcaption` inside. */
  private minipagePanel({ name, at }: Control): RawPanel | null {
    const environment = name === "begin" ? this.structure.environments.get(at) : undefined;
    if (!environment || !/^(?:minipage|adjustbox)$/.test(environment.name)) return null;
    const commands = this.controlsOf(environment).filter((control) => control.name === "subcaption");
    return commands.length === 1 ? this.boxPanel(environment, new Set(["subcaption"])) : null;
  }

  private boxPanel(environment: Environment, commands: ReadonlySet<string>): RawPanel {
    const controls = this.controlsOf(environment);
    const command = controls.find((control) => commands.has(control.name));
    const after = command ? command.next + (this.source.text[command.next] === "*" ? 1 : 0) : 0;
    const caption = command ? this.source.group(this.source.optional(after)?.next ?? after) : null;
    const opening = this.source.group(
      this.source.optional(environment.bodyStart)?.next ?? environment.bodyStart,
    );
    return {
      ...this.panel(environment, environment, caption, controls),
      captioned: command !== undefined,
      letter:
        this.numbering.letters.get(environment.start) ??
        (command ? (this.numbering.letters.get(command.at) ?? null) : null),
      width: opening ? lineShare(this.source.slice(opening)) : null,
    };
  }

  /** `\subfloat[caption]{…}`, `\subcaptionbox{caption}[width]{…}`, with a label inside or right behind. */
  private commandPanel(control: Control): RawPanel | null {
    if (!SUBFLOAT_COMMANDS.has(control.name)) return null;
    const { source } = this;
    let next = control.next + (source.text[control.next] === "*" ? 1 : 0);
    let caption: Argument | null = null;
    if (control.name === "subcaptionbox") {
      caption = source.group(source.optional(next)?.next ?? next);
      next = caption?.next ?? next;
      while (source.optional(next)) next = source.optional(next)!.next;
    } else
      for (let option = source.optional(next); option; option = source.optional(next)) {
        caption = option;
        next = option.next;
      }
    const content = source.group(next);
    if (!content) return null;
    const trailing = /^\s*\\label\s*\{[^{}]{0,200}\}/.exec(
      source.text.slice(content.next, content.next + 260),
    );
    const end = content.next + (trailing?.[0].length ?? 0);
    const controls = this.controlsOf({ start: control.next, end });
    return {
      ...this.panel(
        { start: control.at, end },
        { bodyStart: content.start, bodyEnd: content.end },
        caption,
        controls,
      ),
      captioned: caption !== null,
      letter: this.numbering.letters.get(control.at) ?? null,
      width: null,
    };
  }

  /** AASTeX's `\fig{file}{width}{caption}`; its letter is part of the caption. */
  private gridPanel({ name, at, next }: Control): RawPanel | null {
    if (!this.finder.aastex || !AASTEX.has(name)) return null;
    const { source } = this;
    const file = source.group(next);
    const width = file && source.group(file.next);
    const caption = width && source.group(width.next);
    if (!caption) return null;
    const box = { start: at, end: caption.next };
    return {
      ...this.panel(box, { bodyStart: at, bodyEnd: caption.next }, caption, this.controlsOf(box)),
      captioned: caption.end > caption.start,
      letter: /^\s*\(?([a-z])[).]/i.exec(source.slice(caption))?.[1] ?? null,
      width: lineShare(source.slice(width)),
    };
  }

  private panel(
    part: Part,
    body: { bodyStart: number; bodyEnd: number },
    caption: Part | null,
    controls: readonly Control[],
  ) {
    const labels = controls.filter(({ name }) => name === "label");
    const names = labels.flatMap(({ next }) => {
      const argument = this.source.group(next);
      return argument ? [this.source.slice(argument).trim()] : [];
    });
    return {
      at: part.start,
      start: part.start,
      end: part.end,
      caption: caption && { start: caption.start, end: caption.end },
      label: names[0] ?? null,
      otherLabels: names.slice(1),
      labelsAt: new Set(labels.map(({ at }) => at)),
      graphics: this.finder.within(body.bodyStart, body.bodyEnd),
      row: 0,
    };
  }
}

/** A panel before its row is known. */
export interface RawPanel extends FloatPanel {
  at: number;
  labelsAt: ReadonlySet<number>;
  captioned: boolean;
  /** Share of the line that its box takes. */
  width: number | null;
}

/** Cuts a float with several captions into one part for each: above the pictures where the first caption stands above them. */
function cutPoints(
  text: string,
  part: Part,
  captions: readonly Caption[],
  pictures: readonly number[],
): (Part & { caption: Caption | undefined })[] {
  if (captions.length < 2) return [{ start: part.start, end: part.end, caption: captions[0] }];
  const above = pictures.length > 0 && pictures.every((at) => captions[0]!.at < at);
  const ends = captions.map((caption, i) => {
    if (i === captions.length - 1) return part.end;
    return above ? captions[i + 1]!.at : behindLabels(text, caption.end);
  });
  return captions.map((caption, i) => ({
    start: i === 0 ? part.start : ends[i - 1]!,
    end: ends[i]!,
    caption,
  }));
}

/** Behind the labels that follow a caption. */
function behindLabels(text: string, captionEnd: number): number {
  const labels = /^\}\s*(?:\\label\s*\{[^{}]{0,200}\}\s*)*/.exec(text.slice(captionEnd, captionEnd + 1_000));
  return captionEnd + (labels?.[0].length ?? 0);
}
