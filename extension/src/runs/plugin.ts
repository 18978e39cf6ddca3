import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ICommandPalette, MainAreaWidget } from "@jupyterlab/apputils";
import { LabIcon } from "@jupyterlab/ui-components";
import { Widget } from "@lumino/widgets";
import { RUN_TARGET, type RunMethods, type RunServiceEvents, type RunState } from "figloom/views";
import { IKernels, type Kernels } from "../common/context.js";
import { __ } from "../common/words.js";
import { drawRun } from "../run/run.js";
import { RunsPanel } from "./panel.js";

const ID = "figloom:runs";
const COMMAND = "figloom:show-runs";

/** Bars of different lengths: work under way. */
const runsIcon = new LabIcon({
  name: "figloom:runs",
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><g class="jp-icon3 jp-icon-selectable" fill="#616161"><path d="M3 5h18v3H3zM3 10.5h11v3H3zM3 16h15v3H3z"/></g></svg>`,
});

/** The runs of the workspace in the right area; a click opens one in the main area. */
export const runsPlugin: JupyterFrontEndPlugin<void> = {
  id: "@figloom/labextension:runs",
  description: "Lists the runs of the workspace's datasets, and opens their views.",
  autoStart: true,
  requires: [IKernels],
  optional: [ICommandPalette, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    kernels: Kernels,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
  ) => {
    const panel = new RunsPanel(kernels, (state) => openRun(app, kernels, state));
    panel.id = ID;
    panel.title.icon = runsIcon;
    panel.title.caption = __("Runs");
    app.shell.add(panel, "right", { rank: 900, type: "Runs" });
    restorer?.add(panel, ID);
    app.commands.addCommand(COMMAND, {
      label: () => __("Show Runs"),
      caption: () => __("What is done and was done on the datasets of the workspace"),
      icon: runsIcon,
      execute: () => app.shell.activateById(ID),
      describedBy: { args: { type: "object", properties: {} } },
    });
    palette?.addItem({ command: COMMAND, category: "figloom" });
  },
};

function openRun(app: JupyterFrontEnd, kernels: Kernels, state: RunState): void {
  const id = `figloom-run-${state.run}`;
  if ([...app.shell.widgets("main")].some((widget) => widget.id === id)) return app.shell.activateById(id);
  const content = new Widget();
  content.addClass("figloom");
  content.addClass("figloom-run");
  content.addClass("figloom-runs-opened");
  const ended = new AbortController();
  content.disposed.connect(() => ended.abort());
  const widget = new MainAreaWidget({ content });
  widget.id = id;
  widget.title.label = state.title;
  widget.title.icon = runsIcon;
  widget.title.closable = true;
  void showRun(content.node, state, kernels, ended.signal);
  app.shell.add(widget, "main");
  app.shell.activateById(id);
}

/** The list has no samples of failures: all that is known is asked for once. */
async function showRun(
  node: HTMLElement,
  listed: RunState,
  kernels: Kernels,
  signal: AbortSignal,
): Promise<void> {
  const context = kernels.context(signal);
  const { dataset, run } = listed;
  const link = context.connect<RunMethods, RunServiceEvents>(RUN_TARGET, { dataset, run });
  const state = await link.ask("watch", { dataset, run }, signal).catch(() => null);
  if (!signal.aborted) drawRun({ state: state ?? listed, file: null }, node, context);
}
