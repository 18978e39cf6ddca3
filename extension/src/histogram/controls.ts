import {
  FORM_NAMES,
  formsOf,
  nextJoin,
  scalesOf,
  type Choice,
  type DistributionForm,
  type HistogramView,
} from "figloom/views";
import { button, el } from "../common/dom.js";
import { __ } from "../common/words.js";

export interface Controls {
  node: HTMLElement;
  /** Shows what is chosen. */
  reflect(choice: Choice): void;
}

/** Form, axis, heights and width of bins. */
export function drawControls(
  view: HistogramView,
  choice: () => Choice,
  choose: (change: Partial<Choice>) => void,
): Controls {
  const form = el(
    "select",
    { class: "figloom-input figloom-form", "aria-label": __("Drawn as") },
    ...formsOf(view).map((name) => el("option", { value: name }, FORM_NAMES[name])),
  );
  form.addEventListener("change", () => choose({ form: form.value as DistributionForm }));
  const log = checkbox(__("Logarithmic"), (checked) => {
    const scale = checked ? "log" : "linear";
    choose({ scale, join: view.grids?.[scale]?.join ?? 1 });
  });
  const shares = checkbox(__("Shares"), (checked) => choose({ shares: checked }));
  const step = (wider: boolean) => {
    const join = nextJoin(view, choice(), wider);
    if (join !== null) choose({ join });
  };
  const fewer = button("−", () => step(true), { label: __("Fewer bins") });
  const more = button("+", () => step(false), { label: __("More bins") });
  const bins = el("span", { class: "figloom-group", role: "group", "aria-label": __("Bins") }, fewer, more);
  return {
    node: el(
      "div",
      { class: "figloom-tools" },
      form,
      scalesOf(view).length > 1 ? log.node : null,
      shares.node,
      bins,
    ),
    reflect(now) {
      form.value = now.form;
      log.input.checked = now.scale === "log";
      shares.input.checked = now.shares;
      shares.node.hidden = bins.hidden = now.form !== "histogram";
      fewer.disabled = nextJoin(view, now, true) === null;
      more.disabled = nextJoin(view, now, false) === null;
    },
  };
}

function checkbox(label: string, onChange: (checked: boolean) => void) {
  const input = el("input", { type: "checkbox" });
  input.addEventListener("change", () => onChange(input.checked));
  return { input, node: el("label", { class: "figloom-check" }, input, label) };
}
