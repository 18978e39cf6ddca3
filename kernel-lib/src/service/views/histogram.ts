import type { Reader } from "../../dataset/query.js";
import { checkCaption, variantsIn } from "../../dataset/variants.js";
import { ConfigurationError } from "../../errors.js";
import type { DistributionForm, HistogramView } from "../../views/protocol.js";
import { EVERYTHING, type ColumnRef } from "../../views/query.js";
import { comparable } from "../../views/wording.js";
import { distribution, type DistributionPlan } from "../distribution/distribution.js";
import type { Frame } from "../frame.js";
import type { Service } from "../service.js";

export interface HistogramOptions {
  /** Captions to compare: `raw` or variants. @default all that there are values for */
  compare?: readonly string[];
  /**
   * Draws small multiples, one for each value of a category, at most twelve: a figure's column such as `discipline` or
   * `kind`, or any reference such as `paper.licence`, `review.verdict`.
   */
  by?: ColumnRef;
  /** An SQL condition over the figures' columns. */
  where?: string;
  /** What to draw first; the view can change it. @default "histogram" */
  as?: DistributionForm;
  /** @default logarithmic where all values lie above zero and spread over two decades or more */
  scale?: "linear" | "log";
  /** The caption that shifts are measured from, figure by figure. @default the first one drawn */
  relativeTo?: string;
  title?: string;
}

/** Axis and range of the metrics that we know. */
const METRICS: Record<string, { axis: string; domain: readonly [number, number] }> = {
  support: { axis: "support (share of claims, 0..1)", domain: [0, 1] },
};

/**
 * How a metric's values, or those of a column, are spread: all that an output holds. Costs as {@link distribution} does.
 * @throws {ConfigurationError} for a metric, caption or column that is not there
 */
export async function histogramView(
  service: Pick<Service, "folder" | "frame">,
  metric: string,
  options: HistogramOptions = {},
): Promise<HistogramView> {
  const frame = await service.frame();
  return distribution(frame, await planned(frame, service.folder, metric, options));
}

async function planned(
  frame: Frame,
  folder: string,
  metric: string,
  options: HistogramOptions,
): Promise<DistributionPlan> {
  const { compare, by, where, as = "histogram", scale = "auto", relativeTo } = options;
  const { series, axis, domain } = await measured(frame, metric, compare);
  const from = relativeTo ?? series[0]!.name;
  if (!series.some(({ name }) => name === from))
    throw new ConfigurationError(
      `\`relativeTo\` names one of the series drawn: ${series.map(({ name }) => name).join(", ")}; not "${from}".`,
    );
  return {
    title: options.title ?? (series.length > 1 || METRICS[metric] ? `${metric} by caption` : axis),
    metric,
    axis,
    domain,
    series,
    form: as,
    scale,
    shifts: {
      from,
      against: (name) =>
        comparable(metric, from, name)
          ? null
          : `${metric} of raw and of new captions rest on different evidence: they are not to be subtracted`,
    },
    by: by === undefined ? null : group(frame, by),
    live: { dataset: folder, query: { ...EVERYTHING, where: where ?? null } },
  };
}

type Measured = Pick<DistributionPlan, "series" | "axis" | "domain">;

/** The columns that a metric's name, or a reference, stands for. */
async function measured(
  frame: Frame,
  metric: string,
  compare: readonly string[] | undefined,
): Promise<Measured> {
  const [, name] = /^length(?:\.(.+))?$/s.exec(metric) ?? [];
  const scored = await scoredCaptions(frame.reader);
  const isScore = scored.some((row) => row.metric === metric);
  if (!isScore && /^length(\.|$)/.test(metric)) {
    const captions = compare ?? (name ? [name] : ["raw", ...(await variantsIn(frame.reader))]);
    for (const caption of captions) await checkCaption(frame.reader, caption);
    return {
      axis: "length (characters)",
      domain: null,
      series: captions.map((caption) => ({ name: caption, column: `length.${caption}` })),
    };
  }
  if (!isScore && metric.includes(".")) {
    const label = frame.catalogue.get(metric)?.label ?? metric;
    return { axis: label, domain: null, series: [{ name: "all figures", column: metric }] };
  }
  const captions = captionsOf(scored, metric);
  for (const caption of compare ?? [])
    if (!captions.includes(caption))
      throw new ConfigurationError(
        `${metric} was not measured for captions "${caption}"; it was for: ${captions.join(", ")}.`,
      );
  const { axis, domain } = (Object.hasOwn(METRICS, metric) && METRICS[metric]) || {
    axis: metric,
    domain: null,
  };
  const series = (compare ?? captions).map((caption) => ({
    name: caption,
    column: `score.${metric}@${caption}`,
  }));
  return { axis, domain, series };
}

/** A figure's column, or a reference as it is. */
function group(frame: Frame, by: string): { column: ColumnRef; label: string } {
  const column = by.includes(".") ? by : `figure.${by}`;
  return { column, label: frame.catalogue.get(column)?.label ?? by };
}

interface Scored {
  metric: string;
  caption: string;
}

/** The raw caption first. */
function scoredCaptions(reader: Reader): Promise<Scored[]> {
  return reader.all<Scored>(
    "SELECT DISTINCT metric, caption FROM stored_scores ORDER BY metric, caption <> 'raw', caption",
  );
}

function captionsOf(scored: readonly Scored[], metric: string): string[] {
  const captions = scored.filter((row) => row.metric === metric).map(({ caption }) => caption);
  if (captions.length > 0) return captions;
  const metrics = [...new Set(scored.map((row) => row.metric))];
  throw new ConfigurationError(
    metrics.length === 0
      ? `No caption was scored yet; do that first: await lab.score(["support"]).`
      : `There are no scores "${metric}"; there are: ${metrics.join(", ")}. Other columns are asked for as \`figure.width\`, \`length.raw\`.`,
  );
}
