import type { Macro } from "./definitions.js";
import { MathMode } from "./math-mode.js";
import { isSpent, type Frame } from "./frames.js";
import { Braced, type Argument } from "../markup/scan.js";
import { Traced, TracedBuilder } from "./traced.js";

/** Bounds on what a paper may unfold to; reaching one ends the unfolding, not the reading. */
const MAX_EXPANSIONS = 400_000;
const MAX_LENGTH = 48_000_000;
const MAX_COPIED = 96_000_000;
const MAX_DEPTH = 120;
/** How often a macro may stand inside its own expansion. */
const MAX_RECURSION = 5;

/** A paper being unfolded: the texts that wait to be read, one inside the other, and what was read of them so far. */
export class Unfolding {
  readonly warnings = new Set<string>();
  private readonly output = new TracedBuilder();
  private readonly mathMode = new MathMode();
  private readonly frames: Frame[] = [];
  private readonly active = new Map<string, number>();
  private expansions = 0;
  private copied = 0;
  private ended = false;

  /** The innermost text; `undefined` once all is read. */
  get top(): Frame | undefined {
    if (this.output.length > MAX_LENGTH) {
      this.warnings.add("The paper unfolds to more text than can be read; its end is left out.");
      this.ended = true;
    }
    return this.ended ? undefined : this.frames.at(-1);
  }

  /** The texts that are being read, the innermost first. */
  *inside(): Generator<Frame> {
    for (let i = this.frames.length - 1; i >= 0; i--) yield this.frames[i]!;
  }

  /** Whether what was read so far ends inside a formula. */
  get inMath(): boolean {
    this.mathMode.read(this.output.takeNew());
    return this.mathMode.isOn;
  }

  /** What was read so far. */
  build(): Traced {
    return this.output.build();
  }

  end(): void {
    this.ended = true;
  }

  // Texts to be read

  push({ traced, from, silent }: Pick<Frame, "traced" | "from" | "silent">): Frame {
    if (from.kind === "macro") this.active.set(from.name, (this.active.get(from.name) ?? 0) + 1);
    const pushed = { traced, from, silent, braced: new Braced(traced.text), at: 0 };
    this.frames.push(pushed);
    return pushed;
  }

  /** Reads a part of a frame as a text of its own. */
  pushPart(frame: Frame, { start, end }: Argument): void {
    const part = new TracedBuilder();
    part.copy(frame.traced, start, end);
    this.countCopied(end - start);
    this.push({ traced: part.build(), from: { kind: "argument" }, silent: frame.silent });
  }

  /** Reads text made by what stands at `[from, to)` of a frame. */
  pushMade(text: string, frame: Frame, from: number, to: number): void {
    const made = new TracedBuilder();
    made.make(text, frame.traced.span(from, to));
    this.countCopied(text.length);
    this.push({ traced: made.build(), from: { kind: "argument" }, silent: frame.silent });
  }

  pop(): Frame {
    const popped = this.frames.pop()!;
    const { from } = popped;
    if (from.kind === "macro") this.active.set(from.name, this.active.get(from.name)! - 1);
    return popped;
  }

  /** The frame that arguments behind `frame` are read from: macros that end in a call take them from what follows. */
  readerBehind(frame: Frame, macro: Macro): Frame {
    let reader = frame;
    while (
      macro.parameters.length &&
      this.frames.length > 1 &&
      reader.from.kind !== "file" &&
      isSpent(reader)
    ) {
      this.pop();
      reader = this.frames.at(-1)!;
    }
    return reader;
  }

  // Bounds

  /** Whether one more text may be read inside the others. */
  get hasRoom(): boolean {
    return this.frames.length < MAX_DEPTH;
  }

  mayCall(name: string): boolean {
    return (this.active.get(name) ?? 0) < MAX_RECURSION && this.mayUnfold();
  }

  mayUnfold(): boolean {
    if (!this.hasRoom) return false;
    if (++this.expansions <= MAX_EXPANSIONS && this.copied < MAX_COPIED) return true;
    this.warnings.add("The paper's macros unfold without end; from there on they are left out.");
    return false;
  }

  countCopied(length: number): void {
    this.copied += length;
  }

  // What was read

  /** Takes a frame's text over up to `next`. */
  pass(frame: Frame, next: number): void {
    this.emit(frame, frame.at, next);
    frame.at = next;
  }

  emit(frame: Frame, from: number, to: number): void {
    if (!frame.silent) this.output.copy(frame.traced, from, to);
  }

  /** Writes text made by what stands at `[from, to)` of a frame. */
  emitMade(text: string, frame: Frame, from: number, to: number): void {
    if (!frame.silent) this.output.make(text, frame.traced.span(from, to));
  }
}
