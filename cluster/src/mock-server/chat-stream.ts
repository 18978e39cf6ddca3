/** An answer as server-sent events, as its tokens come. */
import type { Accepted } from "./chat.js";
import { completionId, usageOf } from "./delivery.js";
import type { Engine, Task } from "./engine.js";
import { ERRORS, errorObject, type ErrorParts } from "./errors.js";
import type { Exchange } from "./exchange.js";
import type { Fault } from "./faults.js";
import type { Settings } from "./options.js";
import { CHARACTERS_PER_TOKEN } from "./tokens.js";

/** Tokens that come within so many milliseconds go out together. */
const LEAST_WAIT = 10;

export class ChatStream {
  readonly #exchange: Exchange;
  readonly #engine: Engine;
  readonly #accepted: Accepted;
  readonly #settings: Settings;
  readonly #fault: Fault | null;
  readonly #id: string;
  readonly #created = Math.floor(Date.now() / 1000);
  #task: Task | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sent = 0;
  #begun = false;

  constructor(
    exchange: Exchange,
    engine: Engine,
    accepted: Accepted,
    settings: Settings,
    fault: Fault | null,
  ) {
    this.#exchange = exchange;
    this.#engine = engine;
    this.#accepted = accepted;
    this.#settings = settings;
    this.#fault = fault;
    this.#id = completionId(accepted.id);
  }

  /** The headers go at once, as uvicorn sends them; events follow as the engine answers. */
  start(task: Task): void {
    this.#exchange.begin("text/event-stream; charset=utf-8");
    this.#task = task;
    this.#wait();
  }

  /** The rest, and the end. */
  finish(): void {
    this.stop();
    const { answer } = this.#accepted;
    this.#say(answer.tokens, true);
    if (this.#exchange.ended) return;
    if (this.#accepted.ask.includeUsage)
      this.#event({ ...this.#head(), choices: [], usage: this.#usage(answer.tokens) });
    this.#done(`200 ${answer.reason}`);
  }

  /** An error after the start comes as an event, with HTTP 200, and `[DONE]` follows all the same. */
  fail(error: ErrorParts): void {
    this.stop();
    this.#exchange.begin("text/event-stream; charset=utf-8");
    this.#event({ error: errorObject(error, this.#settings.flavour) });
    this.#done("200 stream-error");
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(): void {
    const task = this.#task!;
    if (task.state === "ended" || this.#exchange.ended) return;
    const next = task.state === "running" ? this.#engine.untilNextToken(task) : 50;
    this.#timer = setTimeout(
      () => {
        this.#say(this.#engine.generated(task), false);
        this.#wait();
      },
      Math.max(LEAST_WAIT, next),
    );
  }

  #say(tokens: number, last: boolean): void {
    if (!this.#begun && (tokens > 0 || last)) {
      this.#begun = true;
      this.#chunk({ role: "assistant", content: "" }, null, 0);
    }
    if (tokens <= this.#sent && !last) return;
    const { answer } = this.#accepted;
    const until = last ? answer.text.length : tokens * CHARACTERS_PER_TOKEN;
    const content = answer.text.slice(this.#sent * CHARACTERS_PER_TOKEN, until);
    if (this.#spoilt(tokens, last)) return;
    this.#sent = tokens;
    this.#chunk({ content }, last ? answer.reason : null, tokens);
  }

  /** Faults that show in the middle of a stream. */
  #spoilt(tokens: number, last: boolean): boolean {
    const fault = this.#fault;
    const half = last || tokens * 2 >= this.#accepted.answer.tokens;
    if (fault?.kind === "stream-error" && half) this.fail(ERRORS.generation());
    else if (fault?.kind === "reset" && (half || fault.at === "headers")) this.#exchange.reset();
    else if (fault?.kind === "broken-body" && half) {
      this.#exchange.write('data: {"id": "chatcmpl-');
      this.#exchange.finish("200 broken");
    } else return false;
    this.stop();
    return true;
  }

  #chunk(delta: object, finish_reason: string | null, tokens: number): void {
    this.#event({
      ...this.#head(),
      choices: [
        {
          index: 0,
          delta,
          logprobs: null,
          finish_reason,
          ...(finish_reason !== null && { stop_reason: null }),
          token_ids: null,
        },
      ],
      ...(this.#accepted.ask.continuousUsage && { usage: this.#usage(tokens) }),
    });
  }

  #head() {
    return {
      id: this.#id,
      object: "chat.completion.chunk",
      created: this.#created,
      model: this.#accepted.ask.model,
    };
  }

  #usage(tokens: number) {
    return usageOf(this.#accepted, tokens, this.#settings);
  }

  #event(data: object): void {
    this.#exchange.write(`data: ${JSON.stringify(data)}\n\n`);
  }

  #done(outcome: string): void {
    this.#exchange.write("data: [DONE]\n\n");
    this.#exchange.finish(outcome);
  }
}
