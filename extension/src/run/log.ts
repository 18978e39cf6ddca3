import { button, el } from "../common/dom.js";
import { __ } from "../common/words.js";
import type { RunLink } from "./follow.js";

/** The end of a task's log, below the tasks; nothing before one is asked for. */
export interface LogPane {
  readonly node: HTMLElement;
  open(of: { phase: string; task: string }): Promise<void>;
}

export function logPane(
  name: { dataset: string | null; run: string },
  link: RunLink,
  signal: AbortSignal,
): LogPane {
  const heading = el("b", { dir: "auto" });
  const text = el("pre", { tabindex: 0, role: "region", dir: "auto" });
  let shown: { phase: string; task: string } | null = null;
  /** What had the focus before, and gets it back. */
  let opener: HTMLElement | null = null;
  const again = button(__("Read again"), () => shown && void open(shown));
  const close = button(__("Close"), shut);
  const bar = el(
    "div",
    { class: "figloom-bar" },
    heading,
    el("span", { class: "figloom-tools" }, again, close),
  );
  const node = el("section", { class: "figloom-run-log", hidden: true }, bar, text);

  function shut(): void {
    node.hidden = true;
    opener?.focus();
  }
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    shut();
  });

  async function open(of: { phase: string; task: string }): Promise<void> {
    shown = of;
    const isNew = node.hidden;
    if (isNew && document.activeElement instanceof HTMLElement) opener = document.activeElement;
    node.hidden = false;
    heading.textContent = __("The end of the log of %1", `${of.phase} ${of.task}`);
    text.setAttribute("aria-label", heading.textContent);
    try {
      const { stdout, stderr } = await link.ask("log", { ...name, ...of }, signal);
      if (shown !== of) return;
      const parts = [stdout.trimEnd(), stderr.trimEnd()].filter((part) => part !== "");
      text.textContent = parts.length > 0 ? parts.join("\n\n") : __("Nothing was written.");
      text.scrollTop = text.scrollHeight;
      // Read again, it stays where it is in the window.
      text.focus({ preventScroll: !isNew });
    } catch (error) {
      if (!signal.aborted) text.textContent = error instanceof Error ? error.message : String(error);
    }
  }
  return { node, open };
}
