import { UUID } from "@lumino/coreutils";
import type { ServerStatus } from "figloom/views";
import { el } from "../common/dom.js";
import { __ } from "../common/words.js";
import type { LabState } from "./state.js";

/** Fields in which a trial's figures, servers and sampling are chosen. */
export interface SettingsForm {
  node: HTMLElement;
  /** Offers what servers there are. */
  servers(all: readonly ServerStatus[]): void;
  show(state: LabState): void;
}

type Change = Partial<LabState>;

export function drawSettings(onChange: (change: Change) => void, onTest: () => void): SettingsForm {
  const figures = el(
    "select",
    { class: "figloom-input" },
    el("option", { value: "drawn" }, __("drawn from the dataset")),
    el("option", { value: "selection" }, __("drawn from the current selection")),
  );
  const where = text(__("e.g. discipline = 'Astronomy'"));
  const sample = number(1, 500);
  const seed = number(null, null);
  const endpoint = el("select", { class: "figloom-input" });
  const model = text(__("as served"));
  const models = el("datalist", { id: `figloom-models-${UUID.uuid4()}` });
  model.setAttribute("list", models.id);
  const temperature = text(__("the prompt's own"));
  temperature.inputMode = "decimal";
  const repeats = number(1, 20);
  const test = el("button", { type: "button", class: "figloom-button" }, __("Test"));
  test.title = __("Ask the servers which models they have");
  test.addEventListener("click", onTest);
  const state = el("span", { class: "figloom-soft", role: "status", dir: "auto" });

  figures.addEventListener("change", () => onChange({ figures: figures.value as LabState["figures"] }));
  where.addEventListener("change", () => onChange({ where: where.value }));
  sample.addEventListener(
    "change",
    () => sample.checkValidity() && onChange({ sample: Number(sample.value) }),
  );
  seed.addEventListener("change", () => seed.checkValidity() && onChange({ seed: Number(seed.value) }));
  endpoint.addEventListener("change", () => onChange({ endpoint: endpoint.value }));
  model.addEventListener("change", () => onChange({ model: model.value }));
  temperature.addEventListener("change", () => {
    const fine =
      temperature.value.trim() === "" || (Number(temperature.value) >= 0 && Number(temperature.value) <= 2);
    temperature.setCustomValidity(fine ? "" : __("A number from 0 to 2"));
    if (temperature.reportValidity()) onChange({ temperature: temperature.value });
  });
  repeats.addEventListener(
    "change",
    () => repeats.checkValidity() && onChange({ repeats: Number(repeats.value) }),
  );

  const whereField = field(__("Condition (SQL)"), where);
  const node = el(
    "div",
    { class: "figloom-lab-settings" },
    field(__("Figures"), figures),
    whereField,
    field(__("How many"), sample),
    field(__("Seed"), seed),
    field(__("Repeats"), repeats),
    field(__("Temperature"), temperature),
    field(__("Server"), endpoint),
    field(__("Model"), model),
    el("div", { class: "figloom-lab-test" }, test, state, models),
  );
  return {
    node,
    servers(all) {
      const chosen = endpoint.value;
      endpoint.replaceChildren(
        el("option", { value: "" }, __("all servers")),
        ...all.map(({ address }) => el("option", { value: address }, address)),
      );
      endpoint.value = all.some(({ address }) => address === chosen) ? chosen : "";
      const served = new Set(all.flatMap(({ up, detail }) => (up ? detail.split(", ") : [])));
      models.replaceChildren(...[...served].map((name) => el("option", { value: name })));
      state.textContent =
        all.length === 0
          ? __("No server is named: set FIGLOOM_ENDPOINTS where JupyterLab is started, or start a fleet.")
          : all
              .map(
                ({ address, up, detail, remedy }) =>
                  `${up ? "✓" : "✗"} ${address}: ${detail}${remedy ? `; ${remedy}` : ""}`,
              )
              .join(" · ");
    },
    show(lab) {
      figures.value = lab.figures;
      where.value = lab.where;
      whereField.hidden = lab.figures === "selection";
      sample.value = String(lab.sample);
      seed.value = String(lab.seed);
      if (lab.endpoint && ![...endpoint.options].some(({ value }) => value === lab.endpoint))
        endpoint.append(el("option", { value: lab.endpoint }, lab.endpoint));
      endpoint.value = lab.endpoint;
      model.value = lab.model;
      temperature.value = lab.temperature;
      repeats.value = String(lab.repeats);
    },
  };
}

/** A control with its name above. */
export function field(name: string, control: HTMLElement): HTMLElement {
  control.setAttribute("aria-label", name);
  return el("label", { class: "figloom-lab-field" }, el("span", {}, name), control);
}

const text = (placeholder: string): HTMLInputElement =>
  el("input", { type: "text", class: "figloom-input", placeholder, spellcheck: "false" });

const number = (min: number | null, max: number | null): HTMLInputElement =>
  el("input", { type: "number", class: "figloom-input", min, max, step: 1, required: true });
