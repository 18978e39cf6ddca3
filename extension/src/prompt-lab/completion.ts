import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { Vocable, Vocabulary } from "figloom/views";

/** Completes names of fields after `{{`, and keys of the front matter. */
export function promptCompletion(vocabulary: () => Vocabulary | null) {
  return (context: CompletionContext): CompletionResult | null => {
    const words = vocabulary();
    if (!words) return null;
    const before = context.state.sliceDoc(0, context.pos);
    return (
      fieldsAt(before, context.state.sliceDoc(context.pos, context.pos + 2), words) ??
      keysAt(before, context.explicit, words)
    );
  };
}

function fieldsAt(before: string, after: string, { fields }: Vocabulary): CompletionResult | null {
  const open = /\{\{\s*([#^/]?)\s*([\w]*)$/.exec(before);
  if (!open) return null;
  const [, sign = "", typed = ""] = open;
  const list = openList(before, fields);
  const own = list?.fields ?? [];
  const all = [
    ...own,
    ...fields.filter(({ name, fields }) => sign !== "" || (fields === null && !name.startsWith("has_"))),
  ];
  const end = after === "}}" ? "" : "}}";
  return {
    from: before.length - typed.length,
    options: all.map((field, i) =>
      option(field, `${field.name}${end}`, own.length > 0 && i < own.length ? 1 : 0),
    ),
    validFor: /^\w*$/,
  };
}

/** The innermost list whose section is open at the end of a text. */
function openList(before: string, fields: Vocabulary["fields"]): Vocabulary["fields"][number] | null {
  const open: string[] = [];
  for (const [, sign, name] of before.matchAll(/\{\{\s*([#^/])\s*(\w+)\s*\}\}/g)) {
    if (sign === "/") open.splice(open.lastIndexOf(name!), 1);
    else if (sign === "#") open.push(name!);
  }
  const lists = open.flatMap((name) => fields.find((field) => field.name === name && field.fields) ?? []);
  return lists.at(-1) ?? null;
}

function keysAt(
  before: string,
  explicit: boolean,
  { settings, sampling }: Vocabulary,
): CompletionResult | null {
  if (!/^---[ \t]*\n/.test(before) || /^---[ \t]*\n(?:[\s\S]*?\n)?---[ \t]*\n/.test(before)) return null;
  const [, indent = "", typed = ""] = /(?:^|\n)([ \t]*)([\w]*)$/.exec(before) ?? [];
  if (typed === "" && !explicit) return null;
  if (!/(?:^|\n)[ \t]*[\w]*$/.test(before)) return null;
  const keys = indent === "" ? settings : sampling;
  return {
    from: before.length - typed.length,
    options: keys.map((key) => option(key, key.name === "sampling" ? "sampling:\n  " : `${key.name}: `, 0)),
    validFor: /^\w*$/,
  };
}

const option = ({ name, about }: Vocable, apply: string, boost: number): Completion => ({
  ...{ label: name, detail: about, apply, boost },
  type: "property",
});
