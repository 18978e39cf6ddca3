import { expect, test } from "vitest";
import { pinned } from "../../../../kernel-lib/src/scores/same-scorer.js";
import type { Scorer } from "../../../../kernel-lib/src/scores/scorer.js";

/** It knows which model it has once it was identified. */
function scorer(found: string): Scorer {
  let id: string | null = null;
  return {
    ...{ metric: "clip", also: ["clip-best"], version: 1, spec: { kind: "clip", options: {} } },
    ...{ readsText: true, readsVectors: true },
    get id() {
      if (id === null) throw new Error("not known yet");
      return id;
    },
    identify() {
      id = found;
      return Promise.resolve();
    },
    score: () => Promise.resolve({ scores: [] }),
  };
}

test("the model that was meant goes on as if nothing were asked of it", async () => {
  const same = pinned(scorer("org/clip@abc"), "org/clip@abc");
  await same.identify!({});
  expect(same).toMatchObject({ metric: "clip", also: ["clip-best"], id: "org/clip@abc", version: 1 });
  // What it is given on workers is what it is given in a cell.
  expect(same).toMatchObject({ readsText: true, readsVectors: true });
});

test("another model under the same name is refused, with both of them named", async () => {
  await expect(pinned(scorer("org/clip@def"), "org/clip@abc").identify!({})).rejects.toThrow(
    /"clip" was to be measured by org\/clip@abc, and what goes by this name on .* is org\/clip@def/,
  );
});
