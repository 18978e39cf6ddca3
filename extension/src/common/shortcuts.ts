import type { JupyterFrontEndPlugin } from "@jupyterlab/application";

const SUPPRESS = "data-lm-suppress-shortcuts";
const OURS = "data-figloom-keys";

/**
 * Keeps JupyterLab's shortcuts off: notebooks act on any letter while a cell is selected, and in the views `n`, `/` and the
 * arrows have a meaning of their own. Those with Ctrl or ⌘ that views have no use for go through, see {@link shortcutsPlugin}.
 */
export const OWN_KEYS = { [SUPPRESS]: "true", [OURS]: "true" };

/** With Ctrl or ⌘: undo, redo, all, and what browsers do with texts. */
const TAKEN = new Set(["z", "y", "a", "c", "x", "v"]);

const isThrough = ({ key, ctrlKey, metaKey }: KeyboardEvent): boolean =>
  (ctrlKey || metaKey) && key.length === 1 && !TAKEN.has(key.toLowerCase());

/** Takes the bar away for as long as JupyterLab handles the key. */
function letThrough(event: KeyboardEvent): void {
  const { target } = event;
  if (!isThrough(event) || !(target instanceof Element) || target.closest("[aria-modal=true]")) return;
  for (let at = target.closest(`[${OURS}]`); at; at = at.parentElement?.closest(`[${OURS}]`) ?? null) {
    const node = at;
    node.removeAttribute(SUPPRESS);
    setTimeout(() => node.setAttribute(SUPPRESS, "true"));
  }
}

export const shortcutsPlugin: JupyterFrontEndPlugin<void> = {
  id: "@figloom/labextension:shortcuts",
  description: "JupyterLab's shortcuts with Ctrl or ⌘ work in figloom's views and panels, too.",
  autoStart: true,
  // The window hears of keys before the document, where JupyterLab listens.
  activate: () => window.addEventListener("keydown", letThrough, true),
};
