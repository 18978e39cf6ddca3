import { formatWithOptions } from "node:util";
import { kernelState, type RunningCell } from "../state.js";
import { ConsoleBuffer, type StreamName } from "./console-buffer.js";
import type { Problem } from "./errors.js";
import { listening } from "./interrupt.js";

/** One execute_request from its start until its last piece of background work. */
export class Cell implements RunningCell {
  /** What the compiler or the code complained about; they say why it failed. */
  readonly problems: Problem[] = [];
  readonly #abort = new AbortController();
  readonly #console = new ConsoleBuffer((name, text) => this.#publish("stream", { name, text }));
  readonly #publish: (type: string, content: object) => void;
  executionCount = 0;

  /** @param publish sends a message under the cell; silent requests pass a function that does nothing. */
  constructor(publish: (type: string, content: object) => void) {
    this.#publish = publish;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Aborts the signal; the listeners' output is the cell's. */
  interrupt(): void {
    kernelState.cells.run(this, () => this.#abort.abort(new DOMException("Interrupted", "AbortError")));
  }

  listen(): void {
    listening.add(this);
  }

  write(stream: StreamName, text: string): void {
    this.#console.write(stream, text);
  }

  publish(type: string, content: object): void {
    this.#console.flush();
    this.#publish(type, content);
  }

  /** Shows the value of the cell's last expression, unless it has shown itself. */
  result(value: unknown): void {
    if (typeof value === "object" && value !== null && kernelState.shown.has(value)) return;
    this.publish("execute_result", {
      execution_count: this.executionCount,
      data: { "text/plain": formatWithOptions({ colors: false }, value) },
      metadata: {},
    });
  }

  flush(): void {
    this.#console.flush();
  }
}
