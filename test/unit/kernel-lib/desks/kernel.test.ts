import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DATASET_TARGET, type Tile } from "../../../../kernel-lib/src/views/dataset-service.js";
import type { Question, Reply } from "../../../../kernel-lib/src/views/link.js";
import { bundlePrograms } from "../../../support/bundle-programs.js";
import { synthesize } from "../../../support/synthetic/dataset.js";
import { startKernel, type Comm, type Kernel } from "../../../support/tslab-kernel.js";
import { asked } from "../service/samples.js";

let bundles: string;
let folder: string;
let kernel: Kernel;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "figloom-kernel-"));
  await synthesize(folder, { figures: 7 });
  bundles = await bundlePrograms("service", {
    preload: "kernel-lib/src/kernel/preload.ts",
    service: "kernel-lib/src/desks/main.ts",
  });
  kernel = await startKernel({ cwd: folder, preload: join(bundles, "preload.cjs") });
});
afterAll(async () => {
  await kernel?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Asks over a comm, as a page does. */
async function answer(comm: Comm, question: Question): Promise<Reply> {
  await comm.send(question);
  for (;;) {
    const reply = (await comm.next()).data as Reply;
    if ("id" in reply && "id" in question && reply.id === question.id) return reply;
  }
}

test("a kernel that never imported figloom answers views, and again after a page came back", async () => {
  for (const id of [1, 2]) {
    const comm = await kernel.openComm(DATASET_TARGET, { dataset: "." });
    const reply = await answer(comm, { id, ask: "tiles", argument: { ...asked(), from: 5, count: 60 } });
    const tiles = (reply as { answer: Tile[] }).answer;
    expect(tiles.map(({ figure_id }) => figure_id)).toEqual(["paper-000001#fig1", "paper-000001#fig2"]);
    await comm.close();
  }
});

test("what is not a question is refused in plain words", async () => {
  const comm = await kernel.openComm(DATASET_TARGET, { dataset: folder });
  const wrong = { ...asked({ where: "x'" }), from: 0, count: 60 };
  expect(await answer(comm, { id: 1, ask: "tiles", argument: wrong })).toMatchObject({
    error: { kind: "configuration", message: expect.stringContaining("x'") as unknown },
  });
  expect(
    await answer(comm, { id: 2, ask: "tiles", argument: { ...asked(), from: 0, count: 1e9 } }),
  ).toMatchObject({ error: { kind: "configuration", message: expect.stringContaining("count") as unknown } });
  expect(await answer(comm, { id: 3, ask: "constructor", argument: {} })).toMatchObject({
    error: { message: expect.stringContaining("constructor") as unknown },
  });
});

test("a folder without a dataset says so", async () => {
  const comm = await kernel.openComm(DATASET_TARGET, { dataset: bundles });
  expect(await answer(comm, { id: 1, ask: "about", argument: {} })).toMatchObject({
    error: { kind: "configuration", message: expect.stringContaining("There is no dataset") as unknown },
  });
});
