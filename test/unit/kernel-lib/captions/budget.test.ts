import { describe, expect, it } from "vitest";
import { Budget, type BudgetLimits } from "../../../../kernel-lib/src/captions/budget.js";
import { ConfigurationError } from "../../../../kernel-lib/src/errors.js";

const used = (prompt_tokens: number, completion_tokens = 0) => ({ prompt_tokens, completion_tokens });

/** A budget whose clock stands still until it is told the hour. */
function budget(limits: BudgetLimits) {
  const clock = { hours: 0 };
  return { clock, budget: new Budget(limits, () => clock.hours * 3600) };
}

describe("a budget", () => {
  it("without limits lets everything in", () => {
    const open = new Budget();
    for (let n = 0; n < 1000; n++) expect(open.reserve(1e9)).toBeNull();
  });

  it("reckons in what is at work, so that many at once do not pass the limit together", () => {
    const { budget: tokens } = budget({ tokens: 10_000 });
    let begun = 0;
    while (tokens.reserve(1500) === null) begun++;
    expect(begun).toBe(6);
    expect(tokens.reserve(1500)).toBe("the token budget of 10,000 is spent");
    expect(tokens.reserve(1000)).toBeNull();
  });

  it("gives room again where less was used than predicted, and none where more was", () => {
    const { budget: tokens } = budget({ tokens: 4000 });
    expect(tokens.reserve(2000)).toBeNull();
    expect(tokens.reserve(2000)).toBeNull();
    expect(tokens.reserve(1000)).not.toBeNull();
    tokens.settle(2000, used(900, 100));
    expect(tokens.reserve(1000)).toBeNull();
    tokens.settle(2000, used(3800, 200));
    expect(tokens.reserve(1)).not.toBeNull();
  });

  it("is used up though predictions are too high: items wait for what is at work", async () => {
    const { budget: tokens } = budget({ tokens: 2000 });
    expect(tokens.admit(1500)).toBeNull();
    const second = tokens.admit(1500);
    tokens.settle(1500, used(400, 100));
    expect(await second).toBeNull();
    const third = tokens.admit(1500);
    tokens.settle(1500, used(900, 100));
    expect(await third).toBe("the token budget of 2,000 is spent");
  });

  it("in hours goes by the clock", () => {
    const { budget: hours, clock } = budget({ hours: 2 });
    clock.hours = 1.9;
    expect(hours.reserve(null)).toBeNull();
    clock.hours = 2;
    expect(hours.reserve(null)).toBe("the budget of 2 h is spent");
  });

  it("in money counts all GPUs by the hour, idle or not", () => {
    const { budget: money, clock } = budget({ cost: 40, prices: { gpus: 8, gpuHour: 2.5 } });
    clock.hours = 1.5;
    expect(money.cost).toBeCloseTo(30);
    expect(money.reserve(5000)).toBeNull();
    clock.hours = 2.01;
    expect(money.reserve(5000)).toBe("the budget of 40 is spent at the prices given");
  });

  it("in money takes tokens to come for the dearer kind, and once some are known for the same mixture", () => {
    const prices = { millionPromptTokens: 1, millionAnswerTokens: 10 };
    const { budget: money } = budget({ cost: 10, prices });
    expect(money.reserve(1_000_000)).toBeNull();
    expect(money.reserve(1_000_000)).not.toBeNull();
    money.settle(1_000_000, used(900_000, 100_000));
    expect(money.cost).toBeCloseTo(1.9);
    // 1.9 for each million: four more make 9.5.
    for (let n = 0; n < 4; n++) expect(money.reserve(1_000_000)).toBeNull();
    expect(money.reserve(1_000_000)).not.toBeNull();
  });

  it("says the running total", () => {
    const { budget: all, clock } = budget({
      tokens: 1e6,
      hours: 12,
      cost: 50,
      prices: { gpus: 4, gpuHour: 2 },
    });
    clock.hours = 1.5;
    all.settle(null, used(45_000, 210));
    expect(all.note()).toBe("45,210 of 1,000,000 tokens, 1.5 of 12 h, cost 12.00 of 50");
    const { budget: none } = budget({});
    expect(none.note()).toBeUndefined();
    none.settle(null, used(1000, 234));
    expect(none.note()).toBe("1,234 tokens");
  });

  it.each([
    [{ tokens: 0 }, "tokens"],
    [{ tokens: Number.NaN }, "tokens"],
    [{ hours: -1 }, "hours"],
    [{ cost: 5 }, "needs prices"],
    [{ cost: 5, prices: { gpuHour: -2 } }, "gpuHour"],
    [{ prices: { gpus: Number.POSITIVE_INFINITY } }, "gpus"],
  ])("that is none is refused: %o", (limits, named) => {
    expect(() => new Budget(limits)).toThrow(ConfigurationError);
    expect(() => new Budget(limits)).toThrow(named);
  });
});
