import { ConfigurationError } from "../errors.js";
import { checkPrices, costOf, type Consumption, type Prices } from "./cost.js";

/** What a piece of work may use, counted from its start. What earlier starts used does not count. */
export interface BudgetLimits {
  /** Tokens of questions, pictures and answers, thrown away ones included. */
  tokens?: number;
  /** Hours by the clock. */
  hours?: number;
  /** Money, in the currency of `prices`. */
  cost?: number;
  /** What `cost` is reckoned by. */
  prices?: Prices;
}

/** Tokens that were used so far. */
export type Tokens = Pick<Consumption, "prompt_tokens" | "completion_tokens">;

/**
 * Says when a piece of work has used what it may. What is at work is reckoned in by what it will probably take, so that
 * thousands of figures at once do not pass the limit together; it can be passed by as much as predictions fall short,
 * and in hours by the time that the last figures take.
 */
export class Budget {
  readonly #limits: BudgetLimits;
  readonly #now: () => number;
  readonly #started: number;
  #used: Tokens = { prompt_tokens: 0, completion_tokens: 0 };
  /** Tokens predicted for what is at work. */
  #reserved = 0;
  #settled = () => {};

  /**
   * @param now seconds of a clock that only goes forwards
   * @throws {ConfigurationError} for a limit or price that is none, or money without a price
   */
  constructor(limits: BudgetLimits = {}, now: () => number = () => performance.now() / 1000) {
    const { tokens, hours, cost, prices = {} } = limits;
    for (const [name, value] of Object.entries({ tokens, hours, cost }))
      if (value !== undefined && !(Number.isFinite(value) && value > 0))
        throw new ConfigurationError(`The budget ${name} is ${value}: give a number above 0.`);
    checkPrices(prices);
    if (cost !== undefined && costOf(NOTHING, prices) === null)
      throw new ConfigurationError(
        "A budget in money needs prices: gpuHour (--gpu-hour), or millionPromptTokens and millionAnswerTokens (--prompt-price, --answer-price).",
      );
    this.#limits = limits;
    this.#now = now;
    this.#started = now();
  }

  /** What was used so far. */
  get used(): Consumption {
    return { ...this.#used, seconds: this.#now() - this.#started };
  }

  /** Money used so far; `null` without a price. */
  get cost(): number | null {
    return costOf(this.used, this.#limits.prices ?? {});
  }

  /** Whether predictions make a difference. */
  get predicts(): boolean {
    return this.#limits.tokens !== undefined || this.#limits.cost !== undefined;
  }

  /**
   * Reserves room for an item.
   * @param predicted its tokens, `null` where nothing is counted
   * @returns `null`, or why there is no room: `the token budget of 1,000,000 is spent`
   */
  reserve(predicted: number | null): string | null {
    const reason = this.#exceededBy(this.#reserved + (predicted ?? 0));
    if (reason === null) this.#reserved += predicted ?? 0;
    return reason;
  }

  /**
   * As {@link reserve}, but where there is no room it waits for what is at work: predictions are rather too high, and
   * what was not used is room again. For one caller at a time.
   */
  admit(predicted: number | null): string | null | Promise<string | null> {
    const reason = this.reserve(predicted);
    if (reason === null || this.#reserved <= 0) return reason;
    return new Promise<void>((resolve) => (this.#settled = resolve)).then(() => this.admit(predicted));
  }

  /**
   * Gives an item's reservation back when it has ended.
   * @param used by all work since the start
   */
  settle(predicted: number | null, used: Tokens): void {
    this.#reserved -= predicted ?? 0;
    this.#used = used;
    this.#settled();
  }

  /** The running total, with what it is measured against; `undefined` while there is nothing to say. */
  note(): string | undefined {
    const { tokens, hours, cost } = this.#limits;
    const of = (limit: number | undefined) => (limit === undefined ? "" : ` of ${whole(limit)}`);
    const parts: string[] = [];
    const used = tokensOf(this.#used);
    if (used > 0 || tokens !== undefined) parts.push(`${whole(used)}${of(tokens)} tokens`);
    if (hours !== undefined) parts.push(`${(this.used.seconds / 3600).toFixed(1)} of ${hours} h`);
    const money = this.cost;
    if (money !== null) parts.push(`cost ${money.toFixed(2)}${cost === undefined ? "" : ` of ${cost}`}`);
    return parts.length > 0 ? parts.join(", ") : undefined;
  }

  /** @param expected tokens to come beside what was used */
  #exceededBy(expected: number): string | null {
    const { tokens, hours, cost, prices = {} } = this.#limits;
    const used = this.used;
    if (tokens !== undefined && tokensOf(used) + expected > tokens)
      return `the token budget of ${whole(tokens)} is spent`;
    if (hours !== undefined && used.seconds >= hours * 3600) return `the budget of ${hours} h is spent`;
    if (cost !== undefined && costOf(withExpected(used, expected, prices), prices)! > cost)
      return `the budget of ${cost} is spent at the prices given`;
    return null;
  }
}

const NOTHING: Consumption = { prompt_tokens: 0, completion_tokens: 0, seconds: 0 };

const tokensOf = ({ prompt_tokens, completion_tokens }: Tokens): number => prompt_tokens + completion_tokens;

const whole = (value: number): string => Math.round(value).toLocaleString("en");

/** Tokens to come divide into questions and answers as those before did; before there were any, all are the dearer. */
function withExpected(used: Consumption, expected: number, prices: Prices): Consumption {
  const before = tokensOf(used);
  const { millionPromptTokens = 0, millionAnswerTokens = 0 } = prices;
  const answers =
    before > 0 ? used.completion_tokens / before : millionAnswerTokens > millionPromptTokens ? 1 : 0;
  return {
    prompt_tokens: used.prompt_tokens + expected * (1 - answers),
    completion_tokens: used.completion_tokens + expected * answers,
    seconds: used.seconds,
  };
}
