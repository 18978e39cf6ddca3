/** What may be part of a figure on a page: everything but running text, captions and the page's own furniture. */
import { area, contains, height, overlaps, sharedX, sharedY, union, width } from "./boxes.js";
import type { Caption } from "./captions.js";
import { mainRun, type PageLayout } from "./layout.js";
import type { Box, Line } from "./page.js";

/** A picture, a drawn path or a line of text. */
export interface Atom {
  box: Box;
  kind: "image" | "path" | "rule" | "text";
  line?: Line;
}

export interface PageContent {
  atoms: Atom[];
  /** Running text and captions: no figure reaches over them. */
  obstacles: Box[];
}

/** Points: a path as thin as this is a rule. */
const RULE = 1.8;

export function pageContent({ page, prose }: PageLayout, captions: readonly Caption[]): PageContent {
  const taken = new Set(captions.flatMap(({ lines }) => lines));
  const body = [...prose].filter((line) => !taken.has(line));
  const frames = page.paths.filter((path) => isFrame(path, body));
  const text = page.lines.filter((line) => !taken.has(line) && !prose.has(line));
  const atoms: Atom[] = [
    ...page.images.filter((box) => !isBehind(box, body)).map((box) => ({ box, kind: "image" as const })),
    ...page.paths
      .filter((box) => !frames.includes(box) && !isInText(box, body, captions))
      .map((box) => ({ box, kind: isRule(box) ? ("rule" as const) : ("path" as const) })),
    ...text.map((line) => ({ box: line.box, kind: "text" as const, line })),
  ];
  return { atoms, obstacles: [...body.map(({ box }) => box), ...captions.map(({ box }) => box)] };
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

/** Points of a cell of the grid that atoms are painted on. */
const CELL = 2;

/** Puts atoms together that touch when each is widened by half of `reach`. */
export function islandsOf(atoms: readonly Atom[], reach: number): Island[] {
  if (atoms.length === 0) return [];
  const parent = atoms.map((_, i) => i);
  const find = (i: number): number => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]!]!;
    return i;
  };
  const all = union(atoms.map(({ box }) => box));
  const columns = Math.ceil((width(all) + reach) / CELL) + 2;
  const rows = Math.ceil((height(all) + reach) / CELL) + 2;
  const cells = new Int32Array(columns * rows).fill(-1);
  for (const [i, { box }] of atoms.entries()) {
    const x0 = Math.max(0, Math.floor((box[0] - all[0]) / CELL));
    const y0 = Math.max(0, Math.floor((box[1] - all[1]) / CELL));
    const x1 = Math.min(columns - 1, Math.floor((box[2] - all[0] + reach) / CELL));
    const y1 = Math.min(rows - 1, Math.floor((box[3] - all[1] + reach) / CELL));
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

/** The size that most of an island's text is set in; 0 without text. */
export function textSize({ atoms }: Island): number {
  const lines = atoms.flatMap(({ line }) => (line ? [line] : []));
  const longest = lines.reduce<Line | undefined>(
    (a, b) => (!a || b.text.length > a.text.length ? b : a),
    undefined,
  );
  return longest ? mainRun(longest).size : 0;
}

export const inkArea = (islands: readonly Island[]) => islands.reduce((sum, { box }) => sum + area(box), 0);

export const reachesInto = (box: Box, obstacles: readonly Box[]) =>
  obstacles.filter((other) => sharedX(box, other) > 2 && sharedY(box, other) > 2);
