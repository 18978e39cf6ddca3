import type { Verdict } from "../../model.js";
import type { Edit, ReviewLine } from "./line.js";

/** What is said about a figure now. */
export interface Review {
  verdict: Verdict | null;
  /** Sorted. */
  tags: string[];
}

/** What becomes of one figure. */
export type Delta = Omit<Edit, "figure_ids">;

/** Where a value comes from: of two, that of the later time counts, and of one time that of the greater writer. */
type Stamp = Pick<ReviewLine, "time" | "writer">;

interface Register<T> {
  value: T;
  stamp: Stamp;
}

interface Registers {
  verdict: Register<Verdict | "none"> | null;
  tags: Map<string, Register<boolean>> | null;
}

const NOTHING: Registers = { verdict: null, tags: null };

/**
 * What all lines say together. Verdict and each tag of a figure stand for themselves, so that two people who say different
 * things about a figure at the same time are both heard, and the order in which lines are read makes no difference.
 * Some 200 bytes a figure that something was said about. `sql.ts` says the same in SQL.
 */
export class ReviewState {
  readonly #figures = new Map<string, Registers>();

  get(figure_id: string): Review {
    const { verdict, tags } = this.#registers(figure_id);
    return {
      verdict: verdict === null || verdict.value === "none" ? null : verdict.value,
      tags: [...(tags ?? [])].flatMap(([tag, { value }]) => (value ? [tag] : [])).sort(),
    };
  }

  /** Takes a line in; twice is as good as once. @returns the figures that it changed */
  apply({ time, writer, edits }: ReviewLine): string[] {
    const stamp = { time, writer };
    const changed: string[] = [];
    for (const { figure_ids, ...delta } of edits)
      for (const figure_id of figure_ids) if (this.#apply(figure_id, delta, stamp)) changed.push(figure_id);
    return changed;
  }

  /** What of a delta would change a figure; `null` where nothing would. */
  effect(figure_id: string, { verdict, add, remove }: Delta): Delta | null {
    const now = this.#registers(figure_id);
    const has = (tag: string) => now.tags?.get(tag)?.value ?? false;
    const before = now.verdict?.value ?? "none";
    return compact({
      ...(verdict !== before && { verdict, before }),
      add: add?.filter((tag) => !has(tag)),
      remove: remove?.filter(has),
    });
  }

  /** All tags there are, most frequent first. */
  tags(): { tag: string; count: number }[] {
    const counts = new Map<string, number>();
    for (const { tags } of this.#figures.values())
      for (const [tag, { value }] of tags ?? []) if (value) counts.set(tag, (counts.get(tag) ?? 0) + 1);
    return [...counts]
      .map(([tag, count]) => ({ tag, count }))
      .sort((a, b) => b.count - a.count || (a.tag < b.tag ? -1 : 1));
  }

  /** Figures that something was said about. */
  figures(): string[] {
    return [...this.#figures.keys()];
  }

  #registers(figure_id: string): Registers {
    return this.#figures.get(figure_id) ?? NOTHING;
  }

  #apply(figure_id: string, { verdict, add = [], remove = [] }: Delta, stamp: Stamp): boolean {
    const now = this.#figures.get(figure_id) ?? { ...NOTHING };
    this.#figures.set(figure_id, now);
    let changed = false;
    if (verdict !== undefined && counts(stamp, now.verdict?.stamp)) {
      now.verdict = { value: verdict, stamp };
      changed = true;
    }
    for (const [tags, value] of [
      [remove, false],
      [add, true],
    ] as const)
      for (const tag of tags) {
        now.tags ??= new Map();
        if (!counts(stamp, now.tags.get(tag)?.stamp)) continue;
        now.tags.set(tag, { value, stamp });
        changed = true;
      }
    return changed;
  }
}

/** Whether a value of `stamp` takes the place of one of `other`. */
function counts(stamp: Stamp, other: Stamp | undefined): boolean {
  if (other === undefined || stamp.time !== other.time) return other === undefined || stamp.time > other.time;
  return stamp.writer > other.writer;
}

/** What takes a delta back. */
export function inverseOf({ verdict, before, add, remove }: Delta): Delta {
  return { verdict: before, before: verdict, add: remove, remove: add };
}

function compact({ verdict, before, add = [], remove = [] }: Delta): Delta | null {
  const delta = {
    ...(verdict !== undefined && { verdict, before }),
    ...(add.length > 0 && { add }),
    ...(remove.length > 0 && { remove }),
  };
  return Object.keys(delta).length > 0 ? delta : null;
}
