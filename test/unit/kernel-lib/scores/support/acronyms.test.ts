import { describe, expect, test } from "vitest";
import { definitions } from "../../../../../kernel-lib/src/scores/support/acronyms.js";
import { support, type SupportDetail } from "../../../../../kernel-lib/src/scores/support.js";
import { figureWith, paper } from "../../captions/papers.js";

test.each([
  ["A support vector machine (SVM) wins.", "SVM", "support vector machine"],
  ["the area under the curve (AUC) of", "AUC", "area under the curve"],
  ["signal-to-noise ratios (SNRs)", "SNR", "signal to noise ratios"],
  ["by deoxyribonucleic acid (DNA)", "DNA", "deoxyribonucleic acid"],
  ["of self-supervised learning (SSL)", "SSL", "self supervised learning"],
  ["an LNA (low-noise amplifier) of", "LNA", "low noise amplifier"],
])("%s defines %s as %s", (text, short, long) => {
  const [found] = definitions(text);
  expect([found!.short, found!.long.join(" ")]).toEqual([short, long]);
});

test.each([
  "the result (SVM) of",
  "shown (left) and (B)",
  "it ended. Very much (SVM)",
  "(SVM)",
  "a star (HD)",
])("%s defines nothing", (text) => expect(definitions(text)).toEqual([]));

describe("a caption's acronym", () => {
  const figure = figureWith({
    caption: "Accuracy of SVM.",
    contexts: ["A support vector machine (SVM) beats principal component analysis. We use MRI."],
  });
  const judge = async (text: string) => {
    const input = { figure, paper, image: null, figure_text: null, caption: "model", text };
    const { scores } = await support().score(input, { signal: new AbortController().signal });
    const { claims } = JSON.parse(scores[0]!.detail!) as SupportDetail;
    return claims.find(({ kind }) => kind === "acronym")!;
  };

  test.each([
    ["by SVM here", "caption"],
    ["by PCA here", "context 1"],
    ["by support vector machines (SVMs) here", "context 1"],
    ["by principal component analysis (PCA) here", "context 1"],
  ])("%s is supported by the %s", async (text, source) => {
    expect(await judge(text)).toMatchObject({ supported: true, source });
  });

  test.each([
    ["by SVR here", "the acronym SVR stands nowhere"],
    ["by singular value mapping (SVM) here", "in the paper's text SVM stands for support vector machine"],
    ["by magnetic resonance imaging (MRI) here", "nowhere says magnetic resonance imaging"],
  ])("%s is not supported", async (text, reason) => {
    const claim = await judge(text);
    expect(claim.supported).toBe(false);
    expect(claim.reason).toContain(reason);
  });
});
