import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ICommandPalette } from "@jupyterlab/apputils";
import { ILauncher } from "@jupyterlab/launcher";
import { logoIcon } from "../common/icons.js";
import { __ } from "../common/words.js";
import { templateNotebook } from "./notebook.js";
import { openNotebook } from "./open-notebook.js";

const COMMAND = "figloom:new-notebook";

/** A card in the launcher and a command in the palette that make a notebook from a template. */
export const launcherPlugin: JupyterFrontEndPlugin<void> = {
  id: "@figloom/labextension:launcher",
  description: "Makes notebooks for figure curation.",
  autoStart: true,
  optional: [ILauncher, ICommandPalette],
  activate: (app: JupyterFrontEnd, launcher: ILauncher | null, palette: ICommandPalette | null) => {
    app.commands.addCommand(COMMAND, {
      label: ({ isLauncher }) =>
        isLauncher ? __("Figure curation") : __("New Notebook for Figure Curation"),
      caption: () => __("A notebook that goes from papers to captions, a step a cell"),
      icon: logoIcon,
      execute: ({ cwd }) =>
        openNotebook(app, typeof cwd === "string" ? cwd : "", __("Figure curation"), templateNotebook()),
      describedBy: { args: { type: "object", properties: { cwd: { type: "string" } } } },
    });
    launcher?.add({ command: COMMAND, args: { isLauncher: true }, category: __("figloom"), rank: 1 });
    palette?.addItem({ command: COMMAND, category: "figloom" });
  },
};
