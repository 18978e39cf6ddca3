/** Does something again and again, never twice at the same time; the first time at once. */
export class Ticker {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | null = null;
  #stopped = false;

  /** @param work whose errors are its own affair */
  constructor(
    private readonly work: () => Promise<void>,
    private readonly everyMs: number,
  ) {
    this.#again(0);
  }

  /** Does it now, after what is being done. */
  async now(): Promise<void> {
    await this.#running;
    await this.#run();
  }

  /** Waits for what is being done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #again(ms: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.#run(), ms);
  }

  async #run(): Promise<void> {
    if (this.#running) return this.#running;
    clearTimeout(this.#timer);
    this.#running = this.work().catch(() => undefined);
    await this.#running;
    this.#running = null;
    this.#again(this.everyMs);
  }
}
