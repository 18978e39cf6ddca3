import { PathExt } from "@jupyterlab/coreutils";
import { ABCWidgetFactory, DocumentWidget, type DocumentRegistry } from "@jupyterlab/docregistry";
import type { Message } from "@lumino/messaging";
import { Signal } from "@lumino/signaling";
import { Widget } from "@lumino/widgets";
import type { Kernels } from "../common/context.js";
import { readManifest } from "./manifest.js";
import { DATASET_VIEWS, type DatasetView } from "./views.js";

/** A view over a whole dataset, in a tab of its own. */
export class DatasetPanel extends Widget {
  readonly #kernels: Kernels;
  #drawing = new AbortController();
  #view: DatasetView = DATASET_VIEWS[0]!;
  #dataset: { folder: string; name: string } | null = null;

  constructor(kernels: Kernels) {
    super();
    this.#kernels = kernels;
    this.addClass("figloom-document");
  }

  /** @param folder relative to the server's root */
  open(folder: string, name: string): void {
    this.#dataset = { folder: folder || ".", name };
    this.#draw();
  }

  /** The view that is drawn. */
  get view(): DatasetView {
    return this.#view;
  }

  set view(view: DatasetView) {
    if (view === this.#view) return;
    this.#view = view;
    this.#draw();
  }

  override dispose(): void {
    this.#drawing.abort();
    super.dispose();
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    this.node.querySelector<HTMLElement>("[tabindex='0'], button, input")?.focus();
  }

  #draw(): void {
    this.#drawing.abort();
    this.#drawing = new AbortController();
    if (!this.#dataset) return;
    const node = document.createElement("div");
    node.className = `figloom figloom-${this.#view.id}`;
    this.node.replaceChildren(node);
    void this.#view.draw(this.#dataset, node, this.#kernels.context(this.#drawing.signal));
  }
}

export type DatasetDocument = DocumentWidget<DatasetPanel>;

export interface DatasetDocumentOptions extends DocumentRegistry.IWidgetFactoryOptions<DatasetDocument> {
  kernels: Kernels;
  /** A file of the same name that is none of figloom's was opened: something else has to show it. */
  onForeign(document: DatasetDocument): void;
}

/** Opens `dataset.json` as the figures of its dataset. */
export class DatasetDocumentFactory extends ABCWidgetFactory<DatasetDocument> {
  readonly #options: DatasetDocumentOptions;

  constructor(options: DatasetDocumentOptions) {
    super(options);
    this.#options = options;
  }

  protected createNewWidget(context: DocumentRegistry.Context): DatasetDocument {
    const content = new DatasetPanel(this.#options.kernels);
    const document = new DocumentWidget({ content, context });
    void context.ready.then(() => {
      if (document.isDisposed) return;
      const manifest = readManifest(context.model.toString());
      if (!manifest) return this.#options.onForeign(document);
      nameTab(document, manifest.name);
      context.pathChanged.connect(() => nameTab(document, manifest.name));
      content.open(PathExt.dirname(context.localPath), manifest.name);
    });
    return document;
  }
}

/** Calls the tab by its dataset: the files are all called alike. */
function nameTab(document: DatasetDocument, name: string): void {
  // JupyterLab takes a changed title for the wish to rename the file.
  Signal.disconnectBetween(document.title, document);
  document.title.label = name;
}
