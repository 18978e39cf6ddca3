import { UUID } from "@lumino/coreutils";
import type { PromptListing } from "figloom/views";
import { el } from "../common/dom.js";
import { __ } from "../common/words.js";
import { field } from "./settings.js";
import type { LabState } from "./state.js";

/** What stands for the kernel that belongs to no notebook. */
export const BACKGROUND = "";

/** Where dataset, prompt and kernel are chosen, and which other prompts are tried beside. */
export interface Sources {
  /** Dataset, prompt and kernel. */
  node: HTMLElement;
  others: HTMLElement;
  /** The notebook whose kernel is asked: the id of its panel. */
  kernel: string;
  /** Offers the notebooks that are open; the chosen one stays, where it is among them. */
  kernels(notebooks: readonly { id: string; name: string }[]): void;
  datasets(names: readonly string[]): void;
  prompts(all: readonly PromptListing[]): void;
  show(state: LabState): void;
}

export function drawSources(
  onChange: (change: Partial<LabState>) => void,
  onPrompt: (name: string) => void,
  onKernel: () => void,
): Sources {
  const kernel = el("select", { class: "figloom-input" });
  const dataset = el("input", { type: "text", class: "figloom-input", spellcheck: "false" });
  const datasets = el("datalist", { id: `figloom-datasets-${UUID.uuid4()}` });
  const prompt = el("select", { class: "figloom-input" });
  const others = el("div", {
    class: "figloom-lab-others",
    role: "group",
    "aria-label": __("Compare with"),
  });
  let listed: readonly PromptListing[] = [];
  dataset.setAttribute("list", datasets.id);
  dataset.addEventListener("change", () => onChange({ dataset: dataset.value.trim() }));
  prompt.addEventListener("change", () => onPrompt(prompt.value));
  kernel.addEventListener("change", onKernel);

  function drawOthers({ name, others: chosen, withSaved }: LabState): void {
    others.replaceChildren(
      el("span", { class: "figloom-soft" }, __("Compare with")),
      check(__("its saved version"), withSaved, (withSaved) => onChange({ withSaved })),
      ...listed
        .filter((other) => other.name !== name)
        .map((other) =>
          check(other.name, chosen.includes(other.name), (is) => {
            const rest = chosen.filter((one) => one !== other.name);
            onChange({ others: is ? [...rest, other.name] : rest });
          }),
        ),
    );
  }

  return {
    node: el(
      "div",
      { class: "figloom-lab-top" },
      field(__("Dataset"), dataset),
      datasets,
      field(__("Prompt"), prompt),
      field(__("Kernel"), kernel),
    ),
    others,
    get kernel() {
      return kernel.value;
    },
    set kernel(id) {
      kernel.value = id;
    },
    kernels(notebooks) {
      const chosen = kernel.value;
      kernel.replaceChildren(
        ...notebooks.map(({ id, name }) => el("option", { value: id }, name)),
        el("option", { value: BACKGROUND }, __("in the background")),
      );
      kernel.value = notebooks.some(({ id }) => id === chosen) ? chosen : BACKGROUND;
    },
    datasets(names) {
      datasets.replaceChildren(...names.map((name) => el("option", { value: name })));
    },
    prompts(all) {
      listed = all;
      const groups = [group(__("in the workspace"), false), group(__("shipped with figloom"), true)];
      prompt.replaceChildren(...groups.filter((one) => one.childElementCount > 0));

      function group(label: string, shipped: boolean): HTMLElement {
        const names = all.filter((one) => one.shipped === shipped).map(({ name }) => name);
        return el("optgroup", { label }, ...names.map((name) => el("option", { value: name }, name)));
      }
    },
    show(state) {
      if (dataset !== document.activeElement) dataset.value = state.dataset;
      prompt.value = state.name;
      const focused = [...others.querySelectorAll("input")].findIndex(
        (box) => box === document.activeElement,
      );
      drawOthers(state);
      if (focused >= 0) others.querySelectorAll("input")[focused]?.focus();
    },
  };
}

function check(text: string, checked: boolean, onChange: (checked: boolean) => void): HTMLElement {
  const box = el("input", { type: "checkbox" });
  box.checked = checked;
  box.addEventListener("change", () => onChange(box.checked));
  return el("label", { class: "figloom-check" }, box, text);
}
