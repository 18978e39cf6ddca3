import type { Locator, Page } from "playwright-core";
import { execute, scrollTo } from "../browser/jupyterlab.js";

/** The cells of the notebook that the pictures are taken of, in order. */
export const CELLS = {
  read: `import { openLab, vllm } from "figloom";
const lab = await openLab("data/nine-papers");
await lab.ingest("papers/*.tar.gz");
await lab.check();
await lab.recaption();
await lab.score(["support"]);`,
  gallery: `await lab.gallery();`,
  diff: `await lab.diff({ from: "raw", to: "extractive" });`,
  map: `await lab.map();`,
  histogram: `await lab.histogram("length", { compare: ["raw", "extractive"] });`,
  chosen: `await lab.gallery();`,
  audit: `await lab.score(["form"]);
const audit = await lab.audit({ compare: ["raw", "extractive"] });`,
  matrix: `const trial = await lab.tune(["context", "terse"], { on: vllm(), sample: 6, seed: 7 });`,
  launch: `import { slurm } from "@figloom/cluster";
const made = await openLab("data/made-up");
const full = await made.launch({
  stages: ["recaption", "score"],
  prompt: "context",
  model: "Qwen/Qwen3-VL-8B-Instruct",
  serve: { script: "mock", gpusEach: 4 },
  on: slurm({ nodes: 3 }),
  shardSize: 20,
  resources: { gpu: { gpus: 8, minutes: 240 }, cpu: { minutes: 60 } },
  perSecond: 3,
  prices: { gpuHour: 2.5 },
});`,
  cluster: `await full.show();`,
  run: `await lab.recaption({ prompt: "chart", on: vllm({ inFlight: 4 }) });`,
} as const;

export type Cell = keyof typeof CELLS;

/** What a cell shows, where that is not its name. */
const VIEWS: Partial<Record<Cell, string>> = { chosen: "gallery", cluster: "run" };

export const LONG = { timeout: 120_000 };

/** In pixels of CSS, of which each is drawn with `scale` × `scale` of a picture. */
export const WINDOW = { width: 1400, height: 1040, scale: 1.4 };

/** JupyterLab with the notebook of {@link CELLS}, as the one who takes the pictures handles it. */
export class Studio {
  constructor(readonly page: Page) {}

  /** Runs a cell to its end. */
  async run(cell: Cell): Promise<void> {
    await this.start(cell);
    await this.page.waitForFunction(
      (index) => {
        const { model } = (globalThis as unknown as Lab).jupyterapp.shell.currentWidget.content.widgets[
          index
        ]!;
        return model.executionCount !== null && model.executionState === "idle";
      },
      at(cell),
      LONG,
    );
  }

  /** Starts a cell as Shift+Enter does, without waiting for it. */
  start(cell: Cell): Promise<void> {
    return this.page.evaluate((index) => {
      const { commands, shell } = (globalThis as unknown as Lab).jupyterapp;
      shell.currentWidget.content.activeCellIndex = index;
      void commands.execute("notebook:run-cell");
    }, at(cell));
  }

  /** The view below a cell, in sight. */
  async view(cell: Cell, name: string = VIEWS[cell] ?? cell): Promise<Locator> {
    const selector = `.jp-Notebook [data-windowed-list-index="${at(cell)}"] .figloom-${name}`;
    await scrollTo(this.page, selector);
    return this.page.locator(selector).first();
  }

  /** Brings a cell to the top of the window. */
  async toTop(cell: Cell): Promise<void> {
    const view = await this.view(cell);
    await view.evaluate((node) => node.closest(".jp-Cell")!.scrollIntoView({ block: "start" }));
  }

  execute(command: string, args: object = {}): Promise<void> {
    return execute(this.page, command, args);
  }

  usualWindow(): Promise<void> {
    return this.page.setViewportSize(WINDOW);
  }

  /** Takes the pointer where it changes nothing. */
  restPointer(): Promise<void> {
    return this.page.mouse.move(0, 0);
  }

  /** Drags the pointer through places of a node, given as shares of its width and height. */
  async drag(node: Locator, places: readonly (readonly [number, number])[]): Promise<void> {
    await node.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await node.boundingBox())!;
    const [first, ...others] = places.map(([right, down]) => [x + right * width, y + down * height] as const);
    await this.page.mouse.move(...first!);
    await this.page.mouse.down();
    for (const place of others) await this.page.mouse.move(...place, { steps: 4 });
    await this.page.mouse.up();
    await this.restPointer();
  }
}

interface Lab {
  jupyterapp: {
    commands: { execute(id: string): Promise<void> };
    shell: {
      currentWidget: {
        content: {
          activeCellIndex: number;
          widgets: { model: { executionCount: number | null; executionState?: string } }[];
        };
      };
    };
  };
}

const at = (cell: Cell): number => Object.keys(CELLS).indexOf(cell);
