import { describe, expect, it } from "vitest";
import {
  reckon,
  type Amount,
  type Answered,
  type Calibration,
} from "../../../../kernel-lib/src/captions/estimate.js";

const PREDICTED = { text: 400, image: 602 };

const answered = (over: Partial<Answered> = {}): Answered => ({
  predicted: PREDICTED,
  prompt_tokens: 1002,
  completion_tokens: 150,
  seconds: 6,
  ...over,
});

/** Figures that are all alike, 24 in flight. */
function alike(n: number, over: Partial<Answered> = {}): Calibration {
  const one = answered(over);
  const used = {
    prompt_tokens: n * one.prompt_tokens,
    completion_tokens: n * one.completion_tokens,
    seconds: 6,
  };
  return { answered: Array.from({ length: n }, () => one), used, in_flight: 24 };
}

const sample = Array.from({ length: 100 }, () => PREDICTED);
const given = (calibration: Calibration | null, prices = {}) => ({ calibration, max_tokens: 512, prices });
const value = ({ value }: Amount) => value;

describe("what a run will take", () => {
  it("is figures times what one takes, where all are alike", () => {
    const outlook = reckon(14_400, sample, given(alike(24), { gpus: 8, gpuHour: 2 }));
    expect(value(outlook.prompt_tokens)).toBeCloseTo(14_400 * 1002);
    expect(value(outlook.image_tokens)).toBeCloseTo(14_400 * 602);
    expect(value(outlook.completion_tokens)).toBeCloseTo(14_400 * 150);
    // 24 in flight for 6 s each: four a second.
    expect(value(outlook.hours!)).toBeCloseTo(1);
    expect(value(outlook.gpu_hours!)).toBeCloseTo(8);
    expect(value(outlook.cost!)).toBeCloseTo(16);
    expect(outlook.calibrated).toBe(24);
    for (const amount of [outlook.prompt_tokens, outlook.completion_tokens, outlook.hours!, outlook.cost!])
      for (const end of amount.range!) expect(end).toBeCloseTo(amount.value);
  });

  it("corrects predictions by what servers counted", () => {
    const outlook = reckon(1000, sample, given(alike(24, { prompt_tokens: 1102 })));
    expect(value(outlook.prompt_tokens)).toBeCloseTo(1000 * 1102);
    expect(value(outlook.image_tokens)).toBeCloseTo(1000 * 602);
  });

  it("counts answers that were thrown away", () => {
    const calibration = alike(24);
    calibration.used.prompt_tokens *= 1.25;
    calibration.used.completion_tokens *= 1.5;
    const outlook = reckon(1000, sample, given(calibration));
    expect(value(outlook.prompt_tokens)).toBeCloseTo(1.25 * 1000 * 1002);
    expect(value(outlook.completion_tokens)).toBeCloseTo(1.5 * 1000 * 150);
  });

  it("may take as long as the calibration took by the clock, its last answers included", () => {
    const calibration = alike(24);
    calibration.used.seconds = 18;
    const { hours } = reckon(14_400, sample, given(calibration));
    expect(hours!.value).toBeCloseTo(1);
    expect(hours!.range![0]).toBeCloseTo(1);
    expect(hours!.range![1]).toBeCloseTo(3);
  });

  it("without a calibration is predicted questions and the longest answers, and no hours", () => {
    const prices = { millionPromptTokens: 2, millionAnswerTokens: 8 };
    expect(reckon(1000, sample, given(null, prices))).toEqual({
      figures: 1000,
      prompt_tokens: { value: 1_002_000, range: null },
      image_tokens: { value: 602_000, range: null },
      completion_tokens: { value: 512_000, range: null },
      hours: null,
      gpu_hours: null,
      cost: { value: 1.002 * 2 + 0.512 * 8, range: null },
      calibrated: 0,
    });
    expect(reckon(1000, sample, given(null, { ...prices, gpuHour: 2 })).cost).toBeNull();
    expect(reckon(1000, sample, given({ ...alike(0), answered: [] })).hours).toBeNull();
  });

  it("says no range for few answers, no cost without prices, nothing for no figures", () => {
    const outlook = reckon(1000, sample, given(alike(4)));
    expect(outlook.prompt_tokens).toEqual({ value: expect.closeTo(1_002_000) as number, range: null });
    expect(outlook.hours!.range).toBeNull();
    expect(outlook.cost).toBeNull();
    const none = reckon(0, [], given(alike(24), { gpuHour: 2 }));
    expect([none.prompt_tokens, none.completion_tokens, none.hours!, none.cost!].map(value)).toEqual([
      0, 0, 0, 0,
    ]);
  });

  it("ranges hold the truth about as often as they say", () => {
    const random = lcg(5);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const trials = 400;
    const held = { prompt: 0, answers: 0 };
    for (let trial = 0; trial < trials; trial++) {
      // Words and pictures differ, the tokenizer's count strays by a tenth, answers are long-tailed.
      const all = Array.from({ length: 3000 }, (): Answered => {
        const predicted = { text: 200 + 600 * random(), image: 100 + 900 * random() };
        const prompt_tokens = 1.07 * (predicted.text * (1 + 0.1 * normal()) + predicted.image);
        return { predicted, prompt_tokens, completion_tokens: 160 * Math.exp(0.4 * normal()), seconds: 5 };
      });
      const [calibrated, rest] = [all.slice(0, 24), all.slice(24)];
      const used = {
        prompt_tokens: total(calibrated, "prompt_tokens"),
        completion_tokens: total(calibrated, "completion_tokens"),
        seconds: 10,
      };
      const calibration = { answered: calibrated, used, in_flight: 24 };
      const looked = rest.slice(0, 500).map((one) => one.predicted);
      const { prompt_tokens, completion_tokens } = reckon(rest.length, looked, given(calibration));
      if (holds(prompt_tokens, total(rest, "prompt_tokens"))) held.prompt++;
      if (holds(completion_tokens, total(rest, "completion_tokens"))) held.answers++;
    }
    expect(held.prompt / trials).toBeGreaterThan(0.9);
    expect(held.answers / trials).toBeGreaterThan(0.9);
    expect(held.prompt / trials).toBeLessThan(1);
  });
});

const total = (all: readonly Answered[], of: "prompt_tokens" | "completion_tokens") =>
  all.reduce((sum, one) => sum + one[of], 0);

const holds = ({ range }: Amount, truth: number) => range![0] <= truth && truth <= range![1];

/** Random numbers in [0, 1), the same each time (Numerical Recipes). */
function lcg(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}
