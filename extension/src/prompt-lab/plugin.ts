import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ICommandPalette, MainAreaWidget, WidgetTracker } from "@jupyterlab/apputils";
import { IEditorServices } from "@jupyterlab/codeeditor";
import { INotebookTracker } from "@jupyterlab/notebook";
import type { ReadonlyPartialJSONObject } from "@lumino/coreutils";
import { IKernels, type Kernels } from "../common/context.js";
import { __ } from "../common/words.js";
import { PromptLab } from "./panel.js";
import { storedState } from "./state.js";

const COMMAND = "figloom:prompt-lab";

/** A tab that asks before a text is lost. */
class PromptLabTab extends MainAreaWidget<PromptLab> {
  protected override onCloseRequest(): void {
    void this.content.mayClose().then((may) => {
      if (may) this.dispose();
    });
  }
}

export const promptLabPlugin: JupyterFrontEndPlugin<void> = {
  id: "@figloom/labextension:prompt-lab",
  description: "A panel in which prompts are edited, tried on figures, compared and kept.",
  autoStart: true,
  requires: [IKernels, IEditorServices, INotebookTracker],
  optional: [ICommandPalette, ILayoutRestorer],
  activate(
    app: JupyterFrontEnd,
    kernels: Kernels,
    services: IEditorServices,
    notebooks: INotebookTracker,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
  ) {
    const tracker = new WidgetTracker<PromptLabTab>({ namespace: "figloom-prompt-lab" });
    app.commands.addCommand(COMMAND, {
      label: __("Prompt Lab"),
      caption: __("Edit a prompt, try it on figures, compare, and keep the better one"),
      execute: (args: ReadonlyPartialJSONObject) => {
        const state = storedState(args);
        const content = new PromptLab({ kernels, services, notebooks, state });
        const widget = new PromptLabTab({ content });
        widget.title.label = __("Prompt Lab");
        widget.title.closable = true;
        widget.toolbar.hide();
        widget.id = state.id;
        content.stateChanged.connect(() => void tracker.save(widget));
        void tracker.add(widget);
        app.shell.add(widget, "main");
        app.shell.activateById(widget.id);
        return widget;
      },
    });
    palette?.addItem({ command: COMMAND, category: "figloom" });
    void restorer?.restore(tracker, {
      command: COMMAND,
      args: ({ content }) => content.state as unknown as ReadonlyPartialJSONObject,
      name: ({ id }) => id,
    });
  },
};
