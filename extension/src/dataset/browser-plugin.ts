import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { Clipboard, ICommandPalette } from "@jupyterlab/apputils";
import { LabIcon } from "@jupyterlab/ui-components";
import type { Message } from "@lumino/messaging";
import { Widget } from "@lumino/widgets";
import { IKernels, type Kernels } from "../common/context.js";
import { OWN_KEYS } from "../common/shortcuts.js";
import { __ } from "../common/words.js";
import { DatasetBrowser } from "./browser.js";
import { DATASET_NOTEBOOK, OPEN_DATASET } from "./plugin.js";
import { scanDatasets, tableBytes } from "./scan.js";

const ID = "figloom:datasets";
const COPY = "figloom:copy-dataset-path";
const REVEAL = "figloom:reveal-dataset";

/** Framed figures over one another. */
const datasetsIcon = new LabIcon({
  name: "figloom:datasets",
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><g class="jp-icon3 jp-icon-selectable" fill="#616161"><path d="M7 3h14a1 1 0 0 1 1 1v11h-2V5H7z"/><path fill-rule="evenodd" d="M3 7h14a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1zm1 2v8.2l3-3.7 2.4 2.7 3.1-4.2 3.5 5V9z"/></g></svg>`,
});

class BrowserPanel extends Widget {
  readonly browser: DatasetBrowser;
  readonly #ended: AbortController;
  #seen = false;

  constructor(options: Omit<ConstructorParameters<typeof DatasetBrowser>[1], "signal">) {
    super();
    this.id = ID;
    this.addClass("figloom");
    this.addClass("figloom-browser");
    this.title.icon = datasetsIcon;
    this.title.caption = __("Figure datasets");
    this.node.setAttribute("role", "region");
    this.node.setAttribute("aria-label", __("Figure datasets"));
    for (const [name, value] of Object.entries(OWN_KEYS)) this.node.setAttribute(name, value);
    this.#ended = new AbortController();
    this.browser = new DatasetBrowser(this.node, { ...options, signal: this.#ended.signal });
  }

  override dispose(): void {
    this.#ended.abort();
    super.dispose();
  }

  /** Looks for datasets when it is first seen, not when JupyterLab starts. */
  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    if (!this.#seen) void this.browser.refresh();
    this.#seen = true;
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    this.node.querySelector<HTMLElement>("input:not([hidden]), .figloom-refresh")?.focus();
  }
}

/** The datasets of the workspace in the left area. */
export const datasetBrowserPlugin: JupyterFrontEndPlugin<void> = {
  id: "@figloom/labextension:dataset-browser",
  description: "Lists the workspace's datasets in the left area.",
  autoStart: true,
  requires: [IKernels],
  optional: [ILayoutRestorer, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    kernels: Kernels,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
  ) => {
    const { commands, contextMenu, serviceManager, shell } = app;
    const { contents } = serviceManager;
    const run = (command: string, args = {}) => void commands.execute(command, args);
    const panel = new BrowserPanel({
      scan: (signal) => scanDatasets(contents, signal),
      start: () => run("figloom:new-notebook"),
      open: ({ folder }) => run(OPEN_DATASET, { folder }),
      newNotebook: ({ folder }) => run(DATASET_NOTEBOOK, { folder }),
      copyPath: ({ folder }) => run(COPY, { folder }),
      reveal: ({ folder }) => run(REVEAL, { folder }),
      bytes: (entry) => tableBytes(contents, entry),
      ask: ({ folder }, signal) => kernels.context(signal).dataset(folder || "."),
    });
    shell.add(panel, "left", { rank: 150, type: "Figure datasets" });
    restorer?.add(panel, ID);

    const clicked = (): string | null =>
      app.contextMenuHitTest(({ dataset }) => dataset["folder"] !== undefined)?.dataset["folder"] ?? null;
    const about = { args: { type: "object" as const, properties: { folder: { type: "string" as const } } } };
    const add = (id: string, label: () => string, execute: (folder: string) => unknown) =>
      commands.addCommand(id, {
        label,
        execute: ({ folder }) => {
          const at = typeof folder === "string" ? folder : clicked();
          return at === null ? undefined : execute(at);
        },
        describedBy: about,
      });
    add(
      COPY,
      () => __("Copy Path"),
      (folder) => Clipboard.copyToSystem(folder || "."),
    );
    add(
      REVEAL,
      () => __("Show in File Browser"),
      (path) => commands.execute("filebrowser:go-to-path", { path: path || "/" }),
    );
    add(
      "figloom:open-listed-dataset",
      () => __("Open the Gallery"),
      (folder) => commands.execute(OPEN_DATASET, { folder }),
    );
    add(
      "figloom:new-listed-dataset-notebook",
      () => __("New Notebook with This Dataset"),
      (folder) => commands.execute(DATASET_NOTEBOOK, { folder }),
    );
    const selector = ".figloom-dataset";
    ["figloom:open-listed-dataset", "figloom:new-listed-dataset-notebook", COPY, REVEAL].forEach(
      (command, rank) => contextMenu.addItem({ command, selector, rank }),
    );

    commands.addCommand(ID, {
      label: () => __("Show the Datasets"),
      caption: () => __("The datasets of this workspace, with what they hold"),
      icon: datasetsIcon,
      execute: () => shell.activateById(ID),
      describedBy: { args: { type: "object", properties: {} } },
    });
    palette?.addItem({ command: ID, category: "figloom" });
  },
};
