import { kindOf } from "./metrics.js";
import { integer } from "../views/wording.js";
import type { AuditMetric, AuditReport } from "./report.js";

/** What a reader of the report has to know before its figures are used, a sentence each. */
export function warningsOf(report: Omit<AuditReport, "warnings">): string[] {
  const { compared, captions, metrics, bootstrap } = report;
  const warnings: string[] = [];
  for (const { name, made_by } of captions)
    if (made_by.length > 1)
      warnings.push(
        `${name}: these captions were made in ${made_by.length} ways (prompt, model or sampling differ); see Captions.`,
      );
  // What is true of a metric is true of those worked out of it.
  for (const metric of metrics.filter(({ metric }) => !kindOf(metric).derived))
    warnings.push(...ofMetric(metric, compared));
  if (compared.in_other_groups > 0)
    warnings.push(
      `${integer(compared.in_other_groups)} figures are of smaller groups that are not listed; they count in the totals.`,
    );
  if (bootstrap.intervals > 0)
    warnings.push(
      `The report holds ${integer(bootstrap.intervals)} intervals of 95 %, not adjusted for their number: about ${integer(bootstrap.intervals / 20)} of them miss by chance alone.`,
    );
  return warnings;
}

function ofMetric(metric: AuditMetric, { from, to, figures }: AuditReport["compared"]): string[] {
  const { metric: name, scorer, other_scorers, overall, not_compared } = metric;
  const said: string[] = [];
  if (!scorer) {
    said.push(
      other_scorers.length === 0
        ? `${name}: not measured; figloom score … --metrics ${kindOf(name).scorer ?? name}.`
        : `${name}: not compared, since no scorer measured both captions: ${other_scorers.map(({ id, version, caption }) => `${caption} by ${id} version ${version}`).join(", ")}.`,
    );
    return said;
  }
  if (not_compared !== null) said.push(`${name}: not compared, since ${not_compared}.`);
  if (other_scorers.length > 0) {
    const others = [...new Set(other_scorers.map(({ id, version }) => `${id} version ${version}`))];
    said.push(
      `${name}: measured by several scorers; only values of ${scorer.id} version ${scorer.version} are used, those of ${others.join(", ")} are left out.`,
    );
  }
  for (const [caption, side] of [
    [from, metric.from],
    [to, metric.to],
  ] as const) {
    if (side.not_measured > 0)
      said.push(
        `${name}: measured on a part only, ${integer(side.not_measured)} of ${integer(figures)} ${caption} captions are missing.`,
      );
    if (side.without_value > 0)
      said.push(
        side.without_value === 1
          ? `${name}: 1 ${caption} caption has no value.`
          : `${name}: ${integer(side.without_value)} ${caption} captions have no value.`,
      );
    if ((side.truncated_captions ?? 0) > 0)
      said.push(
        `${name}: ${percent(side.truncated_captions!)} of the ${caption} captions were cut, by ${percent(side.truncated!)} of a caption on average over all.`,
      );
  }
  if (overall?.note) said.push(`${name}: ${overall.note}.`);
  return said;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
