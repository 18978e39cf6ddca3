import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ICommandPalette, WidgetTracker } from "@jupyterlab/apputils";
import { PathExt } from "@jupyterlab/coreutils";
import { jsonIcon, ToolbarButton } from "@jupyterlab/ui-components";
import { IKernels, type Kernels } from "../common/context.js";
import { logoIcon } from "../common/icons.js";
import { __ } from "../common/words.js";
import { datasetNotebook } from "../launcher/notebook.js";
import { openNotebook } from "../launcher/open-notebook.js";
import { DatasetDocumentFactory, type DatasetDocument } from "./document.js";
import { DATASET_VIEWS } from "./views.js";

const FACTORY = "figloom-dataset";
const FILE_TYPE = "figloom-dataset";
export const OPEN_DATASET = "figloom:open-dataset";
export const DATASET_NOTEBOOK = "figloom:new-dataset-notebook";

/** Of a command about a dataset: its folder, relative to the server's root. */
const ABOUT = { args: { type: "object" as const, properties: { folder: { type: "string" as const } } } };

/** Opens `dataset.json` of figloom's datasets as their figures. */
export const datasetPlugin: JupyterFrontEndPlugin<void> = {
  id: "@figloom/labextension:dataset",
  description: "Opens datasets as documents: their gallery, in a tab of its own.",
  autoStart: true,
  requires: [IKernels],
  optional: [ILayoutRestorer, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    kernels: Kernels,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
  ) => {
    const { commands, docRegistry } = app;
    docRegistry.addFileType({
      name: FILE_TYPE,
      displayName: __("Figure dataset"),
      // Any program may call a file so: what figloom did not write opens as it did before.
      pattern: String.raw`^dataset\.json$`,
      mimeTypes: ["application/json"],
      contentType: "file",
      fileFormat: "text",
      icon: jsonIcon,
    });
    const tracker = new WidgetTracker<DatasetDocument>({ namespace: "figloom-dataset" });
    const factory = new DatasetDocumentFactory({
      name: FACTORY,
      label: __("Figure Gallery"),
      modelName: "text",
      fileTypes: [FILE_TYPE],
      defaultFor: [FILE_TYPE],
      readOnly: true,
      kernels,
      toolbarFactory: (document) => toolbarOf(app, document),
      onForeign: (document) => openOtherwise(app, document),
    });
    docRegistry.addWidgetFactory(factory);
    factory.widgetCreated.connect((_factory, document) => {
      document.title.icon = logoIcon;
      document.context.pathChanged.connect(() => void tracker.save(document));
      void tracker.add(document);
    });
    void restorer?.restore(tracker, {
      command: "docmanager:open",
      args: ({ context }) => ({ path: context.path, factory: FACTORY }),
      name: ({ context }) => context.path,
    });

    const folderOf = (args: { folder?: unknown }): string | null =>
      typeof args.folder === "string"
        ? args.folder
        : tracker.currentWidget
          ? PathExt.dirname(tracker.currentWidget.context.localPath)
          : null;
    commands.addCommand(OPEN_DATASET, {
      label: () => __("Open the Gallery"),
      icon: logoIcon,
      isEnabled: (args) => folderOf(args) !== null,
      execute: (args) =>
        commands.execute("docmanager:open", {
          path: PathExt.join(folderOf(args)!, "dataset.json"),
          factory: FACTORY,
        }),
      describedBy: ABOUT,
    });
    commands.addCommand(DATASET_NOTEBOOK, {
      label: () => __("New Notebook with This Dataset"),
      icon: logoIcon,
      isEnabled: (args) => folderOf(args) !== null,
      execute: (args) => {
        const folder = folderOf(args)!;
        const name = PathExt.basename(folder) || __("Dataset");
        return openNotebook(
          app,
          PathExt.dirname(folder),
          name,
          datasetNotebook(PathExt.basename(folder) || "."),
        );
      },
      describedBy: ABOUT,
    });
    palette?.addItem({ command: DATASET_NOTEBOOK, category: "figloom" });
  },
};

function toolbarOf({ commands }: JupyterFrontEnd, document: DatasetDocument) {
  const { content, context } = document;
  const views = DATASET_VIEWS.map((view) => ({
    name: view.id,
    widget: new ToolbarButton({
      label: view.label(),
      pressed: view === content.view,
      onClick: () => {
        content.view = view;
        for (const { name, widget } of views) widget.pressed = name === view.id;
      },
    }),
  }));
  const notebook = new ToolbarButton({
    label: __("New notebook"),
    tooltip: __("New notebook with this dataset"),
    onClick: () => void commands.execute(DATASET_NOTEBOOK, { folder: PathExt.dirname(context.localPath) }),
  });
  return [...(views.length > 1 ? views : []), { name: "notebook", widget: notebook }];
}

/** With what JupyterLab would have opened the file without us. */
function openOtherwise({ commands, docRegistry }: JupyterFrontEnd, document: DatasetDocument): void {
  const { path } = document.context;
  const other = docRegistry.preferredWidgetFactories(path).find(({ name }) => name !== FACTORY);
  if (other) void commands.execute("docmanager:open", { path, factory: other.name });
  document.dispose();
}
