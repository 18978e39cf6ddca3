/** What may be part of a figure on a page: everything but running text, captions and the page's own furniture. */
import { area, contains, height, intersection, overlaps, sharedX, sharedY, union, width } from "./boxes.js";
import type { Caption } from "./captions.js";
import { mainRun, type PageLayout } from "./layout.js";
import type { Box, Line, Page } from "./page.js";

/** A picture, a drawn path or a line of text. */
export interface Atom {
  box: Box;
  kind: "image" | "path" | "rule" | "text";
  line?: Line;
}

export interface PageContent {
  /** As far as the page shows them. */
  atoms: Atom[];
  /** Running text and captions: no figure reaches over them. */
  obstacles: Box[];
}

/** Points: a path as thin as this is a rule. */
const RULE = 1.8;

export function pageContent({ page, prose }: PageLayout, captions: readonly Caption[]): PageContent {
  const taken = new Set(captions.flatMap(({ lines }) => lines));
  const zones = captions.flatMap((caption) => zoneOf(caption, captions, page));
  const released = (line: Line) => zones.some((zone) => contains(zone, line.box, 2));
  const body = [...prose].filter((line) => !taken.has(line) && !released(line));
  const frames = page.paths.filter((path) => isFrame(path, body));
  const bodyLines = new Set(body);
  const text = page.lines.filter((line) => !taken.has(line) && !bodyLines.has(line));
  const atoms: Atom[] = [
    ...page.images.filter((box) => !isBehind(box, body)).map((box) => ({ box, kind: "image" as const })),
    ...page.paths
      .filter((box) => !frames.includes(box) && !isInText(box, body, captions))
      .map((box) => ({ box, kind: isRule(box) ? ("rule" as const) : ("path" as const) })),
    ...text.map((line) => ({ box: line.box, kind: "text" as const, line })),
  ];
  const shown: Box = [0, 0, page.width, page.height];
  return {
    atoms: atoms.flatMap((atom) => {
      const box = intersection(atom.box, shown);
      return box ? [{ ...atom, box }] : [];
    }),
    obstacles: [...body.map(({ box }) => box), ...captions.map(({ box }) => box)],
  };
}

/** Points between a caption and the rule or frame that its table or text begins or ends with. */
const NEAR = 25;

/** Where words in full lines are not running text: between the rules of a table, in the frame of a figure. */
function zoneOf(caption: Caption, captions: readonly Caption[], page: Page): Box[] {
  const { box, float } = caption;
  const isFree = (zone: Box) => captions.every((other) => !overlaps(zone, other.box));
  if (float === "figure") {
    const frames = page.paths.filter(
      (path) => height(path) > 20 && sharedX(path, box) > width(path) * 0.5 && -sharedY(path, box) < NEAR,
    );
    return frames.filter(isFree);
  }
  const rules = page.paths.filter((path) => height(path) < RULE && width(path) > 60);
  const ends = rules.filter((rule) => sharedX(rule, box) > 0 && -sharedY(rule, box) < NEAR);
  return ends.flatMap((end) => {
    const alike = rules
      .filter((rule) => Math.abs(rule[0] - end[0]) < 4 && Math.abs(rule[2] - end[2]) < 4)
      .sort((a, b) => Math.abs(b[1] - end[1]) - Math.abs(a[1] - end[1]));
    const onward = alike.filter((rule) => Math.sign(rule[1] - end[1]) === Math.sign(end[1] - box[1]));
    const zone = onward.map((rule) => union([rule, end])).find(isFree);
    return zone ? [zone] : [];
  });
}

const isRule = (box: Box) => Math.min(width(box), height(box)) < RULE;

/** A frame or shade around running text. */
const isFrame = (box: Box, body: readonly Line[]) =>
  height(box) > 15 && body.filter((line) => contains(box, line.box, 1)).length >= 2;

const isBehind = (box: Box, body: readonly Line[]) =>
  body.filter((line) => contains(box, line.box, 1)).length >= 3;

/** Underlines, fraction bars and link frames in running text, and the like in captions. */
function isInText(box: Box, body: readonly Line[], captions: readonly Caption[]): boolean {
  if (height(box) > 25) return false;
  const near: Box = [box[0], box[1] - 1.5, box[2], box[3] + 1.5];
  if (captions.some((caption) => contains(caption.box, box, 2))) return true;
  return body.some(
    (line) => overlaps(near, line.box) && contains([line.box[0] - 2, -1e9, line.box[2] + 2, 1e9], box),
  );
}

/** Atoms that stand no farther than `reach` points from each other. */
export interface Island {
  box: Box;
  atoms: Atom[];
}

/** Points of a cell of the grid that atoms are painted on; more where a huge page would have too many cells. */
const CELL = 2;
const MAX_CELLS = 500_000;

/** Puts atoms together that touch when each is widened by half of `reach`. */
export function islandsOf(atoms: readonly Atom[], reach: number): Island[] {
  if (atoms.length === 0) return [];
  const parent = atoms.map((_, i) => i);
  const find = (i: number): number => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]!]!;
    return i;
  };
  const all = union(atoms.map(({ box }) => box));
  const cell = Math.max(CELL, Math.sqrt(((width(all) + reach) * (height(all) + reach)) / MAX_CELLS));
  const columns = Math.ceil((width(all) + reach) / cell) + 2;
  const rows = Math.ceil((height(all) + reach) / cell) + 2;
  const cells = new Int32Array(columns * rows).fill(-1);
  for (const [i, { box }] of atoms.entries()) {
    const x0 = Math.max(0, Math.floor((box[0] - all[0]) / cell));
    const y0 = Math.max(0, Math.floor((box[1] - all[1]) / cell));
    const x1 = Math.min(columns - 1, Math.floor((box[2] - all[0] + reach) / cell));
    const y1 = Math.min(rows - 1, Math.floor((box[3] - all[1] + reach) / cell));
    for (let y = y0; y <= y1; y++)
      for (let x = x0; x <= x1; x++) {
        const at = y * columns + x;
        if (cells[at]! < 0) cells[at] = i;
        else parent[find(i)] = find(cells[at]!);
      }
  }
  const groups = new Map<number, Atom[]>();
  for (const [i, atom] of atoms.entries()) {
    const root = find(i);
    const group = groups.get(root);
    if (group) group.push(atom);
    else groups.set(root, [atom]);
  }
  return [...groups.values()].map((group) => ({ atoms: group, box: union(group.map(({ box }) => box)) }));
}

/** Points: what is smaller than this in both directions is an ornament, an icon or a part of a formula. */
const DRAWING = 14;

/** Whether an island is a drawing or picture and not only text with rules. */
export function isGraphic({ atoms }: Island): boolean {
  const drawn = atoms.filter(({ kind }) => kind === "image" || kind === "path").map(({ box }) => box);
  if (drawn.length === 0) {
    // Axes and boxes drawn of rules, in both directions.
    const rules = atoms.filter(({ kind }) => kind === "rule").map(({ box }) => box);
    const upright = rules.filter((box) => height(box) > DRAWING);
    return upright.length > 0 && rules.length > upright.length && height(union(rules)) > DRAWING * 2;
  }
  const box = union(drawn);
  return Math.max(width(box), height(box)) > DRAWING * 1.5 && Math.min(width(box), height(box)) > DRAWING / 2;
}

export const isTextOnly = ({ atoms }: Island) => atoms.every(({ kind }) => kind === "text");

export const linesOf = ({ atoms }: Island) => atoms.flatMap(({ line }) => (line ? [line] : []));

/** The size that most of an island's text is set in; 0 without text. */
export function textSize(island: Island): number {
  let longest: Line | undefined;
  for (const line of linesOf(island)) if (!longest || line.text.length > longest.text.length) longest = line;
  return longest ? mainRun(longest).size : 0;
}

export const inkArea = (islands: readonly Island[]) => islands.reduce((sum, { box }) => sum + area(box), 0);
