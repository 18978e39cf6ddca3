import { integer, type PickedFigure, type Preview } from "figloom/views";
import { el } from "../common/dom.js";
import { __ } from "../common/words.js";

/** What would be asked about a figure, with how many tokens it takes. */
export interface PreviewPane {
  node: HTMLElement;
  /** The figure that is looked at; `null` where there is none. */
  readonly figure: string | null;
  figures(all: readonly PickedFigure[]): void;
  show(preview: Preview): void;
  say(text: string): void;
}

export function drawPreview(onChoose: () => void): PreviewPane {
  const figure = el("select", { class: "figloom-input", "aria-label": __("Figure of the preview") });
  figure.addEventListener("change", onChoose);
  const tokens = el("p", { class: "figloom-lab-tokens", role: "status" });
  const text = el("pre", { class: "figloom-lab-asked", tabindex: "0", "aria-label": __("What is asked") });
  const node = el(
    "div",
    { class: "figloom-lab-preview" },
    el("label", { class: "figloom-lab-field" }, el("span", {}, __("What is asked about")), figure),
    tokens,
    el("details", {}, el("summary", {}, __("The words, to the letter")), text),
  );
  return {
    node,
    get figure() {
      return figure.value || null;
    },
    figures(all) {
      const chosen = figure.value;
      figure.replaceChildren(...all.map(({ figure_id, name }) => el("option", { value: figure_id }, name)));
      if (all.some(({ figure_id }) => figure_id === chosen)) figure.value = chosen;
    },
    show({ system, user, tokens: count, budget, kept, answer }) {
      tokens.textContent = [
        __("about %1 tokens", integer(count)),
        __("at most %1 for the paper's words, %2 for the answer", integer(budget), integer(answer)),
        kept === 1
          ? __("all its words found room")
          : __("%1 % of its words found room", Math.floor(100 * kept)),
      ].join(" · ");
      tokens.classList.toggle("figloom-lab-cut", kept < 1);
      text.textContent = `${system}\n\n[${__("the picture")}]\n\n${user}`;
    },
    say(words) {
      tokens.textContent = words;
      text.textContent = "";
    },
  };
}
