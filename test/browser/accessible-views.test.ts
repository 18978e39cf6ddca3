import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MockServer } from "../../cluster/src/mock-server/index.js";
import * as shared from "../../kernel-lib/src/views/shared.js";
import { notebookFile } from "../support/notebook-file.js";
import { synthesize } from "../support/synthetic/dataset.js";
import { copyNotebooks, OUTPUT } from "../support/workspace.js";
import { findings, outOfReach, setTheme, walk } from "./accessibility.js";
import { execute, openNotebook, runAllCells, scrollTo, type OpenNotebook } from "./jupyterlab.js";

const NOTEBOOK = "all.ipynb";
/** A cell for each view that the extension draws. */
const CELLS: Record<string, string> = {
  run: `await lab.recaption(); await lab.score(["support"]);
const run = await lab.launch({ stages: ["score"], metrics: ["form"], on: local(), shardSize: 2 });
await run.pause(); await run.show();`,
  gallery: `await lab.gallery();`,
  diff: `await lab.diff();`,
  histogram: `await lab.histogram("length", { compare: ["raw", "extractive"] });`,
  map: `await lab.map({ x: "figure.width", y: "figure.height" });`,
  matrix: `await lab.tune(["terse", "context"], { sample: 2, repeats: 2 });`,
};
/** A run whose workers were told to leave before they began: with tasks, logs and what steers it. */
const WORKERS = ".jp-OutputArea .figloom-run:has(.figloom-run-log-button)";
const VIEWS = [...Object.keys(CELLS).map((view) => `.jp-OutputArea .figloom-${view}`), WORKERS];
const TWINS = [".jp-OutputArea .figloom-html"];
/** All that is open beside the notebook: how it is opened, and where it is. */
const PANELS: Record<string, { selector: string; inside: string; open(): Promise<void> }> = {
  datasets: {
    selector: ".figloom-browser",
    inside: ".figloom-dataset",
    open: () => execute(lab.page, "figloom:datasets"),
  },
  runs: {
    selector: ".figloom-runs",
    inside: ".figloom-runs-row",
    open: () => execute(lab.page, "figloom:show-runs"),
  },
  "prompt lab": {
    selector: ".figloom-lab",
    inside: ".figloom-lab-top option",
    open: () => execute(lab.page, "figloom:prompt-lab"),
  },
  document: {
    selector: ".figloom-document",
    inside: ".figloom-tile",
    open: () => execute(lab.page, "figloom:open-dataset", { folder: "data/all" }),
  },
};

/** JupyterLab draws only the cells in sight: so high a page has all of them. */
const TALL = { width: 1440, height: 9000 };
/** 1440 × 1000 at 400 %. */
const ZOOMED = { width: 360, height: 250 };

let lab: OpenNotebook;
let server: MockServer;
const before = process.env["FIGLOOM_ENDPOINTS"];

beforeAll(async () => {
  server = await MockServer.start({ speed: 50 });
  process.env["FIGLOOM_ENDPOINTS"] = server.url;
  const folder = copyNotebooks("accessible-views-browser");
  await synthesize(join(folder, "data", "all"), { figures: 8, contexts: () => 2 });
  const papers = `const pdf = await openPaper("papers/bird-strikes.pdf");\nawait pdf.page(2); await pdf.show("5");`;
  writeFileSync(
    join(folder, NOTEBOOK),
    notebookFile([
      `import { openLab, openPaper } from "figloom";\nimport { local } from "@figloom/cluster";\nconst lab = await openLab("data/all");`,
      ...Object.values(CELLS),
      papers,
    ]),
  );
  lab = await openNotebook(folder, NOTEBOOK, TALL);
  await runAllCells(lab.page);
  for (const selector of [...VIEWS, ...TWINS]) await lab.page.locator(selector).first().waitFor();
});
afterAll(async () => {
  if (before === undefined) delete process.env["FIGLOOM_ENDPOINTS"];
  else process.env["FIGLOOM_ENDPOINTS"] = before;
  await lab?.close();
  await server?.close();
});

test("the notebook holds every view that there is", () => {
  const mimes = Object.keys(shared).filter((name) => name.endsWith("_MIME"));
  expect(Object.keys(CELLS).sort()).toEqual(
    mimes.map((name) => name.replace("_MIME", "").toLowerCase()).sort(),
  );
});

/** Brings the notebook to the front, alone. */
async function notebookAlone(size: { width: number; height: number }): Promise<void> {
  const { page } = lab;
  await page.setViewportSize({ width: 1440, height: 1000 });
  await sidesClosed();
  await page.locator(".lm-TabBar-tab", { hasText: NOTEBOOK }).first().click();
  await page.setViewportSize(size);
}

/** Side areas leave no room in a narrow window. */
async function sidesClosed(): Promise<void> {
  for (const side of ["left", "right"])
    if (await lab.page.locator(`#jp-${side}-stack`).isVisible())
      await execute(lab.page, `application:toggle-${side}-area`);
}

const nothing = (found: object) => Object.fromEntries(Object.keys(found).map((name) => [name, []]));

describe("the views and their twins", () => {
  test.each(["Light", "Dark"] as const)(
    "have no serious finding by axe-core in the theme %s",
    async (theme) => {
      const { page } = lab;
      await notebookAlone(TALL);
      await setTheme(page, theme);
      const found: Record<string, string[]> = {};
      for (const selector of [...VIEWS, ...TWINS]) found[selector] = await findings(page, selector);
      for (const opener of [".figloom-gallery .figloom-tile", ".figloom-matrix .figloom-matrix-picture"]) {
        await page.locator(opener).first().click();
        await page.locator("dialog.figloom").waitFor();
        found[opener] = await findings(page, "dialog.figloom");
        await page.keyboard.press("Escape");
        await page.locator("dialog.figloom").waitFor({ state: "detached" });
      }
      const run = page.locator(WORKERS).last();
      await run.locator(".figloom-run-log-button").first().click();
      await run.locator("pre").waitFor();
      await run.getByRole("button", { name: "Cancel", exact: true }).click();
      found["log and question"] = await findings(page, WORKERS);
      await page.keyboard.press("Escape");
      await run.getByRole("button", { name: "Close" }).click();
      expect(found).toEqual(nothing(found));
    },
  );

  test("are gone through by Tab, show where the focus is, and let it out again", async () => {
    await notebookAlone(TALL);
    for (const selector of VIEWS) {
      const { stops, unmarked, left } = await walk(lab.page, selector);
      expect({ selector, unmarked, left }).toEqual({ selector, unmarked: [], left: true });
      if (selector !== VIEWS[0]) expect(stops.length, selector).toBeGreaterThan(0);
    }
  });

  test("lose nothing at 400 %", async () => {
    const { page } = lab;
    await notebookAlone(ZOOMED);
    const lost: Record<string, string[]> = {};
    for (const selector of [...VIEWS, ...TWINS]) {
      await scrollTo(page, selector);
      lost[selector] = await outOfReach(page, selector);
      await page.screenshot({ path: join(OUTPUT, `zoomed${selector.split("figloom")[1]}.png`) });
    }
    expect(lost).toEqual(nothing(lost));
  });
});

describe.each(Object.entries(PANELS))("%s", (name, { selector, inside, open }) => {
  test("has no serious finding by axe-core, and loses nothing at 400 %", async () => {
    const { page } = lab;
    await page.setViewportSize({ width: 1440, height: 1000 });
    await sidesClosed();
    await open();
    await page.locator(`${selector} ${inside}`).first().waitFor({ state: "attached", timeout: 90_000 });
    const found: Record<string, string[]> = {};
    for (const theme of ["Dark", "Light"] as const) {
      await setTheme(page, theme);
      found[theme] = await findings(page, selector);
      await page.screenshot({ path: join(OUTPUT, `accessible-${name}-${theme.toLowerCase()}.png`) });
    }
    await page.setViewportSize(ZOOMED);
    found["400 %"] = await outOfReach(page, selector);
    await page.screenshot({ path: join(OUTPUT, `zoomed-${name}.png`) });
    await page.setViewportSize({ width: 1440, height: 1000 });
    const { unmarked, left } = await walk(page, selector);
    expect({ ...found, unmarked, left }).toEqual({ ...nothing(found), unmarked: [], left: true });
  });
});
