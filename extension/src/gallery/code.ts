import type { LiveQuery, Query } from "figloom/views";

/** A cell that opens a dataset and shows one figure of it. */
export function figureCode(dataset: string, figureId: string): string {
  return cell(dataset, `figure(${literal(figureId)})`);
}

/** A cell that shows what a gallery shows. */
export function queryCode({ dataset, query }: LiveQuery): string {
  const { where, search, sort, group, floats, linked } = query;
  const options: Partial<Query> = {
    ...(where === null ? {} : { where }),
    ...(search === "" ? {} : { search }),
    ...(sort === null ? {} : { sort }),
    ...(group === null ? {} : { group }),
    ...(floats === "figure" ? {} : { floats }),
    ...(linked ? {} : { linked }),
  };
  const given = Object.entries(options).map(([name, value]) => `${name}: ${literal(value)}`);
  return cell(dataset, `gallery(${given.length > 0 ? `{ ${given.join(", ")} }` : ""})`);
}

function cell(dataset: string, call: string): string {
  return [
    'import { openLab } from "figloom";',
    `const lab = await openLab(${literal(dataset)});`,
    `await lab.${call};`,
  ].join("\n");
}

/** A value as TypeScript. Line separators that JSON leaves as they are would end a line of code. */
function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}
