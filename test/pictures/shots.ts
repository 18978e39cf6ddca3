import type { Locator } from "playwright-core";
import type { Camera } from "./camera.js";
import { PICTURE } from "../support/pictures.js";
import { LONG, WINDOW, type Cell, type Studio } from "./studio.js";

type Shot = (studio: Studio, camera: Camera) => Promise<void>;

/** Each takes the pictures of its name, in the notebook that the ones before it left. */
export const SHOTS: Record<string, Shot> = {
  async gallery(studio, camera) {
    await studio.run("gallery");
    const gallery = await studio.view("gallery");
    await gallery.getByText("45 figures").first().waitFor(LONG);
    await takeView(studio, camera, "gallery");
  },

  async lightbox(studio, camera) {
    const { page } = studio;
    await page.setViewportSize({ width: 1440, height: 960 });
    await studio.run("gallery");
    const gallery = await studio.view("gallery");
    await gallery.locator(PICTURE).nth(4).click();
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    await studio.restPointer();
    await camera.take("lightbox", dialog);
    await page.keyboard.press("Escape");
    await studio.usualWindow();
  },

  async "caption-diff"(studio, camera) {
    await studio.run("diff");
    const diff = await studio.view("diff");
    await diff.locator("ins").first().waitFor();
    await takeView(studio, camera, "diff", "caption-diff");
  },

  async map(studio, camera) {
    await studio.page.setViewportSize({ ...WINDOW, height: 1080 });
    await studio.run("map");
    const map = await studio.view("map");
    const stage = map.locator("[data-drawn]");
    await stage.waitFor(LONG);
    await studio.toTop("map");
    await map.getByRole("button", { name: "Drag draws around figures" }).click();
    await studio.drag(stage, LASSO);
    const clear = map.getByRole("button", { name: "Clear this map's selection" });
    await clear.waitFor();
    const pose = async () => {
      await studio.toTop("map");
      await pointAt(stage, map.locator(".figloom-map-tip"));
    };
    await camera.take("map", map, { ...framed(studio), pose });
    await clear.click();
    await studio.usualWindow();
  },

  async histogram(studio, camera) {
    const { page } = studio;
    await studio.run("chosen");
    await studio.run("histogram");
    const histogram = await studio.view("histogram");
    await studio.toTop("histogram");
    await studio.drag(histogram.locator(".figloom-plot-frame"), [
      [0.27, 0.5],
      [0.4, 0.5],
      [0.53, 0.5],
    ]);
    await histogram.getByText(/ of 45 figures$/).waitFor(LONG);
    await takeView(studio, camera, "histogram");
    await page.setViewportSize({ ...WINDOW, height: 1220 });
    const pose = () => studio.toTop("histogram");
    await camera.take("linked", page.locator(".jp-WindowedPanel-outer:visible").first(), { pose });
    await studio.usualWindow();
    await histogram.getByRole("button", { name: /^Clear this range/ }).click();
  },

  async audit(studio, camera) {
    await studio.run("audit");
    const report = await studio.view("audit", "html");
    const pose = async () => {
      await report.evaluate((node) => node.scrollIntoView({ block: "start" }));
      await studio.restPointer();
    };
    const { within } = framed(studio);
    await camera.take("audit", report, { within, pose });
  },

  async "prompt-matrix"(studio, camera) {
    await studio.run("matrix");
    const matrix = await studio.view("matrix");
    await matrix.locator("ins").first().waitFor(LONG);
    await takeView(studio, camera, "matrix", "prompt-matrix");
  },

  async "prompt-lab"(studio, camera) {
    const { page } = studio;
    await studio.execute("figloom:prompt-lab");
    const panel = page.locator(".figloom-lab");
    await panel.locator(".cm-content").waitFor(LONG);
    await page.waitForFunction(() =>
      /tokens/.test(document.querySelector(".figloom-lab-tokens")!.textContent!),
    );
    await panel.getByLabel("How many").fill("4");
    await panel.getByLabel("How many").press("Tab");
    await panel.getByLabel("context", { exact: true }).check();
    await panel.getByRole("button", { name: /^Run/ }).click();
    await panel.getByText("Done.").waitFor({ timeout: 40_000 });
    await camera.take("prompt-lab", panel);
    await studio.execute("application:close");
  },

  async "cluster-run"(studio, camera) {
    await studio.run("launch");
    await studio.start("cluster");
    const run = await studio.view("cluster");
    await behind(run, 480);
    await run.getByText(/ failed: /).click();
    await takeView(studio, camera, "cluster", "cluster-run");
  },

  async run(studio, camera) {
    const { page } = studio;
    await studio.start("run");
    const run = await studio.view("run");
    await run.locator('.figloom-run-status[data-status="running"]').waitFor(LONG);
    await behind(run, 10);
    await takeView(studio, camera, "run");
    await studio.execute("figloom:show-runs");
    const panel = page.locator(".figloom-runs");
    await panel.locator(".figloom-runs-row").first().waitFor(LONG);
    await camera.take("runs", panel);
    await studio.execute("application:toggle-right-area");
  },

  async datasets(studio, camera) {
    const { page } = studio;
    // Its kernel counts the figures for the list, too.
    await studio.execute("figloom:open-dataset", { folder: "data/nine-papers" });
    await page.locator(".figloom-document").getByText("45 figures").first().waitFor(LONG);
    await studio.execute("figloom:datasets");
    const list = page.getByRole("list", { name: "Datasets" });
    await list.getByText("data/nine-papers").waitFor(LONG);
    await page.getByRole("button", { name: "What is known about nine-papers" }).click();
    await list.getByText(/^45 figures .* of 9 papers/).waitFor(LONG);
    await camera.take("datasets", page.locator("#main"));
    await studio.execute("application:toggle-left-area");
  },

  async launcher(studio, camera) {
    const { page } = studio;
    await studio.execute("launcher:create");
    const card = page.locator(".jp-LauncherCard:visible", { hasText: "Figure curation" });
    await card.waitFor();
    await camera.take("launcher", page.locator(".jp-Launcher:visible"));
  },
};

/** A hand's line around a cluster, as shares of the map. */
const LASSO: readonly (readonly [number, number])[] = Array.from({ length: 33 }, (_, i) => {
  const angle = (i / 32) * 2 * Math.PI;
  const reach = 1 + 0.12 * Math.sin(3 * angle) + 0.05 * Math.cos(7 * angle);
  return [0.48 + 0.09 * reach * Math.cos(angle), 0.79 + 0.17 * reach * Math.sin(angle)];
});

/** Moves over a map until something is pointed at. */
async function pointAt(stage: Locator, tip: Locator): Promise<void> {
  const { x: left, y: top, width, height } = (await stage.boundingBox())!;
  const { mouse } = stage.page();
  for (let y = 0.63 * height; y < 0.75 * height; y += 12)
    for (let x = 0.63 * width; x < 0.67 * width; x += 12) {
      await mouse.move(left + x, top + y);
      await stage.page().waitForTimeout(150);
      if (await tip.isVisible()) return;
    }
}

/** Waits until a run has so many figures behind it. */
async function behind(run: Locator, figures: number): Promise<void> {
  await run
    .page()
    .waitForFunction(
      ([node, wanted]) => Number(/Done(\d+)/.exec(node!.textContent ?? "")?.[1] ?? 0) >= Number(wanted),
      [await run.elementHandle(), figures] as const,
      LONG,
    );
}

/** Takes the view below a cell. */
async function takeView(studio: Studio, camera: Camera, cell: Cell, name: string = cell): Promise<void> {
  const pose = async () => {
    await studio.toTop(cell);
    await studio.restPointer();
  };
  await camera.take(name, await studio.view(cell), { ...framed(studio), pose });
}

/** The notebook cuts what is below its end; a view gets some room around it. */
const framed = ({ page }: Studio) => ({
  within: page.locator(".jp-WindowedPanel-outer:visible").first(),
  margin: 20,
});
