/** Characters that a reader got wrong, against lines that are known. */
import type { TextLine } from "../../../kernel-lib/src/model.js";

/** Characters without white space. */
export interface Errors {
  /** Of the known lines. */
  characters: number;
  /** Least insertions, deletions and substitutions that make what was read what is known (Levenshtein). */
  edits: number;
  /** Known characters where nothing was read; part of the edits. */
  missed: number;
}

/** By how the known lines stand; `nowhere` counts what was read where nothing is known. */
export type Kind = "upright" | "upwards" | "downwards" | "nowhere";

const none = (): Errors => ({ characters: 0, edits: 0, missed: 0 });

/** Share of the smaller box from which two lines are about the same ink. */
const SAME_INK = 0.3;

/**
 * Compares lines by place and not by order: lines known and read that overlap are put together, each side in its direction
 * of reading, so that it does not matter where a reader parts its lines. Scripts count as plain characters, all dashes as one.
 */
export function characterErrors(known: readonly TextLine[], read: readonly TextLine[]): Record<Kind, Errors> {
  const counts = { upright: none(), upwards: none(), downwards: none(), nowhere: none() };
  for (const { known: truth, read: found } of groupsOf(known, read)) {
    const kind = truth[0] ? kindOf(truth[0]) : "nowhere";
    const [expected, got] = [joined(truth, kind), joined(found, kind)];
    const counted = counts[kind];
    counted.characters += expected.length;
    counted.edits += distance(expected, got);
    if (got.length === 0) counted.missed += expected.length;
  }
  return counts;
}

export function added(all: readonly Errors[]): Errors {
  const sum = (field: keyof Errors) => all.reduce((total, one) => total + one[field], 0);
  return { characters: sum("characters"), edits: sum("edits"), missed: sum("missed") };
}

/** Edits in parts of the known characters; may be over 1. */
export const errorRate = ({ characters, edits }: Errors): number => edits / characters;

interface Group {
  known: TextLine[];
  read: TextLine[];
}

function groupsOf(known: readonly TextLine[], read: readonly TextLine[]): Group[] {
  let groups: Group[] = known.map((line) => ({ known: [line], read: [] }));
  for (const line of read) {
    const near = groups.filter((group) => group.known.some((other) => overlap(line, other) > SAME_INK));
    const one = {
      known: near.flatMap((group) => group.known),
      read: [...near.flatMap((group) => group.read), line],
    };
    groups = [...groups.filter((group) => !near.includes(group)), one];
  }
  return groups;
}

function overlap({ box: a }: TextLine, { box: b }: TextLine): number {
  if (!a || !b) return 0;
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const area = ([x0, y0, x1, y1]: NonNullable<TextLine["box"]>) => (x1 - x0) * (y1 - y0);
  return (width * height) / Math.min(area(a), area(b));
}

function kindOf({ angle }: TextLine): Kind {
  const quarter = Math.round(angle / 90) % 4;
  return quarter === 3 ? "upwards" : quarter === 1 ? "downwards" : "upright";
}

function joined(lines: readonly TextLine[], kind: Kind): string[] {
  const along = ({ box }: TextLine) =>
    kind === "upwards" ? -box![3] : kind === "downwards" ? box![1] : box![0];
  const text = lines
    .toSorted((a, b) => along(a) - along(b))
    .map((line) => line.text)
    .join("");
  return [
    ...text
      .normalize("NFKC")
      .replace(/[‐-―−]/gu, "-")
      .replace(/[‘’]/gu, "'")
      .replace(/\s+/gu, ""),
  ];
}

function distance(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  a.forEach((character, i) => {
    const next = [i + 1];
    b.forEach((other, j) => {
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + (character === other ? 0 : 1)));
    });
    row = next;
  });
  return row[b.length]!;
}
