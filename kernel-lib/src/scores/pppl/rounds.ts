import { batchesByLength } from "../../models/onnx/by-length.js";
import type { MaskedCopy } from "../../models/onnx/masked-lm-messages.js";

/** Has the model read a batch. @returns natural logarithms of probabilities, one a copy */
export type Ask = (copies: readonly MaskedCopy[], signal: AbortSignal) => Promise<Float64Array>;

/**
 * Tokens in a batch: enough to keep processors busy, and few enough for what the model computes in between to stay within
 * some hundred megabytes.
 */
const BATCH_TOKENS = 4096;

interface Asker {
  copies: readonly MaskedCopy[];
  made: Float64Array;
  left: number;
  /** Has its answer, or wants none any more. */
  settled: boolean;
  resolve(made: Float64Array): void;
  reject(error: unknown): void;
}

/**
 * Collects what several captions ask of a model at the same time. Who comes while the model is at work waits for the next
 * round, in which all that wait are put together, by length, into batches.
 */
export class Rounds {
  readonly #ask: Ask;
  readonly #most: number;
  #waiting: Asker[] = [];
  #working = false;
  #current: AbortController | undefined;
  /** Those who want an answer. */
  #askers = 0;

  constructor(ask: Ask, most = BATCH_TOKENS) {
    this.#ask = ask;
    this.#most = most;
  }

  /** @throws what the model throws over a batch with one of the copies; the reason of `signal` when that is aborted */
  logProbabilities(copies: readonly MaskedCopy[], signal: AbortSignal): Promise<Float64Array> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const settle = (done: () => void) => {
        if (asker.settled) return;
        asker.settled = true;
        signal.removeEventListener("abort", abort);
        // Nobody waits for what the model is computing.
        if (--this.#askers === 0) this.#current?.abort();
        done();
      };
      const asker: Asker = {
        ...{ copies, made: new Float64Array(copies.length), left: copies.length, settled: false },
        resolve: (made) => settle(() => resolve(made)),
        reject: (error) => settle(() => reject(error as Error)),
      };
      const abort = () => asker.reject(signal.reason);
      signal.addEventListener("abort", abort);
      this.#askers++;
      if (copies.length === 0) return asker.resolve(asker.made);
      this.#waiting.push(asker);
      if (!this.#working) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#working = true;
    // Who asks at the same time comes along.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const all = this.#waiting
        .splice(0)
        .flatMap((asker) => asker.copies.map((copy, i) => ({ copy, i, asker })));
      const lengths = all.map(({ copy }) => copy.ids.length);
      for (const batch of batchesByLength(lengths, this.#most))
        await this.#read(batch.map((i) => all[i]!).filter(({ asker }) => !asker.settled));
    }
    this.#working = false;
  }

  async #read(batch: readonly { copy: MaskedCopy; i: number; asker: Asker }[]): Promise<void> {
    if (batch.length === 0) return;
    this.#current = new AbortController();
    try {
      const made = await this.#ask(
        batch.map(({ copy }) => copy),
        this.#current.signal,
      );
      for (const [row, { i, asker }] of batch.entries()) {
        asker.made[i] = made[row]!;
        if (--asker.left === 0) asker.resolve(asker.made);
      }
    } catch (error) {
      for (const { asker } of batch) asker.reject(error);
    }
  }
}
