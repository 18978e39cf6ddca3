import type { Fence } from "./fence.js";

/** A field that a template may print. */
export interface Field {
  /** What it holds, for the list that an error gives. */
  about: string;
  /** The tags around it; `null` for words of figloom's own, which cannot be forged. */
  fence: Fence | null;
}

/** The figure's fields. */
export const FIELDS = {
  title: { about: "the paper's title", fence: "title" },
  abstract: { about: "the paper's abstract", fence: "abstract" },
  discipline: { about: "the paper's discipline", fence: null },
  caption: { about: "the raw caption", fence: "caption" },
  number: { about: "the figure's number as printed", fence: "number" },
  float: { about: "figure or table", fence: null },
  figure_text: { about: "text read off the figure", fence: "figure_text" },
  has_panels: { about: "for sections: whether there are panels", fence: null },
  has_contexts: { about: "for sections: whether there are contexts", fence: null },
} as const satisfies Record<string, Field>;

/** Lists, with the fields of their elements: only inside `{{#panels}}…{{/panels}}`. */
export const LISTS = {
  panels: {
    number: { about: "the panel's letter as printed", fence: "panel" },
    caption: { about: "the panel's own caption", fence: "panel_caption" },
  },
  contexts: {
    text: {
      about: "a paragraph that mentions the figure, the sentences that do so marked",
      fence: "paragraph",
    },
    section: { about: "title of the section it stands in", fence: "section" },
  },
} as const satisfies Record<string, Record<string, Field>>;

export type ListName = keyof typeof LISTS;
/** A field by its full name, such as `caption`, `panels`, `panels.caption`. */
export type FieldPath = string;

export const isList = (name: string): name is ListName => Object.hasOwn(LISTS, name);

/** What a name means in a list's section, or outside of all; `null` for nothing. */
export function pathOf(name: string, list: ListName | null): FieldPath | null {
  if (list && Object.hasOwn(LISTS[list], name)) return `${list}.${name}`;
  return isList(name) || Object.hasOwn(FIELDS, name) ? name : null;
}

/** The list whose elements have such a field. */
export const listWith = (name: string): ListName | null =>
  (Object.keys(LISTS) as ListName[]).find((list) => Object.hasOwn(LISTS[list], name)) ?? null;

/** All names that may stand here. */
export function namesIn(list: ListName | null): string[] {
  return list ? Object.keys(LISTS[list]) : [...Object.keys(FIELDS), ...Object.keys(LISTS)];
}

/** The list of fields for an error. */
export function fieldList(list: ListName | null): string {
  if (list) return `${namesIn(list).join(", ")} (inside {{#${list}}})`;
  const lists = Object.entries(LISTS).map(([name, fields]) => `${name} (${Object.keys(fields).join(", ")})`);
  return [...Object.keys(FIELDS), ...lists].join(", ");
}
