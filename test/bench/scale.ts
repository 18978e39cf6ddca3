/** A run of millions of figures on up to 64 nodes, simulated: how long it takes, what is lost to what, what gives way first. */
import { rowsOf, TABLES } from "../simulation/tables.js";
import { WORLD } from "../simulation/world.js";
import { VERSION } from "../../kernel-lib/src/version.js";
import { measureParts } from "./support/parts.js";
import { type Bench, versionsText } from "./support/report.js";

const bench: Bench = {
  about:
    "15.5 million figures on 1 to 64 nodes, simulated; --rounds says how many seeds, --figures how many figures",
  parts: TABLES,
  async run({ rounds, only, figures = WORLD.figures, say }) {
    const versions = { figloom: VERSION, Node: process.versions.node };
    say(versionsText(versions));
    const parts = await measureParts(TABLES, { only, say }, async function* (table, name) {
      yield {
        title: table.title,
        items: `${figures.toLocaleString("en")} figures, medians of seeds 1 to ${rounds}`,
        commands: {},
        figures: {},
        rows: rowsOf(name, { figures, seeds: rounds }),
      };
    });
    return { versions, parts };
  },
};
export default bench;
