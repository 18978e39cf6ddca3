/**
 * The engine's clock, in its own milliseconds: `speed` of them pass in one real one, and none while it is stopped.
 */
export class EngineClock {
  readonly #speed: number;
  #real = performance.now();
  #engine = 0;
  #running = true;

  constructor(speed: number) {
    this.#speed = speed;
  }

  get stopped(): boolean {
    return !this.#running;
  }

  now(): number {
    return this.#running ? this.#engine + (performance.now() - this.#real) * this.#speed : this.#engine;
  }

  /** Real milliseconds until an engine time; 0 when it has passed. */
  until(time: number): number {
    return Math.max(0, (time - this.now()) / this.#speed);
  }

  stop(): void {
    this.#engine = this.now();
    this.#running = false;
  }

  start(): void {
    if (this.#running) return;
    this.#real = performance.now();
    this.#running = true;
  }
}
