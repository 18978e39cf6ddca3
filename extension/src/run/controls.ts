import { canGoOn, isEnded, type RunState } from "figloom/views";
import { button, el } from "../common/dom.js";
import { __ } from "../common/words.js";
import type { RunLink } from "./follow.js";

/** Buttons that steer a run; they are there while it goes on and a kernel answers. */
export interface Controls {
  readonly node: HTMLElement;
  draw(state: RunState, isLive: boolean): void;
}

/**
 * @param say shows a sentence, or with nothing takes it away
 * @param home gets the focus when the button that has it goes
 */
export function runControls(
  name: { dataset: string | null; run: string },
  link: RunLink,
  signal: AbortSignal,
  say: (text: string) => void,
  home: HTMLElement,
): Controls {
  async function ask(method: "pause" | "resume" | "cancel"): Promise<void> {
    say("");
    try {
      const done = await link.ask(method, name, signal);
      if (!done) say(__("It has ended by now."));
    } catch (error) {
      if (!signal.aborted) say(error instanceof Error ? error.message : String(error));
    }
  }
  const turn = button("", () => void ask(turn.dataset["ask"] as "pause" | "resume"));
  const cancel = button(__("Cancel"), () => confirm(true));
  const sure = el("span", { class: "figloom-run-sure" }, __("Cancel? What is done is kept."));
  const yes = button(__("Yes, cancel"), () => {
    confirm(false);
    void ask("cancel");
  });
  const no = button(__("No"), () => confirm(false));
  const question = el("span", { class: "figloom-run-question", role: "group", hidden: true }, sure, yes, no);
  question.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    confirm(false);
  });
  function confirm(asking: boolean): void {
    question.hidden = !asking;
    cancel.hidden = asking;
    (asking ? no : cancel).focus();
  }
  const node = el("div", { class: "figloom-tools" }, turn, cancel, question);
  return {
    node,
    draw(state, isLive) {
      const focused = document.activeElement as HTMLButtonElement | null;
      const isFocused = node.contains(focused);
      node.hidden = !isLive || (isEnded(state) && !canGoOn(state));
      const isHeld = state.status === "paused" || state.status === "pausing" || isEnded(state);
      turn.textContent = isHeld ? __("Resume") : __("Pause");
      turn.dataset["ask"] = isHeld ? "resume" : "pause";
      turn.disabled = state.status === "cancelling";
      // Asked again, the scheduler stops tasks that have not left.
      cancel.disabled = state.status === "cancelling" && state.engine === undefined;
      if (isEnded(state)) cancel.hidden = true;
      else if (question.hidden) cancel.hidden = false;
      if (isFocused && (node.hidden || focused!.hidden || focused!.disabled)) home.focus();
    },
  };
}
