import { join } from "node:path";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import { MockServer } from "../../../../cluster/src/mock-server/index.js";
import { synthesize } from "../../../support/synthetic/dataset.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { bundleCommand, run } from "./bundle.js";

let command: string;
let dataset: string;
beforeAll(async () => {
  command = await bundleCommand();
});

const estimate = (...flags: string[]) =>
  run(command, ["estimate", dataset, "--prompt", "terse", ...flags], { FIGLOOM_ENDPOINTS: "" });

it("says what a run will take, with and without servers", async () => {
  dataset = join(await freshFolder(), "d");
  await synthesize(dataset, { figures: 12 });
  expect(await estimate("--calibrate", "0")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /^12 figures to ask about\n.*\n.* at most .*\n {2}time .*not known.*\nBasis: nothing was asked; .*\n$/,
    ) as string,
  });
  expect(await estimate("--calibrate", "0", "--model", "named")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^12 figures to ask about/) as string,
  });

  const server = await MockServer.start({ speed: 100 });
  onTestFinished(() => server.close());
  const asked = await estimate(
    "--endpoint",
    server.url,
    "--calibrate",
    "6",
    "--gpus",
    "8",
    "--gpu-hour",
    "2.5",
    "--json",
  );
  expect(asked.code).toBe(0);
  const said = JSON.parse(asked.stdout) as { hours: { value: number }; cost: { value: number } };
  expect(said).toMatchObject({ figures: 6, made: 6, calibrated: 6 });
  expect(said.cost.value).toBeCloseTo(8 * 2.5 * said.hours.value);
});

it("says in one sentence what is wrong with the call", async () => {
  dataset = join(await freshFolder(), "d");
  await synthesize(dataset, { figures: 1 });
  for (const [flags, words] of [
    [[], "No server is named"],
    [["--gpu-hour", "cheap"], "It is a number from 0"],
    [["--calibrate", "0", "--where", "mood = 'good'"], "The condition \"mood = 'good'\" cannot be used"],
  ] as const) {
    const ran = await estimate(...flags);
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toContain(words);
  }
});
