import { expect, test } from "vitest";
import { chosenScorers } from "../../../../kernel-lib/src/scores/choice.js";

test("each metric with the model that was said for it", () => {
  expect(
    chosenScorers({ metrics: ["support", "clip", "pppl"], clip: "clip-l14", mlm: "models/mine" }),
  ).toEqual([
    { kind: "support", options: {} },
    { kind: "clip", options: { model: "clip-l14" } },
    { kind: "pppl", options: { model: "models/mine" } },
  ]);
  expect(chosenScorers({ metrics: ["clip"], as: "clip-2" })).toEqual([
    { kind: "clip", options: { as: "clip-2" } },
  ]);
});

test.each([
  [{ metrics: ["support"], clip: "clip-l14" }, '--clip is for the metric "clip"; add it to --metrics.'],
  [{ metrics: ["clip"], mlm: "scibert" }, '--mlm is for the metric "pppl"; add it to --metrics.'],
  [{ metrics: ["clip", "pppl"], as: "mine" }, "--as names one metric"],
])("%j is a mistake", (choice, message) => expect(() => chosenScorers(choice)).toThrow(message));
