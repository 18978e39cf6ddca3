/** Console text waits at most this long, so a cell sends at most 20 times a second. */
const INTERVAL_MS = 50;
/** Most pieces sent at once where stdout and stderr alternate; more are merged, which loses their interleaving. */
const MAX_PIECES = 20;

export type StreamName = "stdout" | "stderr";
type Send = (name: StreamName, text: string) => void;

/**
 * Joins the console output of one cell into few messages. jupyter_server drops what a kernel sends above 1000
 * messages a second, and every `console.log` is one on stock tslab. The first text goes out at once, so that output
 * is live even while a synchronous loop runs.
 */
export class ConsoleBuffer {
  #pieces: { name: StreamName; text: string[] }[] = [];
  #sentAt = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #send: Send;

  constructor(send: Send) {
    this.#send = send;
  }

  write(name: StreamName, text: string): void {
    const last = this.#pieces.at(-1);
    const full = this.#pieces.length >= MAX_PIECES;
    const into = full ? this.#pieces.findLast((piece) => piece.name === name) : last;
    if (into?.name === name) into.text.push(text);
    else this.#pieces.push({ name, text: [text] });
    const wait = this.#sentAt + INTERVAL_MS - performance.now();
    if (wait <= 0 || this.#sentAt === 0) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), wait);
  }

  /** Sends what waits; called before every other message of the cell, which keeps the order. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pieces.length === 0) return;
    const pieces = this.#pieces;
    this.#pieces = [];
    for (const { name, text } of pieces) this.#send(name, text.join(""));
    this.#sentAt = performance.now();
  }
}
