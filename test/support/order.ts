import { readFileSync } from "node:fs";
import type { TestSpecification } from "vitest/node";
import { BaseSequencer } from "vitest/node";

/** Unit tests that take longest, longest first: begun last, one of them would keep a machine waiting alone. */
const LONG = [
  "kernel-lib/cli/corpus",
  "kernel-lib/figures/tex/hostile",
  "kernel-lib/cli/",
  "kernel-lib/stages/works/",
  "kernel-lib/desks/hostile",
  "cluster/launch/",
  "kernel-lib/fetch/",
  "extension/hostile",
  "kernel-lib/lab/",
];

/**
 * The order of test files: pages in a browser, which keep the machine busy, in turn with clusters and chaos, which wait
 * for much; then unit tests, the long ones first, those in a page behind all others: a process whose next file is of
 * another environment ends, and the libraries that it has loaded are loaded again.
 */
export default class Order extends BaseSequencer {
  override async sort(specs: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(specs);
    const of = (...projects: string[]) => sorted.filter(({ project }) => projects.includes(project.name));
    const long = (spec: TestSpecification) => {
      const at = LONG.findIndex((path) => spec.moduleId.includes(`/unit/${path}`));
      return at < 0 ? LONG.length : at;
    };
    const page = new Set(of("unit").filter(inPage));
    const unit = of("unit").sort((a, b) => Number(page.has(a)) - Number(page.has(b)) || long(a) - long(b));
    return [...inTurn(of("browser", "notebooks"), of("slurm", "chaos")), ...unit];
  }
}

const inPage = ({ moduleId }: TestSpecification): boolean =>
  readFileSync(moduleId, "utf8").startsWith("// @vitest-environment jsdom");

/** One of these, one of those. */
function inTurn<T>(these: readonly T[], those: readonly T[]): T[] {
  return Array.from({ length: Math.max(these.length, those.length) }, (_, i) => [these[i], those[i]])
    .flat()
    .filter((one) => one !== undefined);
}
