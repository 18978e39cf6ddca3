import { copyText } from "./copy.js";
import { el } from "./dom.js";
import { __ } from "./words.js";

/** Something that can be taken away. */
export interface Export {
  label: string;
  run(): Promise<void> | void;
  /** What is said when it is done. @default nothing */
  done?: string;
}

/**
 * The code of a view: into a cell below it, where there is a notebook, or onto the clipboard.
 * @param code the view as it is drawn now
 */
export function codeExports(code: () => string, insertCell: ((code: string) => void) | null): Export[] {
  return [
    ...(insertCell
      ? [
          {
            label: __("Insert cell"),
            run: () => insertCell(code()),
            done: __("A cell below shows this again."),
          },
        ]
      : []),
    { label: __("Copy code"), run: () => copyText(code()), done: __("Copied: a cell that shows this.") },
  ];
}

/** A list that opens below a button; whatever is chosen says how it went to `say`. */
export function drawExportMenu(exports: readonly Export[], say: (text: string) => void): HTMLElement {
  const summary = el("summary", { class: "figloom-button" }, __("Export"));
  const menu = el("details", { class: "figloom-menu" }, summary);
  const list = el("div", { class: "figloom-menu-list" });
  for (const { label, run, done } of exports) {
    const item = el("button", { type: "button", class: "figloom-button" }, label);
    item.addEventListener("click", async () => {
      menu.open = false;
      summary.focus();
      try {
        await run();
        if (done) say(done);
      } catch (error) {
        say(error instanceof Error ? error.message : String(error));
      }
    });
    list.append(item);
  }
  menu.append(list);
  menu.addEventListener("toggle", () => {
    // A menu at the right edge opens to the left.
    const room = menu.closest(".figloom")?.getBoundingClientRect().right ?? Infinity;
    list.classList.toggle("figloom-at-end", menu.getBoundingClientRect().left + list.offsetWidth > room);
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    summary.focus();
  });
  menu.addEventListener("focusout", (event) => {
    if (!menu.contains(event.relatedTarget as Node | null)) menu.open = false;
  });
  return menu;
}
