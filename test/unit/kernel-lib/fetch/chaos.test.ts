import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { eprintOf, pdfOf, type Fault } from "../../../fixtures/arxiv-server.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { fetchFrom, filesOf, metadataOf, PACE, startArxiv, ownCache } from "./served.js";

beforeEach(ownCache);

/** Numbers in [0, 1) that are the same in every run (a linear congruential generator). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

const FAULTS: readonly Fault[] = [
  { status: 503, headers: { "retry-after": "0" } },
  { status: 500 },
  { status: 200, body: "<html><body>Back soon</body></html>" },
  { status: 200, body: "" },
  { status: 302, headers: { location: "#again" } },
  "hang",
  "reset",
  "truncate",
  "cut-without-length",
  "long-length",
  "drip",
];

describe("a bad day", () => {
  it.each(Array.from({ length: 8 }, (_, i) => i + 1))(
    "number %i ends with every paper whole, and no request too soon",
    async (seed) => {
      const random = seeded(seed);
      const ids = Array.from({ length: 4 }, (_, i) => `2401.0000${i}`);
      const server = await startArxiv(ids.map((id) => ({ id })));
      server.pageSize = 2;
      server.ranges = random() < 0.5;
      const faults = () =>
        Array.from({ length: Math.floor(random() * 4) }, () => FAULTS[Math.floor(random() * FAULTS.length)]!);
      for (const path of ["/oai", ...ids.flatMap((id) => [`/e-print/${id}`, `/pdf/${id}`])])
        server.faults.set(path, faults());
      const out = await freshFolder();
      const query = { categories: ["astro-ph"], from: "2024-01-01" };
      const result = await fetchFrom(server, query, { out, pdf: true, silence: 2 });
      expect(result).toMatchObject({ papers: 4, quarantined: 0 });
      expect(await filesOf(out)).toEqual(ids.flatMap((id) => [`${id}.pdf`, `${id}.tar.gz`]));
      for (const id of ids) {
        expect(await readFile(join(out, `${id}.tar.gz`))).toEqual(eprintOf(id));
        expect(await readFile(join(out, `${id}.pdf`))).toEqual(pdfOf(id));
      }
      expect(await metadataOf(out)).toHaveLength(4);
      expect(Math.min(...server.gaps)).toBeGreaterThanOrEqual(PACE * 1000);
    },
    300_000,
  );
});
