import type { Choice, HistogramView } from "figloom/views";

/** A cell that shows the view again, as it is drawn now. */
export function histogramCode(view: HistogramView, { form, scale }: Choice): string | null {
  if (!view.live) return null;
  const names = view.series.map(({ name }) => name);
  const from = view.series.find(({ shift }) => shift)?.shift?.from;
  const options = {
    ...(view.series.some(({ column }) => column !== view.metric) && { compare: names }),
    ...(view.panels && { by: view.panels.by }),
    ...(view.live.query.where !== null && { where: view.live.query.where }),
    ...(from !== undefined && from !== names[0] && { relativeTo: from }),
    as: form,
    scale,
  };
  return cell(view.live.dataset, `histogram(${literal(view.metric)}, ${objectLiteral(options)})`);
}

function cell(dataset: string, call: string): string {
  return [
    'import { openLab } from "figloom";',
    `const lab = await openLab(${literal(dataset)});`,
    `await lab.${call};`,
  ].join("\n");
}

const objectLiteral = (options: object): string =>
  `{ ${Object.entries(options)
    .map(([name, value]) => `${name}: ${literal(value)}`)
    .join(", ")} }`;

/** A value as TypeScript. Line separators that JSON leaves as they are would end a line of code. */
function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}
