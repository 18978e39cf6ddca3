/** A dataset of figures with pictures, and a server that a reader asks about them. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { FaultRule, MockServer } from "../../../../../cluster/src/mock-server/index.js";
import { Dataset } from "../../../../../kernel-lib/src/dataset/store.js";
import { openLab } from "../../../../../kernel-lib/src/lab/lab.js";
import { serve } from "../../../cluster/mock-server/client.js";
import { figuresIn } from "../../captions/vllm/figures.js";
import { freshFolder } from "../../../../support/fresh-folder.js";
import { samplePaper } from "../../dataset/samples.js";

/** What requests about these figures have in front of their ids; the check before work has another. */
const PAPER = "paper";

/** So many figures; faults come with requests about them, which are counted. */
export async function setting(many: number, rules: FaultRule[] = []) {
  const server = await serve({ faults: { rules: rules.map((rule) => ({ match: ABOUT_FIGURES, ...rule })) } });
  const dataset = await Dataset.openOrCreate(join(await freshFolder(), "d"));
  const { folder } = dataset;
  await mkdir(folder, { recursive: true });
  const pictured = await figuresIn(folder, many);
  const figures = pictured.map(({ figure }, ordinal) => ({ ...figure, ordinal, layout_reader: null }));
  await dataset.write({ stage: "ingest", stage_version: 1 }, (writer) =>
    writer.append({ key: "one", paper: samplePaper(PAPER), figures }),
  );
  return { server, lab: await openLab(folder), asked: () => askedAt(server) };
}
const ABOUT_FIGURES = { id: `^${PAPER}` };

/** Requests about figures; those of the check before work aside. */
function askedAt(server: MockServer): number {
  const ids = Object.entries(server.report().ids).filter(([id]) => id.startsWith(PAPER));
  return ids.reduce((sum, [, { asked }]) => sum + asked, 0);
}
