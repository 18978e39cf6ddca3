import type { ISessionContext } from "@jupyterlab/apputils";
import type { NotebookPanel } from "@jupyterlab/notebook";
import type { DrawContext } from "./context.js";
import { SessionSource } from "./kernel-source.js";
import { Links } from "./links.js";

const bySession = new WeakMap<ISessionContext, Links>();

/** The lines to a notebook's kernel, the same for all its views. */
export function linksOf({ sessionContext }: NotebookPanel): Links {
  const links = bySession.get(sessionContext) ?? new Links(new SessionSource(sessionContext));
  bySession.set(sessionContext, links);
  return links;
}

/**
 * Puts a code cell below the cell that holds `output`, and selects it. Without an output, and for one that stands in a tab
 * of its own, below the active cell.
 */
export function insertCell({ content }: NotebookPanel, output: HTMLElement | null, code: string): void {
  const holder = output ? content.widgets.findIndex(({ node }) => node.contains(output)) : -1;
  const at = (holder >= 0 ? holder : content.activeCellIndex) + 1;
  content.model?.sharedModel.insertCell(at, { cell_type: "code", source: code });
  content.deselectAll();
  content.activeCellIndex = at;
  content.mode = "edit";
  void content.scrollToItem(at, "smart");
}

/** What a drawing in a notebook's output may use of its notebook. */
export function notebookContext(
  panel: NotebookPanel,
  output: HTMLElement,
  signal: AbortSignal,
): Pick<DrawContext, "connect" | "insertCell"> {
  return {
    connect: (target, about) => linksOf(panel).connect(target, about, signal),
    insertCell: (code) => insertCell(panel, output, code),
  };
}
