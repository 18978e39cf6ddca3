/** What JupyterLab and the views expect of a browser and jsdom lacks. Import it first. */
import type { DatasetLink, DrawContext } from "../../../extension/src/common/context.js";
import { noLink } from "../../../extension/src/common/no-link.js";

class DragEventShim extends MouseEvent {}
class ObserverShim {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
const noMedia = { matches: false, addEventListener() {}, removeEventListener() {} };
Object.assign(globalThis, {
  DragEvent: DragEventShim,
  IntersectionObserver: ObserverShim,
  ResizeObserver: ObserverShim,
  matchMedia: (media: string) => ({ ...noMedia, media }),
});
HTMLDialogElement.prototype.showModal = function () {
  this.setAttribute("open", "");
};
HTMLDialogElement.prototype.close = function () {
  this.removeAttribute("open");
  this.dispatchEvent(new Event("close"));
};

/** Presses a key where the focus is. */
export function press(key: string): void {
  document.activeElement!.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }),
  );
}

/** Finds an element that must be there. */
export function find<Kind extends HTMLElement = HTMLElement>(
  selector: string,
  within: ParentNode = document,
): Kind {
  const node = within.querySelector<Kind>(selector);
  if (!node) throw new Error(`Nothing matches ${selector}`);
  return node;
}

/** Texts of all elements that match. */
export function texts(selector: string, within: ParentNode = document): string[] {
  return [...within.querySelectorAll(selector)].map((node) => node.textContent ?? "");
}

/** A drawing context whose files lie under `/files/`. `links` answer by dataset; others are gone. */
export function drawContext(
  links: Record<string, DatasetLink> = {},
): DrawContext & { abort(): void; inserted: string[] } {
  const controller = new AbortController();
  const inserted: string[] = [];
  return {
    signal: controller.signal,
    abort: () => controller.abort(),
    fileUrl: async (path) => `/files/${path}`,
    dataset: (folder) => links[folder] ?? noLink(),
    connect: noLink,
    insertCell: (code) => inserted.push(code),
    inserted,
  };
}
