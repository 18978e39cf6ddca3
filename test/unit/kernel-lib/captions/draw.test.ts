import { describe, expect, it } from "vitest";
import { Draw } from "../../../../kernel-lib/src/captions/draw.js";

const names = Array.from({ length: 1000 }, (_, i) => `figure ${i}`);

function drawn(size: number, seed: number, of: readonly string[] = names): string[] {
  const draw = new Draw<string>(size, seed);
  for (const name of of) draw.offer(name, () => name);
  return draw.items;
}

describe("drawing at random", () => {
  it("draws the same for the same seed, whatever the order, and others for another", () => {
    const sample = drawn(24, 7);
    expect(new Set(sample).size).toBe(24);
    expect(drawn(24, 7, names.toReversed())).toEqual(sample);
    expect(drawn(24, 8)).not.toEqual(sample);
    expect(drawn(100, 7).slice(0, 24)).toEqual(sample);
  });

  it("draws all where there are no more", () => {
    expect(drawn(2000, 1).toSorted()).toEqual(names.toSorted());
    expect(drawn(24, 1, [])).toEqual([]);
  });

  it("makes only what may be drawn", () => {
    const draw = new Draw<string>(10, 1);
    let made = 0;
    for (const name of names) draw.offer(name, () => (made++, name));
    expect(draw.offered).toBe(1000);
    expect(draw.items).toHaveLength(10);
    expect(made).toBeLessThan(150);
  });

  it("draws from everywhere alike", () => {
    let first = 0;
    for (let seed = 0; seed < 200; seed++)
      first += drawn(50, seed).filter((name) => names.indexOf(name) < 500).length;
    // Hypergeometric: 5,000 of 10,000, with a standard deviation of 49.
    expect(Math.abs(first - 5000)).toBeLessThan(5 * 49);
  });
});
