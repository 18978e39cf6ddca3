import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { Dialog, ICommandPalette, IToolbarWidgetRegistry, showDialog } from "@jupyterlab/apputils";
import { INotebookTracker, type NotebookPanel } from "@jupyterlab/notebook";
import { Widget } from "@lumino/widgets";
import { SERVERS_TARGET, type Link, type ServersMethods, type ServerStatus } from "figloom/views";
import { IKernels, type Kernels } from "../common/context.js";
import { button } from "../common/dom.js";
import { __ } from "../common/words.js";
import { drawServers, indicatorOf } from "./indicator.js";

const COMMAND = "figloom:servers";
const KERNEL = "figloom";
/** How often a toolbar in sight asks. */
const INTERVAL_MS = 30_000;

type ServersLink = Link<ServersMethods>;

/** A toolbar item of figloom's notebooks: how many servers answer; a click tells more. */
class ServersItem extends Widget {
  readonly #button: HTMLButtonElement;
  readonly #ended = new AbortController();
  readonly #panel: NotebookPanel;
  readonly #kernels: Kernels;
  #link: ServersLink | null = null;
  #asking = false;

  constructor(panel: NotebookPanel, kernels: Kernels) {
    super();
    this.#panel = panel;
    this.#kernels = kernels;
    this.addClass("figloom");
    this.addClass("figloom-servers-item");
    this.#button = button("", () => void tell(this.#connect()));
    this.node.append(this.#button);
    this.hide();
    panel.sessionContext.kernelChanged.connect(this.#look, this);
    panel.sessionContext.ready.then(
      () => this.#look(),
      () => undefined,
    );
    const timer = setInterval(() => {
      if (panel.isVisible && !document.hidden) void this.#ask();
    }, INTERVAL_MS);
    this.#ended.signal.addEventListener("abort", () => clearInterval(timer));
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.#panel.sessionContext.kernelChanged.disconnect(this.#look, this);
    this.#ended.abort();
    super.dispose();
  }

  #look(): void {
    if (this.isDisposed) return;
    const isOurs = this.#panel.sessionContext.session?.kernel?.name === KERNEL;
    this.setHidden(!isOurs);
    if (isOurs) void this.#ask();
  }

  #connect(): ServersLink {
    if (this.#link) return this.#link;
    this.#link = this.#kernels.context(this.#ended.signal, this.#panel).connect(SERVERS_TARGET, {});
    this.#link.onState((state) => {
      if (state === "live") void this.#ask();
    });
    return this.#link;
  }

  async #ask(): Promise<void> {
    if (this.isHidden || this.#asking) return;
    this.#asking = true;
    try {
      const { text, state } = indicatorOf(await this.#connect().ask("servers", {}, this.#ended.signal));
      this.#button.textContent = text;
      this.#button.dataset["state"] = state;
      this.#button.title = __("Servers that figloom asks for captions: %1. Click for more.", text);
    } catch {
      // The kernel has gone or is another one; the next look says more.
      this.#button.textContent = "";
    } finally {
      this.#asking = false;
    }
  }
}

async function tell(link: ServersLink): Promise<void> {
  let servers: ServerStatus[];
  try {
    servers = await link.ask("servers", {});
  } catch (error) {
    await showDialog({
      title: __("Servers"),
      body: (error as Error).message,
      buttons: [Dialog.okButton()],
    });
    return;
  }
  await showDialog({
    title: __("Servers"),
    body: new Widget({ node: drawServers(servers) }),
    buttons: [Dialog.okButton({ label: __("Close") })],
  });
}

/** Says in the notebooks' toolbar, and on demand in a dialog, which vLLM servers answer and how busy they are. */
export const serversPlugin: JupyterFrontEndPlugin<void> = {
  id: "@figloom/labextension:servers",
  description: "Shows in the toolbar which servers answer.",
  autoStart: true,
  requires: [IKernels, INotebookTracker],
  optional: [IToolbarWidgetRegistry, ICommandPalette],
  activate: (
    { commands }: JupyterFrontEnd,
    kernels: Kernels,
    tracker: INotebookTracker,
    toolbars: IToolbarWidgetRegistry | null,
    palette: ICommandPalette | null,
  ) => {
    toolbars?.addFactory<NotebookPanel>(
      "Notebook",
      "figloom-servers",
      (panel) => new ServersItem(panel, kernels),
    );
    commands.addCommand(COMMAND, {
      label: () => __("Show the Servers"),
      caption: () => __("Which vLLM servers answer, and how busy they are"),
      execute: async () => {
        const ended = new AbortController();
        await tell(kernels.context(ended.signal, tracker.currentWidget).connect(SERVERS_TARGET, {}));
        ended.abort();
      },
      describedBy: { args: { type: "object", properties: {} } },
    });
    palette?.addItem({ command: COMMAND, category: "figloom" });
  },
};
