import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { bundle } from "../../cluster/bundle.mjs";
import type { fleet as Fleet } from "../../cluster/src/fleet/index.js";
import { serveScript } from "../../cluster/src/servers/index.js";
import { slurm } from "../../cluster/src/slurm/slurm.js";
import { vllm } from "../../kernel-lib/src/captions/vllm/vllm.js";
import { type Slurm, startSlurm } from "../support/slurm/slurm.js";
import { Bench } from "./bench.js";
import { until } from "../support/until.js";

// Below the tests, so that the bundle finds the packages it is made to find.
const output = join(import.meta.dirname, "../output");
const bench = new Bench();
let programs: string;
let fleet: typeof Fleet;
let cluster: Slurm;

beforeAll(async () => {
  mkdirSync(output, { recursive: true });
  programs = mkdtempSync(join(output, "slurm-fleet-"));
  await bundle(programs);
  ({ fleet } = createRequire(import.meta.url)(join(programs, "index.cjs")) as { fleet: typeof Fleet });
  cluster = await startSlurm({ nodes: 3 });
  vi.stubEnv("SLURM_CONF", cluster.env.SLURM_CONF);
  vi.stubEnv("FIGLOOM_FLEET", bench.file("fleets"));
  vi.stubEnv("FIGLOOM_ENDPOINTS", "");
  vi.stubEnv("FIGLOOM_API_KEY", "sesame");
  vi.stubEnv("FIGLOOM_MOCK", join(programs, "mock-server-program.cjs"));
});
afterAll(async () => {
  await fleet.stop();
  await cluster.stop();
  vi.unstubAllEnvs();
  await bench.remove();
  rmSync(programs, { recursive: true, force: true });
});

const serving = (count: number) =>
  until(async () => {
    const [now] = (await fleet.status()).fleets;
    return now!.endpoints.length === count ? now! : undefined;
  });

test("a fleet on Slurm is found, heals when a node dies, and goes when it is stopped", async () => {
  await fleet.start({
    ...{ model: "qwen", nodes: 2, serve: serveScript("mock"), media: bench.path, beatSeconds: 0.5 },
    on: slurm({ folder: bench.jobs }),
    resources: { gpus: 8, cpus: 4 },
    gpusEach: 4,
  });
  const { signal } = new AbortController();
  const model = vllm({ shared: false, onWarning: () => undefined });
  await model.ready({ signal, folder: bench.path });
  await model.close();

  const before = await serving(4);
  const [host] = before.nodes.map((node) => node.host!);
  expect(before.endpoints.join()).not.toContain("127.0.0.1");
  await cluster.crash(host!);
  await until(async () => {
    const [now] = (await fleet.status()).fleets;
    const moved = now!.endpoints.filter((endpoint) => !before.endpoints.includes(endpoint));
    return now!.endpoints.length === 4 && moved.length === 2;
  }, 500);

  const stopped = await fleet.stop();
  expect(stopped.fleets[0]!.nodes.map(({ state }) => state)).toEqual(["gone", "gone"]);
  expect(stopped.fleets[0]!.endpoints).toEqual([]);
});

test("a partition that is not there is told before anything is asked for", async () => {
  await expect(
    fleet.start({
      model: "other",
      serve: serveScript("mock"),
      on: slurm({ folder: bench.jobs, partition: "nowhere" }),
    }),
  ).rejects.toThrow(/nowhere/);
});
