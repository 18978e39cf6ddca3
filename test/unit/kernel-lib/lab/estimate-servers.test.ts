import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { MockServer } from "../../../../cluster/src/mock-server/index.js";
import { loadPrompt } from "../../../../kernel-lib/src/captions/prompts/load.js";
import { vllm } from "../../../../kernel-lib/src/captions/vllm/vllm.js";
import { openLab } from "../../../../kernel-lib/src/lab/lab.js";
import { synthesize } from "../../../support/synthetic/dataset.js";
import { freshFolder } from "../../../support/fresh-folder.js";

it("says beforehand what a run over servers then takes", async () => {
  const folder = join(await freshFolder(), "d");
  await synthesize(folder, { figures: 120 });
  const servers = await Promise.all([1, 2].map(() => MockServer.start({ speed: 50 })));
  onTestFinished(async () => {
    await Promise.all(servers.map((server) => server.close()));
  });
  const on = vllm({ endpoints: servers.map(({ url }) => url) });
  onTestFinished(() => on.close());
  const lab = await openLab(folder);
  const prompt = await loadPrompt("context");

  const estimate = await lab.estimate({ prompt, on, calibrate: 30, prices: { gpuHour: 2 } });
  expect(estimate).toMatchObject({ figures: 90, made: 30, calibrated: 30 });
  expect(estimate.basis).toMatch(
    /^30 figures answered by figloom-mock-vl on 2 servers; hours are for 30 in flight/,
  );
  expect(estimate.gpu_hours!.value).toBeCloseTo(2 * estimate.hours!.value);

  const before = { ...on.usage };
  expect(await lab.recaption({ prompt, on })).toMatchObject({
    made: 90,
    reused: 30,
    quarantined: 0,
  });
  for (const tokens of ["prompt_tokens", "completion_tokens"] as const) {
    const { value, range } = estimate[tokens];
    const used = on.usage[tokens] - before[tokens];
    // Twice as far off as in one of twenty cases: not by chance.
    expect(Math.abs(used - value)).toBeLessThan(range![1] - range![0]);
  }
  const asked = await Promise.all(
    servers.map((server) => fetch(`${server.url}/mock/report`).then((r) => r.json())),
  );
  expect(asked).toMatchObject([{ wrong_pictures_total: 0 }, { wrong_pictures_total: 0 }]);
});
