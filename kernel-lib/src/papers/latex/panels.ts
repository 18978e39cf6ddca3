import type { Argument, Braced } from "../markup/scan.js";
import { isPanelBox, isSubfloat, SUBFLOAT_COMMANDS } from "./float-kinds.js";
import { AASTEX } from "./graphic-names.js";
import { lineShare, type Graphic, type GraphicFinder } from "./graphics.js";
import { controlsIn, type Control, type Environment, type Part, type Structure } from "./structure.js";

/** A part of a figure with a caption or label of its own, before its row is known. */
export interface RawPanel extends Part {
  at: number;
  label: string | null;
  otherLabels: string[];
  /** Positions of its labels. */
  labelsAt: ReadonlySet<number>;
  letter: string | null;
  /** Whether a caption is written, be it empty. */
  captioned: boolean;
  caption: Part | null;
  graphics: Graphic[];
  /** Share of the line that its box takes. */
  width: number | null;
}

/** Panels that one float may have. */
const MAX_PANELS = 400;
const SUBCAPTION = new Set(["subcaption"]);
const BOX_CAPTIONS = new Set(["caption", "subcaption", "captionabove", "captionbelow", "bicaption"]);

/** Finds the panels of floats, in every way that packages have to make them. */
export class PanelReader {
  constructor(
    private readonly source: Braced,
    private readonly structure: Structure,
    private readonly letters: ReadonlyMap<number, string>,
    private readonly finder: GraphicFinder,
  ) {}

  /** The panels in `part`, among whose control sequences `controls` are. */
  within(part: Part, controls: readonly Control[]): RawPanel[] {
    const panels: RawPanel[] = [];
    for (const control of controls) {
      if (control.at <= part.start && part.start > 0) continue;
      if (panels.length && control.at < panels.at(-1)!.end) continue;
      const panel =
        this.environment(control) ?? this.command(control) ?? this.floatBox(control) ?? this.grid(control);
      if (panel) panels.push(panel);
      if (panels.length >= MAX_PANELS) break;
    }
    return panels;
  }

  /** A `subfigure` environment, or a box with a `\subcaption` inside. */
  private environment({ name, begins }: Control): RawPanel | null {
    const environment = name === "begin" ? begins : null;
    if (!environment) return null;
    if (isSubfloat(environment.name)) return this.box(environment, BOX_CAPTIONS);
    if (!/^(?:minipage|adjustbox)$/.test(environment.name)) return null;
    const commands = controlsIn(this.structure, environment).filter(
      (control) => control.name === "subcaption",
    );
    return commands.length === 1 ? this.box(environment, SUBCAPTION) : null;
  }

  private box(environment: Environment, commands: ReadonlySet<string>): RawPanel {
    const { source } = this;
    const command = controlsIn(this.structure, environment).find((control) => commands.has(control.name));
    const after = command ? command.next + (source.text[command.next] === "*" ? 1 : 0) : 0;
    const opening = source.group(source.optional(environment.bodyStart)?.next ?? environment.bodyStart);
    return this.panel(
      environment,
      { start: environment.bodyStart, end: environment.bodyEnd },
      {
        caption: command ? source.group(source.optional(after)?.next ?? after) : null,
        captioned: command !== undefined,
        letter:
          this.letters.get(environment.start) ?? (command ? this.letters.get(command.at) : null) ?? null,
        width: opening ? lineShare(source.slice(opening)) : null,
      },
    );
  }

  /** `\subfloat[caption]{…}`, `\subcaptionbox{caption}[width]{…}`, with a label inside or right behind. */
  private command(control: Control): RawPanel | null {
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
    return this.panel({ start: control.at, end: content.next + (trailing?.[0].length ?? 0) }, content, {
      caption,
      captioned: caption !== null,
      letter: this.letters.get(control.at) ?? null,
      width: null,
    });
  }

  /** `\ffigbox{…}{…}` in a row of panels: the caption in either of its arguments. */
  private floatBox({ name, at, next, inside }: Control): RawPanel | null {
    if (!isPanelBox(name, inside)) return null;
    const { source } = this;
    let start = next;
    for (let option = source.optional(start); option; option = source.optional(start)) start = option.next;
    const first = source.group(start);
    const second = first && source.group(first.next);
    if (!second) return null;
    const part = { start: at, end: second.next };
    const command = controlsIn(this.structure, part).find((control) => BOX_CAPTIONS.has(control.name));
    const caption = command ? source.group(source.optional(command.next)?.next ?? command.next) : null;
    const letter = this.letters.get(at) ?? null;
    return this.panel(part, part, { caption, captioned: caption !== null, letter, width: null });
  }

  /** AASTeX's `\fig{file}{width}{caption}`; its letter is part of the caption. */
  private grid({ name, at, next }: Control): RawPanel | null {
    if (!this.finder.aastex || !AASTEX.has(name)) return null;
    const { source } = this;
    const file = source.group(next);
    const width = file && source.group(file.next);
    const caption = width && source.group(width.next);
    if (!caption) return null;
    const part = { start: at, end: caption.next };
    return this.panel(part, part, {
      caption,
      captioned: caption.end > caption.start,
      letter: /^\s*\(?([a-z])[).]/i.exec(source.slice(caption))?.[1] ?? null,
      width: lineShare(source.slice(width)),
    });
  }

  private panel(
    part: Part,
    body: Part,
    given: Pick<RawPanel, "caption" | "captioned" | "letter" | "width">,
  ): RawPanel {
    const labels = controlsIn(this.structure, part).filter(({ name }) => name === "label");
    const names = labels.flatMap(({ next }) => {
      const argument = this.source.group(next);
      return argument ? [this.source.slice(argument).trim()] : [];
    });
    const { caption } = given;
    return {
      ...given,
      at: part.start,
      start: part.start,
      end: part.end,
      caption: caption && { start: caption.start, end: caption.end },
      label: names[0] ?? null,
      otherLabels: names.slice(1),
      labelsAt: new Set(labels.map(({ at }) => at)),
      // Small pictures in a caption explain signs.
      graphics: this.finder
        .within(body.start, body.end)
        .filter(({ at }) => !caption || at < caption.start || at >= caption.end),
    };
  }
}
