import { expect, test } from "vitest";
import { contextsOf, type Numbered } from "../../../../../kernel-lib/src/papers/pdf/contexts.js";

const float = (number: string, more: Partial<Numbered> = {}): Numbered => ({
  float: "figure",
  number,
  series: "",
  ...more,
});
const floats = [
  ...["1", "2", "3", "4", "5", "S1", "A.1"].map((number) => float(number)),
  float("2", { series: "extended data" }),
  float("II", { float: "table" }),
  float("2", { series: "supplementary" }),
];

/** Numbers of the floats that a text refers to. */
const mentioned = (text: string) =>
  contextsOf([{ text, section: null }], floats).flatMap((contexts, i) =>
    contexts.length ? [`${floats[i]!.series} ${floats[i]!.number}`.trim()] : [],
  );

test.each([
  ["As Figure 3 shows", ["3"]],
  ["Figs. 2–4 agree", ["2", "3", "4"]],
  ["Figs. 1 and 3", ["1", "3"]],
  ["in Fig. 2a,b and 4(c)", ["2", "4"]],
  ["panel (b) of Fig. 3", ["3"]],
  ["see Figure S1", ["S1"]],
  ["Supplementary Fig. 1", ["S1"]],
  ["Supplementary Figure 2", ["supplementary 2"]],
  ["in Fig. A.1 and Fig. A1", ["A.1"]],
  ["Extended Data Fig. 2", ["extended data 2"]],
  ["Table II lists", ["II"]],
  ["Figure 3 of Smith et al. and Fig. 2 in [12]", []],
  ["Figure 9 and the figure", []],
])("finds what %j refers to", (text, numbers) => {
  expect(mentioned(text)).toEqual(numbers);
});

test("a context names its paragraph, section and the sentences that hold the reference", () => {
  const text = "It rises. Fig. 1 shows that. It falls. See Figs. 1 and 2.";
  const contexts = contextsOf(
    [
      { text: "None here.", section: null },
      { text, section: "Results" },
    ],
    floats,
  );
  expect(contexts[0]).toEqual([
    {
      text,
      section: "Results",
      paragraph: 1,
      sentences: [
        [10, 28],
        [39, 57],
      ],
    },
  ]);
  expect(contexts[1]![0]!.sentences.map((range) => text.slice(...range))).toEqual(["See Figs. 1 and 2."]);
});
