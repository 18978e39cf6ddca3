/** A cell that opens a dataset and shows a view of it: `call` is what is asked of the lab. */
export function labCell(dataset: string, call: string): string {
  return [
    'import { openLab } from "figloom";',
    `const lab = await openLab(${literal(dataset)});`,
    `await lab.${call};`,
  ].join("\n");
}

/** A value as TypeScript. Line separators that JSON leaves as they are would end a line of code. */
export function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

/** An object as TypeScript, without what is `undefined`; nothing for one without properties. */
export function optionsLiteral(options: object): string {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  if (given.length === 0) return "";
  return `{ ${given.map(([name, value]) => `${name}: ${literal(value)}`).join(", ")} }`;
}
