import { button, el } from "../common/dom.js";
import { __ } from "../common/words.js";
import { choiceText } from "./facets.js";
import type { GalleryModel } from "./model.js";

/** What narrows the figures, each with a way out: the condition, the choices, and what other views selected. */
export function drawChips(model: GalleryModel, onEdit: () => void): HTMLElement[] {
  const { where, choices, link, query } = model;
  const others = query.linked ? model.parts.filter(({ source }) => source !== model.source) : [];
  const own = model.parts.find(({ source }) => source === model.source);
  return [
    ...(where === null
      ? []
      : [
          chip(where, () => void model.change({ where: null }), {
            edit: onEdit,
            className: "figloom-sql",
          }),
        ]),
    ...choices.map((choice) =>
      chip(
        choiceText(choice),
        () => void model.change({ choices: model.choices.filter((other) => other !== choice) }),
      ),
    ),
    ...others.map(({ source, label }) =>
      chip(label, () => void link?.ask("select", { source, label, clause: null }).catch(() => undefined), {
        className: "figloom-linked",
        title: __("Selected in another view"),
      }),
    ),
    ...(own
      ? [
          chip(own.label, () => void link?.ask("select", { ...own, clause: null }).catch(() => undefined), {
            className: "figloom-linked",
            title: __("Selected here, for the other views"),
          }),
        ]
      : []),
  ];
}

function chip(
  text: string,
  onRemove: () => void,
  {
    className = "",
    title = null,
    edit = null,
  }: { className?: string; title?: string | null; edit?: (() => void) | null } = {},
): HTMLElement {
  const name = el("span", { class: "figloom-filter-text", dir: "auto", title: title ?? text }, text);
  return el(
    "span",
    { class: `figloom-filter ${className}`, role: "listitem" },
    edit
      ? button(text, edit, { label: __("Edit the condition %1", text), className: "figloom-filter-text" })
      : name,
    button("✕", onRemove, { label: __("Remove %1", text), className: "figloom-sign" }),
  );
}
