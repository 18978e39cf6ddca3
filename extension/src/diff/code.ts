import type { DiffView } from "figloom/views";

/** A cell that shows one figure's captions compared again. */
export function diffCode({ captions, live }: DiffView, figureId: string): string {
  const where = `figure_id = '${figureId.replaceAll("'", "''")}'`;
  return [
    'import { openLab } from "figloom";',
    `const lab = await openLab(${literal(live?.dataset ?? "")});`,
    `await lab.diff({ captions: ${literal(captions)}, where: ${literal(where)} });`,
  ].join("\n");
}

/** A value as TypeScript. Line separators that JSON leaves as they are would end a line of code. */
function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}
