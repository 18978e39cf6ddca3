import { setMaxListeners } from "node:events";
import { writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { vllm } from "../../../../kernel-lib/src/captions/vllm/vllm.js";
import { figuresIn, newFolder, removeFolders } from "../../kernel-lib/captions/vllm/figures.js";
import { prompt } from "../../kernel-lib/captions/prompts/make.js";
import { MODEL, ServersBench } from "./bench.js";
import { until } from "../../../support/until.js";

const bench = new ServersBench("servers-client");
beforeAll(() => bench.prepare());
afterEach(async () => {
  await bench.clear();
  await removeFolders();
});
afterAll(() => bench.remove());

const SIGNAL = new AbortController().signal;
setMaxListeners(0, SIGNAL);

test("a figure that kills servers is found; the servers come back each time, and the rest gets its captions", async () => {
  const folder = await newFolder();
  const figures = await figuresIn(folder, 12);
  const { figure_id } = figures[5]!.figure;
  const faults = bench.file("faults.json");
  const id = `^${figure_id.replace("#", "\\W")}/`;
  writeFileSync(faults, JSON.stringify({ rules: [{ match: { id }, fault: { kind: "death" } }] }));
  const env = { ...bench.env("0,1"), FIGLOOM_MOCK_ARGS: `--faults ${faults} --exit-after 0.1 --speed 50` };
  const servers = await bench.start("0,1", {}, { env, folder });

  const model = vllm({
    ...{ endpoints: servers.endpoints, model: MODEL, shared: true, patience: 60 },
    restart: (endpoint) => servers.restart(endpoint),
    onWarning: () => undefined,
  });
  const captioner = model.captioner(prompt("id: plain\nabout: A caption."));
  await captioner.ready!({ signal: SIGNAL, folder });
  const ends = await Promise.allSettled(
    figures.map((figure) => captioner.caption(figure, { signal: SIGNAL })),
  );
  await model.close();

  const failed = ends.flatMap((end, at) => (end.status === "rejected" ? [[at, end.reason.reason]] : []));
  expect(failed).toEqual([[5, "kills-server"]]);
  const starts = servers.states.reduce((sum, state) => sum + state.starts, 0);
  expect(starts).toBeGreaterThan(2);
  await until(() => servers.states.every(({ health }) => health === "up"));
});
