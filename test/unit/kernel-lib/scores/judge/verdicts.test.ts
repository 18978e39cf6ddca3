import { expect, test } from "vitest";
import {
  placed,
  shareSupported,
  type JudgeVerdict,
} from "../../../../../kernel-lib/src/scores/judge/verdicts.js";

const CAPTION = "Red squares fall, red squares rise; the inset is blue.";
const claim = (text: string, verdict: JudgeVerdict = "supported") => ({
  text,
  kind: "colour",
  seen: "",
  verdict,
});

test("claims are put where the caption says them, repeated words one after the other", () => {
  const { claims, counts, misquoted } = placed(CAPTION, {
    claims: [claim("inset is blue", "contradicted"), claim("squares"), claim("squares", "cannot tell")],
  });
  expect(claims.map(({ span, verdict }) => [CAPTION.slice(...span), span[0], verdict])).toEqual([
    ["squares", 4, "supported"],
    ["squares", 22, "cannot tell"],
    ["inset is blue", 40, "contradicted"],
  ]);
  expect(counts).toEqual({ supported: 1, contradicted: 1, "cannot tell": 1 });
  expect(misquoted).toBe(0);
});

test("words that do not stand in the caption count for nothing, and are counted", () => {
  const { claims, counts, misquoted } = placed(CAPTION, {
    claims: [claim("green circles"), claim(" "), claim("squares"), claim("squares"), claim("squares")],
  });
  expect(claims).toHaveLength(2);
  expect(counts.supported).toBe(2);
  expect(misquoted).toBe(3);
});

test("the value is the share supported, and null where nothing can be seen", () => {
  expect(shareSupported({ supported: 3, contradicted: 1, "cannot tell": 2 })).toBe(0.5);
  expect(shareSupported({ supported: 0, contradicted: 0, "cannot tell": 0 })).toBeNull();
});
