import { el } from "./dom.js";

export interface Option {
  value: string;
  label: string;
}

/** A choice of one from a list, with its label in front. */
export function dropdown(
  label: string,
  onChange: (value: string) => void,
): { element: HTMLElement; offer(options: readonly Option[], chosen: string): void } {
  const select = el("select", { class: "figloom-input figloom-select", "aria-label": label });
  select.addEventListener("change", () => onChange(select.value));
  let offered = "";
  return {
    element: el("label", { class: "figloom-labelled" }, el("span", {}, label), select),
    offer(options, chosen) {
      // Replacing the options of an open list would close it.
      const now = JSON.stringify(options);
      if (now !== offered)
        select.replaceChildren(
          ...options.map((option) => el("option", { value: option.value }, option.label)),
        );
      offered = now;
      select.value = chosen;
    },
  };
}
