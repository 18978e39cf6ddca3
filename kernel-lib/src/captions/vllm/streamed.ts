/** A streamed answer, put together to what the server would have sent at once. */
import { elements, fields, parsed, word } from "./json.js";
import { EventStream } from "./sse.js";

export class StreamedAnswer {
  readonly #events = new EventStream((data) => this.#event(data));
  readonly #onText: (text: string) => void;
  #text = "";
  #finish: unknown = null;
  #usage: unknown = null;
  #error: unknown = null;
  #done = false;

  /** @param onText gets all of the text so far */
  constructor(onText: (text: string) => void) {
    this.#onText = onText;
  }

  push(bytes: Uint8Array): void {
    this.#events.push(bytes);
  }

  /**
   * What came, as the body of a whole reply: an error wins over everything that was said before or after it, since
   * servers end with `[DONE]` all the same; without `[DONE]` the stream was cut off.
   */
  body(): unknown {
    if (this.#error !== null) return { error: this.#error };
    if (!this.#done) return { error: { message: "the streamed answer was cut off", code: 502 } };
    const choice = { index: 0, message: { content: this.#text }, finish_reason: this.#finish };
    return { choices: [choice], usage: this.#usage };
  }

  #event(data: string): void {
    if (this.#error !== null) return;
    if (data === "[DONE]") {
      this.#done = true;
      return;
    }
    const chunk = parsed(data);
    if (chunk === undefined)
      this.#error = { message: "an event of the streamed answer is no JSON", code: 502 };
    else this.#take(fields(chunk));
  }

  #take({ choices, usage, error }: Record<string, unknown>): void {
    if (error) this.#error = error;
    this.#usage = usage ?? this.#usage;
    const choice = fields(elements(choices)[0]);
    this.#finish = choice.finish_reason ?? this.#finish;
    const more = word(fields(choice.delta).content);
    if (more === "") return;
    this.#text += more;
    this.#onText(this.#text);
  }
}
