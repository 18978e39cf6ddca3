import { generator } from "../../kernel-lib/src/statistics/random.js";

/**
 * Chance by name: each cause draws from a sequence of its own, so that a world with one more kind of failure has the
 * others at the same times as before.
 */
export class Chance {
  readonly #random: () => number;

  constructor(seed: number, name: string) {
    let hash = seed | 0;
    for (const character of name) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x9e3779b1);
    this.#random = generator(hash ^ (hash >>> 15));
  }

  uniform(from: number, to: number): number {
    return from + (to - from) * this.#random();
  }

  happens(probability: number): boolean {
    return this.#random() < probability;
  }

  /** Time until something that happens once in `mean` on average; never where that is infinite. */
  exponential(mean: number): number {
    return -Math.log(1 - this.#random()) * mean;
  }

  /** Log-normal by its median and the standard deviation of its logarithm. */
  lognormal(median: number, sigma: number): number {
    const [a, b] = [1 - this.#random(), this.#random()];
    return median * Math.exp(sigma * Math.sqrt(-2 * Math.log(a)) * Math.cos(2 * Math.PI * b));
  }
}
