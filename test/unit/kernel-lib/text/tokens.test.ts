import fc from "fast-check";
import { expect, test } from "vitest";
import { estimateTokens } from "../../../../kernel-lib/src/text/tokens.js";
import { anyText } from "../../../support/any-text.js";

// Counted with Qwen3's tokenizer.
test.each([
  ["The flux of the star drops by 1.2 % every 3.5 days, as the residuals confirm.", 24],
  ["x = 3.5", 6],
  ["温度场的变化", 3],
  ["Temperaturverteilung der Strömung", 10],
  ["<caption></caption>", 5],
])("%j is estimated within two tokens and a fifth", (text, counted) => {
  expect(Math.abs(estimateTokens(text) - counted)).toBeLessThanOrEqual(2 + counted / 5);
});

test("no text is no token, and text joined from two is no more than both", () => {
  expect(estimateTokens("")).toBe(0);
  fc.assert(
    fc.property(anyText(), anyText(), (one, other) => {
      expect(estimateTokens(`${one} ${other}`)).toBeLessThanOrEqual(
        estimateTokens(one) + estimateTokens(other) + 1,
      );
    }),
  );
});
