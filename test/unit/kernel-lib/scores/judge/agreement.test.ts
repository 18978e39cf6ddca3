import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { agreement, type ClaimVerdict } from "../../../../../kernel-lib/src/scores/judge/agreement.js";
import { judgedClaims, readLabels } from "../../../../../kernel-lib/src/scores/judge/labels.js";
import { VERDICTS } from "../../../../../kernel-lib/src/scores/judge/verdicts.js";

/** Verdicts that fill a table of people (rows) against the judge (columns), over so many captions in turn. */
function filling(table: number[][], captions = 10): [ClaimVerdict[], ClaimVerdict[]] {
  const [people, judge]: [ClaimVerdict[], ClaimVerdict[]] = [[], []];
  table.forEach((row, i) =>
    row.forEach((count, j) => {
      for (let k = 0; k < count; k++) {
        const n = people.length;
        const about = { figure_id: `p#fig${n % captions}`, caption: "model", text: `claim ${n}` };
        people.push({ ...about, verdict: VERDICTS[i]! });
        judge.push({ ...about, verdict: VERDICTS[j]! });
      }
    }),
  );
  return [people, judge];
}

test.each([
  // Worked by hand: p₀ = 0.7, pₑ = 0.5 · 0.6 + 0.5 · 0.4 = 0.5.
  [[[20, 5, 0], [10, 15, 0], [0, 0, 0]], 0.4, 0.7],
  // p₀ = 0.6, pₑ = 0.6 · 0.7 + 0.4 · 0.3 = 0.54.
  [[[45, 15, 0], [25, 15, 0], [0, 0, 0]], 0.06 / 0.46, 0.6],
  // p₀ = 0.73, pₑ = (40 · 38 + 35 · 35 + 25 · 27) / 10⁴ = 0.342.
  [[[30, 6, 4], [5, 25, 5], [3, 4, 18]], (0.73 - 0.342) / 0.658, 0.73],
  [[[7, 0, 0], [0, 9, 0], [0, 0, 4]], 1, 1],
  [[[0, 5, 0], [5, 0, 0], [0, 0, 0]], -1, 0],
] as [number[][], number, number][])("kappa of the table %j is %f", (table, kappa, observed) => {
  const found = agreement(...filling(table), { resamples: 200 });
  expect(found.kappa).toBeCloseTo(kappa, 10);
  expect(found.observed).toBeCloseTo(observed, 10);
  expect(found.table).toEqual(table);
  expect(found.n).toBe(table.flat().reduce((sum, count) => sum + count));
}); // prettier-ignore

test("the interval draws whole captions: wider where a caption's claims stand and fall together", () => {
  const apart = agreement(...filling([[40, 10, 0], [10, 40, 0], [0, 0, 0]], 100)); // prettier-ignore
  // The same table, each verdict in captions of its own.
  const [people, judge] = filling([[40, 10, 0], [10, 40, 0], [0, 0, 0]], 100); // prettier-ignore
  const together = [people, judge].map((verdicts) =>
    verdicts.map((one, n) => ({ ...one, figure_id: `p#fig${Math.floor(n / 5)}` })),
  ) as [ClaimVerdict[], ClaimVerdict[]];
  const clustered = agreement(...together);
  expect([apart.captions, clustered.captions]).toEqual([100, 20]);
  expect(apart.kappa).toBeCloseTo(0.6);
  const width = ([low, high]: readonly [number, number]) => high - low;
  expect(width(clustered.interval!)).toBeGreaterThan(1.5 * width(apart.interval!));
  expect(apart.interval![0]).toBeLessThan(0.6);
  expect(apart.interval![1]).toBeGreaterThan(0.6);
  expect(agreement(...together)).toEqual(clustered);
});

test("claims of one side only are counted, not compared", () => {
  const [people, judge] = filling([[5, 1, 0], [1, 5, 0], [0, 0, 0]]); // prettier-ignore
  const found = agreement([...people, { ...people[0]!, text: "seen by people" }], judge.slice(1));
  expect(found).toMatchObject({ n: 11, onlyLabelled: 2, onlyJudged: 0 });
});

test("where chance alone agrees fully there is no kappa, and few captions give no interval", () => {
  expect(agreement(...filling([[9, 0, 0], [0, 0, 0], [0, 0, 0]]))).toMatchObject({ kappa: null, observed: 1, interval: null }); // prettier-ignore
  const few = agreement(...filling([[5, 2, 0], [2, 5, 0], [0, 0, 0]], 3)); // prettier-ignore
  expect(few.interval).toBeNull();
  expect(few.note).toContain("too few captions");
  expect(agreement([], [])).toMatchObject({ kappa: null, n: 0, observed: null });
});

const folder = await mkdtemp(join(tmpdir(), "figloom-labels-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

test("labels are read from a file, a line each, and a wrong line is named", async () => {
  const file = join(folder, "labels.jsonl");
  const label = { figure_id: "p#fig1", caption: "model", text: "red", verdict: "cannot tell" };
  await writeFile(file, `${JSON.stringify(label)}\n\n`);
  expect(await readLabels(file)).toEqual([label]);
  await writeFile(file, `${JSON.stringify(label)}\n${JSON.stringify({ ...label, verdict: "yes" })}\n`);
  await expect(readLabels(file)).rejects.toThrow(/labels\.jsonl:2: verdict: .*supported, contradicted/s);
  await writeFile(file, "red: yes");
  await expect(readLabels(file)).rejects.toThrow("labels.jsonl:1: ");
  await expect(readLabels(join(folder, "none.jsonl"))).rejects.toThrow("cannot be read");
});

test("what a judge said comes out of its scores", () => {
  const claims = [{ text: "red", span: [0, 3], kind: "colour", verdict: "supported", seen: "red" }];
  expect(
    judgedClaims([
      { figure_id: "p#fig1", caption: "raw", detail: JSON.stringify({ claims }) },
      { figure_id: "p#fig2", caption: "raw", detail: null },
    ]),
  ).toEqual([{ figure_id: "p#fig1", caption: "raw", text: "red", verdict: "supported" }]);
});
