const kept = 256;

/** The latest latencies of one server, in milliseconds. */
export class Latencies {
  readonly #ring = new Float64Array(kept);
  #next = 0;
  #sum = 0;
  count = 0;

  add(latency: number): void {
    if (this.count === kept) this.#sum -= this.#ring[this.#next]!;
    else this.count++;
    this.#ring[this.#next] = latency;
    this.#sum += latency;
    this.#next = (this.#next + 1) % kept;
  }

  /** `null` before there is one. */
  get mean(): number | null {
    return this.count === 0 ? null : this.#sum / this.count;
  }

  /** The value below which a share of them lies; `null` before there is one. */
  quantile(share: number): number | null {
    if (this.count === 0) return null;
    const sorted = this.#ring.slice(0, this.count).sort();
    return sorted[Math.min(this.count - 1, Math.floor(share * this.count))]!;
  }
}
