import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLab, type Lab } from "../../../../kernel-lib/src/lab/lab.js";
import type { ClaimVerdict } from "../../../../kernel-lib/src/scores/judge/agreement.js";
import { scoredDataset, type ScoredPair } from "../../../support/synthetic/scored.js";

let folder: string;
let lab: Lab;
/** Two claims a new caption: the judge supports the first of all, and contradicts the second of every other. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "figloom-test-"));
  const pairs = Array.from({ length: 8 }, (_, i): ScoredPair => ({
    ...{ figure_id: `p1#fig${i + 1}`, paper_id: "p1", discipline: "Physics", from: i, to: 1 },
  }));
  const claim = (text: string, verdict: string) => ({
    text,
    span: [0, 1],
    kind: "colour",
    seen: "",
    verdict,
  });
  await scoredDataset(join(folder, "d"), {
    pairs,
    scores: ({ from }, caption) =>
      caption === "raw"
        ? []
        : [
            {
              metric: "judge",
              value: 1,
              detail: JSON.stringify({
                claims: [claim("red", "supported"), claim("rises", from % 2 ? "contradicted" : "supported")],
              }),
            },
          ],
  });
  lab = await openLab(join(folder, "d"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const label = (figure: number, text: string, verdict: ClaimVerdict["verdict"], caption = "new") => ({
  ...{ figure_id: `p1#fig${figure}`, caption, text, verdict },
});

test("a judge's scores are compared with what people said of the same claims", async () => {
  const labels = Array.from({ length: 6 }, (_, i) => [
    label(i + 1, "red", "supported"),
    label(i + 1, "rises", "contradicted"),
  ]).flat();
  const file = join(folder, "labels.jsonl");
  await writeFile(file, labels.map((one) => JSON.stringify(one)).join("\n"));
  const found = await lab.agreement(file);
  // p₀ = 9/12, pₑ = (6 · 9 + 6 · 3) / 12² = 1/2.
  expect(found).toMatchObject({
    n: 12,
    captions: 6,
    observed: 0.75,
    kappa: 0.5,
    onlyLabelled: 0,
    onlyJudged: 0,
  });
  expect(found.table[1]).toEqual([3, 3, 0]);
  expect(await lab.agreement(labels)).toEqual(found);
});

test("where the judge scored none of the captions it is said what to do", async () => {
  await expect(lab.agreement([label(1, "red", "supported", "raw")])).rejects.toThrow(
    'none is of a caption with a "judge" score: lab.score(["judge"]) makes them',
  );
  await expect(lab.agreement([label(1, "red", "supported")], { metric: "judge-2" })).rejects.toThrow(
    '"judge-2"',
  );
});
