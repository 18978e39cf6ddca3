import type { Choice, HistogramView, LiveQuery } from "figloom/views";
import { labCell, literal, optionsLiteral } from "../common/code.js";

/** A cell that shows the view again, as it is drawn now. */
export function histogramCode(
  view: HistogramView,
  { dataset, query }: LiveQuery,
  { form, scale }: Choice,
): string {
  const names = view.series.map(({ name }) => name);
  const from = view.series.find(({ shift }) => shift)?.shift?.from;
  const options = optionsLiteral({
    compare: view.series.some(({ column }) => column !== view.metric) ? names : undefined,
    by: view.panels?.by,
    where: query.where ?? undefined,
    relativeTo: from === names[0] ? undefined : from,
    as: form,
    scale,
  });
  return labCell(dataset, `histogram(${literal(view.metric)}, ${options})`);
}
