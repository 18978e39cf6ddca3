/**
 * Text that remembers where each of its characters stood in the archive's files, through comments taken out,
 * files read in and macros expanded.
 */

/** Where a stretch of text comes from: copied from `start` on, or made by what stands at `[start, end)`. */
export interface Origin {
  file: number;
  start: number;
  /** Set where the text was made by a macro: the range of its call. */
  end: number | null;
}

/** From position `at` on (to the next mark) the text has this origin. */
interface Mark {
  at: number;
  origin: Origin;
}

export interface Span {
  file: number;
  start: number;
  end: number;
}

/** An immutable text with the origins of its characters. */
export class Traced {
  constructor(
    readonly text: string,
    readonly marks: readonly Mark[],
  ) {}

  static ofFile(file: number, text: string): Traced {
    return new Traced(text, [{ at: 0, origin: { file, start: 0, end: null } }]);
  }

  /** Range in a file that `[from, to)` came from; where it spans files, that of its first character. */
  span(from: number, to: number): Span {
    const first = this.edge(from, "start");
    const last = to > from ? this.edge(to - 1, "end") : first;
    if (first.file !== last.file || last.at < first.at)
      return { file: first.file, start: first.at, end: first.at };
    return { file: first.file, start: first.at, end: last.at };
  }

  /** Index of the mark that holds position `at`. */
  markAt(at: number): number {
    let low = 0;
    let high = this.marks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.marks[middle]!.at <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private edge(at: number, side: "start" | "end"): { file: number; at: number } {
    const mark = this.marks[this.markAt(at)];
    if (!mark) return { file: 0, at: 0 };
    const { file, start, end } = mark.origin;
    if (end !== null) return { file, at: side === "start" ? start : end };
    return { file, at: start + (at - mark.at) + (side === "start" ? 0 : 1) };
  }
}

/** Puts a {@link Traced} together out of slices of others and of text made on the way. */
export class TracedBuilder {
  private readonly parts: string[] = [];
  private readonly marks: Mark[] = [];
  length = 0;

  /** Appends `[from, to)` of a traced text. */
  copy(source: Traced, from: number, to: number): void {
    if (to <= from) return;
    for (let m = source.markAt(from); m < source.marks.length; m++) {
      const { at, origin } = source.marks[m]!;
      if (at >= to) break;
      const start = Math.max(at, from);
      const moved = origin.end === null ? start - at : 0;
      this.mark(this.length + (start - from), origin, moved);
    }
    this.push(source.text.slice(from, to));
  }

  /** Appends text made by what stands at `by`. */
  make(text: string, by: Span): void {
    if (!text) return;
    this.mark(this.length, by);
    this.push(text);
  }

  /** What was appended since this was asked last. */
  takeNew(): string {
    const text = this.parts.slice(this.taken).join("");
    this.taken = this.parts.length;
    return text;
  }
  private taken = 0;

  build(): Traced {
    return new Traced(this.parts.join(""), this.marks);
  }

  private push(text: string): void {
    this.parts.push(text);
    this.length += text.length;
  }

  /** @param moved how far behind the origin's start the text begins */
  private mark(at: number, origin: Origin, moved = 0): void {
    const last = this.marks.at(-1);
    const start = origin.start + moved;
    if (last && last.origin.file === origin.file) {
      const { origin: before } = last;
      const goesOn = before.end === null && origin.end === null && before.start + (at - last.at) === start;
      const same = origin.end !== null && before.end === origin.end && before.start === start;
      if (goesOn || same) return;
    }
    this.marks.push({ at, origin: moved === 0 ? origin : { ...origin, start } });
  }
}
