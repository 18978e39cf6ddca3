/** How often the support score is right about claims that a person labelled. */
import { join } from "node:path";
import { support } from "../../kernel-lib/src/scores/support.js";
import { VERSION } from "../../kernel-lib/src/version.js";
import { measureParts } from "./support/parts.js";
import { type Bench, type Part, versionsText } from "./support/report.js";
import { labelledCaptions, type Case } from "../support/support-claims/cases.js";
import { measureSupport, precision, recall, type Tally } from "../support/support-claims/measure.js";

const FOLDER = join(import.meta.dirname, "../fixtures/support-claims");
const HALVES = { tuned: "tuned", "held-out": "held-out" } as const;

const bench: Bench = {
  about:
    "precision and recall of the support score on captions labelled by hand, by kind of claim and of error",
  parts: HALVES,
  async run({ only, say }) {
    const { id, version } = support();
    const versions = { figloom: VERSION, [id]: `version ${version}` };
    say(versionsText(versions));
    const cases = labelledCaptions(FOLDER);
    const parts = await measureParts(HALVES, { only, say }, async function* (half) {
      yield await measured(
        half,
        cases.filter((one) => one.half === half),
      );
    });
    return { versions, parts };
  },
};
export default bench;

async function measured(half: string, cases: readonly Case[]): Promise<Part> {
  const { all, byKind, byError } = await measureSupport(support(), cases);
  const errors = [...byError].map(([error, { wrong, caught }]) => [error, `${caught} of ${wrong}`] as const);
  return {
    title: `Labelled captions, ${half}`,
    items: `${cases.length} captions, ${all.labelled} claims, ${all.wrong} of them unsupported`,
    commands: { scored: "support()" },
    figures: Object.fromEntries([
      ...Object.entries(rowOf(all)),
      ...errors.map(([error, caught]) => [`caught of planted ${error}`, caught]),
    ]),
    rows: [...byKind].map(([kind, tally]) => ({ kind, ...rowOf(tally) })),
  };
}

function rowOf(tally: Tally): Record<string, string> {
  const { labelled, found, extra, wrong, caught, flagged, right, placed, samePlace } = tally;
  return {
    "claims found": `${found} of ${labelled}`,
    "claims too many": String(extra),
    precision: `${precision(tally).toFixed(3)} (${right} of ${flagged})`,
    recall: `${recall(tally).toFixed(3)} (${caught} of ${wrong})`,
    "same place": `${samePlace} of ${placed}`,
  };
}
