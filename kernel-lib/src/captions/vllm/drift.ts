/** Compares predicted with counted tokens of questions. */

/** Answers that are enough to judge by, and the deviation that is worth a word. */
const ENOUGH = 50;
const WORTH_TELLING = 0.15;

export class Drift {
  #answers = 0;
  #predicted = 0;
  #counted = 0;
  #told = false;

  /** Counted over predicted tokens; `null` before there is any. */
  get ratio(): number | null {
    return this.#predicted > 0 ? this.#counted / this.#predicted : null;
  }

  /** @returns a warning, once, when they have drifted apart */
  add(predicted: number, counted: number): string | null {
    if (counted === 0) return null;
    this.#answers++;
    this.#predicted += predicted;
    this.#counted += counted;
    const ratio = this.#counted / this.#predicted;
    if (this.#told || this.#answers < ENOUGH || Math.abs(ratio - 1) <= WORTH_TELLING) return null;
    this.#told = true;
    const percent = Math.round(Math.abs(ratio - 1) * 100);
    return `Questions count ${percent} % ${ratio > 1 ? "more" : "fewer"} tokens than predicted: the servers' budget of pixels (--mm-processor-kwargs) differs from the prompt's max_pixels, or the model is no Qwen-VL. Estimates and budgets are off by as much.`;
  }
}
