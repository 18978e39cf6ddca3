import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { IRenderMimeRegistry } from "@jupyterlab/rendermime";
import type { Draw } from "./context.js";
import { RenderedView } from "./renderer.js";

export interface ViewPluginOptions<View> {
  /** Names the plugin and, as `figloom-<name>`, the CSS class of its outputs. */
  name: string;
  description: string;
  mimeType: string;
  draw: Draw<View>;
}

/** A plugin that draws outputs of one MIME type. Trust does not matter: the views run nothing that the data brings. */
export function viewPlugin<View>(options: ViewPluginOptions<View>): JupyterFrontEndPlugin<void> {
  const { name, description, mimeType, draw } = options;
  return {
    id: `@figloom/labextension:${name}`,
    description,
    autoStart: true,
    requires: [IRenderMimeRegistry],
    activate: (_app: JupyterFrontEnd, rendermime: IRenderMimeRegistry) => {
      const factory = {
        safe: true,
        mimeTypes: [mimeType],
        createRenderer: (renderer: ConstructorParameters<typeof RenderedView>[0]) =>
          new RenderedView(renderer, `figloom-${name}`, draw),
      };
      rendermime.addFactory(factory, 0);
    },
  };
}
