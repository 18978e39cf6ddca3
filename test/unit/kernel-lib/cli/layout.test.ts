import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { openLab } from "../../../../kernel-lib/src/lab/lab.js";
import { LayoutServer } from "../../../fixtures/layout-server.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { bundleCommand, run, start } from "./bundle.js";

const PAPER = join(import.meta.dirname, "../../../../notebooks/papers/bird-strikes.pdf");
const server = new LayoutServer([
  { kind: "image", page: 2, body: [57, 432, 160, 557], caption: [100, 571, 246, 580] },
]);
let command: string;
let base: string;
let papers: string;
let dataset: string;
beforeAll(async () => {
  command = await bundleCommand();
  Object.assign(server, { pages: 2, size: { width: 595.276, height: 841.89 }, key: "secret" });
  base = await server.start();
});
afterAll(() => server.stop());
beforeEach(async () => {
  server.polls = 1;
  server.requests.length = 0;
  const folder = await freshFolder();
  [papers, dataset] = [join(folder, "papers"), join(folder, "dataset")];
  await mkdir(papers);
  await copyFile(PAPER, join(papers, "bird-strikes.pdf"));
});

const ingest = (flags: string[], env: NodeJS.ProcessEnv = {}) =>
  run(command, ["ingest", papers, "--out", dataset, ...flags], env);
const readers = async () =>
  (await (await openLab(dataset)).figures({ where: "layout_reader IS NOT NULL" })).map(
    (figure) => `${figure.number} ${figure.layout_reader}`,
  );

it("--layout names who says where figures stand, before FIGLOOM_LAYOUT does", async () => {
  const env = { FIGLOOM_LAYOUT: "docling=http://127.0.0.1:9" };
  expect(await ingest(["--layout", `mineru=${base}`], env)).toMatchObject({ code: 0 });
  expect(await readers()).toEqual(["3 mineru"]);
});

it("FIGLOOM_LAYOUT does where there is no --layout, and the key goes along", async () => {
  const env = { FIGLOOM_LAYOUT: `docling=${base}`, FIGLOOM_LAYOUT_KEY: "secret" };
  expect(await ingest([], env)).toMatchObject({ code: 0 });
  expect(await readers()).toEqual(["3 docling"]);
});

it.each([
  ["grobid=http://127.0.0.1:9", /A layout reader is named as mineru=/],
  ["mineru=http://127.0.0.1:9", /MinerU at http:\/\/127\.0\.0\.1:9\/ cannot be reached; start it/],
])("--layout %s stops before the work starts", async (layout, message) => {
  const ran = await ingest(["--layout", layout]);
  expect(ran).toMatchObject({ code: 2, stdout: "" });
  expect(ran.stderr).toMatch(message);
});

it("a refused key stops the work, and is not shown", async () => {
  const ran = await ingest(["--layout", `docling=${base}`], { FIGLOOM_LAYOUT_KEY: "sesame" });
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain("set FIGLOOM_LAYOUT_KEY to one that it accepts");
  expect(ran.stderr).not.toContain("sesame");
});

it("Ctrl-C ends the request that is under way", async () => {
  server.faults.set("/file_parse", ["hang"]);
  const child = start(command, ["ingest", papers, "--out", dataset, "--layout", `mineru=${base}`]);
  const code = new Promise((resolve) => child.once("exit", resolve));
  const isAsked = () => server.requests.some(({ path }) => path === "/file_parse");
  await expect.poll(isAsked, { timeout: 60_000 }).toBe(true);
  const { abandoned } = server;
  child.kill("SIGINT");
  expect(await code).toBe(1);
  await expect.poll(() => server.abandoned, { timeout: 20_000 }).toBe(abandoned + 1);
});
