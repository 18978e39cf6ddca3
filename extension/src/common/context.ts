import type { NotebookPanel } from "@jupyterlab/notebook";
import { Token } from "@lumino/coreutils";
import type { DatasetEvents, DatasetMethods, Events, Link, Methods } from "figloom/views";

/** A page's line to the service of one dataset. */
export type DatasetLink = Link<DatasetMethods, DatasetEvents>;

/** What a drawing function may use beside its data. */
export interface DrawContext {
  /** Aborted when the drawing is replaced or taken away: whatever outlives the node listens to it. */
  signal: AbortSignal;
  /**
   * URL of a file: relative to the notebook or, in panels and documents, to the server's root, which is where the kernel
   * works; or absolute, as the kernel sees it. `null` where the server shows no such place.
   */
  fileUrl(path: string): Promise<string | null>;
  /** The kernel's answers about a dataset. Views of the same dataset and kernel share one. */
  dataset(folder: string): DatasetLink;
  /** A line to another service of the kernel's, closed with {@link signal}. */
  connect<M extends Methods, E extends Events>(target: string, about: object): Link<M, E>;
  /** Puts a code cell below this output; `null` where there is no notebook. */
  insertCell: ((code: string) => void) | null;
}

/** Changes a drawing to a later state of the same view, where it differs: scroll position and focus stay. */
export type Redraw<View> = (view: View) => void;

/** Draws a view into an empty node. One that gives nothing back is drawn anew for each state. */
export type Draw<View> = (
  view: View,
  node: HTMLElement,
  context: DrawContext,
) => void | Redraw<View> | Promise<void | Redraw<View>>;

/** Gives panels and documents a kernel to ask. */
export interface Kernels {
  /**
   * What a panel or document draws with. It asks the kernel of `notebook`, where that is a figloom kernel, so that both
   * share a selection; otherwise one that runs in the background for all panels, started by the first question.
   */
  context(signal: AbortSignal, notebook?: NotebookPanel | null): DrawContext;
}

export const IKernels = new Token<Kernels>(
  "@figloom/labextension:IKernels",
  "Gives figloom's panels and documents a kernel to ask.",
);
