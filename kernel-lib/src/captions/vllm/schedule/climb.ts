/** Growth of throughput, as a share of the growth of the window, that makes the larger window worth having. */
const worth = 0.3;
const step = 1.25;
/** Epochs between two trials of another size. */
const rest = 12;

/**
 * Finds a server's capacity from latency alone. By Little's law throughput is window over latency: while it grows with
 * the window the server has room; when latency grows instead, requests only queue. An *epoch* is as many answers as
 * the window is wide to requests sent at one size, so that two sizes are compared by what belongs to each.
 *
 * Doubles while that pays, then goes on by quarters and stays on the first that does not: a quarter too many waits, but
 * the server never starves. From time to time it tries a quarter less and a quarter more.
 */
export class Climb {
  epoch = 1;
  #factor = 2;
  /** The size before the present one, and its throughput; `null` while resting. */
  #before: { size: number; throughput: number } | null = null;
  #rested = 0;
  #down = true;
  #count = 0;
  #sum = 0;
  #full = false;

  constructor(public size: number) {}

  answered(latency: number, epoch: number, full: boolean): void {
    this.#full ||= full;
    if (epoch !== this.epoch) return;
    this.#count++;
    this.#sum += latency;
    if (this.#count >= Math.max(8, this.size)) this.#decide(this.size / (this.#sum / this.#count));
  }

  /** Goes on from a size found elsewhere, in small steps. */
  restart(size: number): void {
    this.#factor = step;
    this.size = size;
    this.#before = null;
    this.#rested = 0;
    this.#next();
  }

  #decide(throughput: number): void {
    const full = this.#full;
    const before = this.#before;
    this.#next();
    if (!full) return;
    if (before && this.size > before.size) this.#afterMore(before, throughput);
    else if (before) this.#afterLess(before, throughput);
    else if (this.#factor === 2 || ++this.#rested >= rest) this.#try(throughput);
  }

  #afterMore(before: { size: number; throughput: number }, throughput: number): void {
    const gain = throughput / before.throughput - 1;
    if (gain >= worth * (this.size / before.size - 1)) this.#to(this.size * this.#factor, throughput);
    else if (this.#factor === 2) {
      this.#factor = step;
      this.size = before.size * step;
    } else this.#before = null;
  }

  #afterLess(before: { size: number; throughput: number }, throughput: number): void {
    const loss = before.throughput / throughput - 1;
    if (loss < worth * (before.size / this.size - 1)) this.#to(this.size / step, throughput);
    else {
      this.size = before.size;
      this.#before = null;
    }
  }

  #try(throughput: number): void {
    this.#rested = 0;
    this.#down = this.#factor !== 2 && !this.#down;
    this.#to(this.#down ? this.size / step : this.size * this.#factor, throughput);
  }

  #to(size: number, throughput: number): void {
    this.#before = { size: this.size, throughput };
    this.size = Math.max(1, size);
  }

  #next(): void {
    this.epoch++;
    this.#count = this.#sum = 0;
    this.#full = false;
  }
}
