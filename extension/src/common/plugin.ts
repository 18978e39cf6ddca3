import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { INotebookTracker, type NotebookPanel } from "@jupyterlab/notebook";
import { IRenderMimeRegistry } from "@jupyterlab/rendermime";
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import type { ZodMiniType } from "zod/mini";
import type { Draw } from "./context.js";
import { notebookContext } from "./notebook.js";
import { RenderedView } from "./renderer.js";

export interface ViewPluginOptions<View> {
  /** Names the plugin and, as `figloom-<name>`, the CSS class of its outputs. */
  name: string;
  description: string;
  mimeType: string;
  /** What its data is like: other data is not drawn. */
  schema: ZodMiniType<View>;
  draw: Draw<View>;
}

/**
 * A plugin that draws outputs of one MIME type. In notebooks they can ask the notebook's kernel; elsewhere, as in
 * consoles and Markdown previews, they show what they hold. Trust does not matter: the views run nothing that the data brings.
 */
export function viewPlugin<View>(options: ViewPluginOptions<View>): JupyterFrontEndPlugin<void> {
  const { name, description, mimeType, schema, draw } = options;
  const factory = (panel: NotebookPanel | null): IRenderMime.IRendererFactory => ({
    safe: true,
    mimeTypes: [mimeType],
    createRenderer: (renderer) =>
      new RenderedView(
        renderer,
        `figloom-${name}`,
        schema,
        draw,
        panel && ((node, signal) => notebookContext(panel, node, signal)),
      ),
  });
  return {
    id: `@figloom/labextension:${name}`,
    description,
    autoStart: true,
    requires: [IRenderMimeRegistry],
    optional: [INotebookTracker],
    activate: (
      _app: JupyterFrontEnd,
      rendermime: IRenderMimeRegistry,
      notebooks: INotebookTracker | null,
    ) => {
      rendermime.addFactory(factory(null), 0);
      const join = (panel: NotebookPanel) => panel.content.rendermime.addFactory(factory(panel), 0);
      notebooks?.forEach(join);
      notebooks?.widgetAdded.connect((_tracker, panel) => join(panel));
    },
  };
}
