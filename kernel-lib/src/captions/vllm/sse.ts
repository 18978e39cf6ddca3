/** Server-sent events, as far as streamed answers use them: https://html.spec.whatwg.org/multipage/server-sent-events.html */

/**
 * Takes a stream of bytes apart into the data of its events, wherever the chunks begin and end. An event that the
 * stream breaks off in is dropped.
 */
export class EventStream {
  readonly #decoder = new TextDecoder();
  readonly #onData: (data: string) => void;
  #rest = "";
  #data: string[] = [];
  /** The last line ended with a carriage return: a line feed that follows belongs to it. */
  #returned = false;

  constructor(onData: (data: string) => void) {
    this.#onData = onData;
  }

  push(chunk: Uint8Array): void {
    let text = this.#decoder.decode(chunk, { stream: true });
    if (text === "") return;
    if (this.#returned && text.startsWith("\n")) text = text.slice(1);
    this.#returned = text === "" ? false : text.endsWith("\r");
    const lines = text.split(/\r\n|\n|\r/);
    lines[0] = this.#rest + lines[0]!;
    this.#rest = lines.pop()!;
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    if (line === "") {
      const data = this.#data;
      this.#data = [];
      if (data.length > 0) this.#onData(data.join("\n"));
    } else if (line.startsWith("data:")) {
      this.#data.push(line.slice(line[5] === " " ? 6 : 5));
    }
  }
}
