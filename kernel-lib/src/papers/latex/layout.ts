import type { Braced } from "../markup/scan.js";
import type { Graphic } from "./graphics.js";
import type { RawPanel } from "./panels.js";
import { firstControl, type Part, type Structure } from "./structure.js";

/** A panel of a float, set in one of its rows. */
export interface FloatPanel extends Part {
  label: string | null;
  otherLabels: string[];
  letter: string | null;
  caption: Part | null;
  graphics: Graphic[];
  row: number;
}

/** Something set beside or below its neighbours: a panel, or a picture of its own. */
interface Box extends Part {
  width: number | null;
  graphics: Graphic[];
  panel: RawPanel | null;
}

const BREAKS = new Set(["\\", "par", "newline", "linebreak", "cr", "tabularnewline"]);
/** Boxes that begin a line later than their width asks for never fit on it: TeX's own tolerance is smaller. */
const FULL_LINE = 1.02;

/**
 * Sets a float's pictures in rows as the author did: a row ends at an empty line, `\\` or `\par` between two boxes, or
 * where the widths that are written down fill the line.
 */
export function panelRows(
  source: Braced,
  structure: Structure,
  part: Part,
  graphics: readonly Graphic[],
  panels: readonly RawPanel[],
): { rows: Graphic[][]; panels: FloatPanel[] } {
  const breaks = breakPoints(source, structure, part);
  const rows: Graphic[][] = [];
  const placed: FloatPanel[] = [];
  let row = -1;
  let filled = 0;
  let last: Box | null = null;
  let nextBreak = 0;
  for (const box of boxes(graphics, panels)) {
    while (nextBreak < breaks.length && breaks[nextBreak]! < (last?.end ?? box.start)) nextBreak++;
    const width = box.width;
    const broken = last !== null && nextBreak < breaks.length && breaks[nextBreak]! < box.start;
    if (last === null || broken || (width !== null && filled + width > FULL_LINE)) {
      row++;
      filled = 0;
    }
    filled += width ?? 0;
    (rows[row] ??= []).push(...box.graphics);
    if (box.panel) {
      const { label, otherLabels, letter, caption, start, end } = box.panel;
      placed.push({ label, otherLabels, letter, caption, graphics: box.panel.graphics, start, end, row });
    }
    last = box;
  }
  return { rows: rows.filter((pictures) => pictures.length > 0), panels: placed };
}

function boxes(graphics: readonly Graphic[], panels: readonly RawPanel[]): Box[] {
  const inPanel = new Set(panels.flatMap((panel) => panel.graphics.map(({ at }) => at)));
  const lone = graphics
    .filter(({ at }) => !inPanel.has(at))
    .map((graphic): Box => {
      return {
        start: graphic.at,
        end: graphic.at + 1,
        width: graphic.width,
        graphics: [graphic],
        panel: null,
      };
    });
  const boxed = panels.map((panel): Box => {
    const { start, end } = panel;
    return {
      start,
      end,
      width: panel.width ?? (panel.graphics.length === 1 ? panel.graphics[0]!.width : null),
      graphics: panel.graphics,
      panel,
    };
  });
  return [...lone, ...boxed].sort((a, b) => a.start - b.start);
}

/** Positions in a float where a line ends. */
function breakPoints(source: Braced, structure: Structure, { start, end }: Part): number[] {
  const { controls } = structure;
  const points: number[] = [];
  for (let i = firstControl(controls, start); i < controls.length && controls[i]!.at < end; i++)
    if (BREAKS.has(controls[i]!.name)) points.push(controls[i]!.at);
  for (const match of source.text.slice(start, end).matchAll(/\n[ \t]*\n/g)) points.push(start + match.index);
  return points.sort((a, b) => a - b);
}
