import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { PageConfig, PathExt } from "@jupyterlab/coreutils";
import type { NotebookPanel } from "@jupyterlab/notebook";
import type { Contents } from "@jupyterlab/services";
import { DATASET_TARGET } from "figloom/views";
import { BackgroundKernel, KERNEL } from "./background.js";
import { IKernels, type DrawContext, type Kernels } from "./context.js";
import { isAbsolute, serverPath } from "./files.js";
import { Links } from "./links.js";
import { insertCell, linksOf } from "./notebook.js";

/** Gives panels and documents the kernel of a notebook, or one in the background. */
export class PageKernels implements Kernels {
  readonly #background: BackgroundKernel;
  readonly #links: Links;
  readonly #contents: Contents.IManager;

  constructor(background: BackgroundKernel, contents: Contents.IManager) {
    this.#background = background;
    this.#links = new Links(background);
    this.#contents = contents;
  }

  context(signal: AbortSignal, notebook: NotebookPanel | null = null): DrawContext {
    const panel = notebook && isOurs(notebook) ? notebook : null;
    if (!panel) this.#background.use(signal);
    const links = panel ? linksOf(panel) : this.#links;
    const connect: DrawContext["connect"] = (target, about) => links.connect(target, about, signal);
    const folder = panel ? PathExt.dirname(panel.context.path) : "";
    return {
      signal,
      connect,
      dataset: (dataset) => connect(DATASET_TARGET, { dataset }),
      fileUrl: (path) => this.#fileUrl(path, folder),
      insertCell: notebook && ((code) => insertCell(notebook, null, code)),
    };
  }

  async #fileUrl(path: string, folder: string): Promise<string | null> {
    const file = isAbsolute(path)
      ? serverPath(path, PageConfig.getOption("serverRoot"))
      : PathExt.join(folder, path);
    return file === null ? null : this.#contents.getDownloadUrl(file);
  }
}

/** A notebook's kernel has its name also before it has started. */
function isOurs({ sessionContext }: NotebookPanel): boolean {
  return (sessionContext.session?.kernel?.name ?? sessionContext.kernelPreference.name) === KERNEL;
}

export const kernelsPlugin: JupyterFrontEndPlugin<Kernels> = {
  id: "@figloom/labextension:kernels",
  description: "Gives figloom's panels and documents a kernel to ask.",
  autoStart: true,
  provides: IKernels,
  activate: ({ serviceManager }: JupyterFrontEnd) => {
    const { sessions, kernelspecs, contents } = serviceManager;
    const page = PageConfig.getOption("workspace") || "default";
    return new PageKernels(new BackgroundKernel(sessions, kernelspecs, page), contents);
  },
};
