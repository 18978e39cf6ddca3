import { rateText, ratesOverTime, type RunState } from "figloom/views";
import { __ } from "../common/words.js";

const SVG = "http://www.w3.org/2000/svg";
const SIZE = { width: 100, height: 22 };
/** Steps of its line: fewer than there are are averaged, so that it does not jitter. */
const STEPS = 40;

/** The rate over time as a small line; `null` before there is a line to draw. */
export function drawSparkline(state: RunState): SVGSVGElement | null {
  const points = averaged(ratesOverTime(state));
  if (points.length < 2) return null;
  const last = points.at(-1)!.seconds;
  const first = points[0]!.seconds;
  const most = highest(points.map(({ rate }) => rate));
  if (most === 0 || last === first) return null;
  const place = ({ seconds, rate }: (typeof points)[number]) => {
    const x = (SIZE.width * (seconds - first)) / (last - first);
    const y = SIZE.height - 1 - (SIZE.height - 2) * Math.min(1, rate / most);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  };
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("class", "figloom-sparkline");
  drawing.setAttribute("viewBox", `0 0 ${SIZE.width} ${SIZE.height}`);
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", __("Rate over time, up to %1", rateText(most)));
  const line = document.createElementNS(SVG, "polyline");
  line.setAttribute("points", points.map(place).join(" "));
  drawing.append(line);
  return drawing;
}

/** Where the line ends above: a burst, as when a pause ends, leaves the rest more than a flat line. */
function highest(rates: readonly number[]): number {
  const sorted = [...rates].sort((a, b) => a - b);
  const most = sorted.at(-1)!;
  const usual = sorted[Math.floor(0.9 * (sorted.length - 1))]!;
  return usual > 0 ? Math.min(most, 1.5 * usual) : most;
}

function averaged(points: { seconds: number; rate: number }[]): { seconds: number; rate: number }[] {
  const size = Math.ceil(points.length / STEPS);
  const groups = Array.from({ length: Math.ceil(points.length / Math.max(1, size)) }, (_, i) =>
    points.slice(i * size, (i + 1) * size),
  );
  return groups.map((group) => ({
    seconds: group.at(-1)!.seconds,
    rate: group.reduce((sum, { rate }) => sum + rate, 0) / group.length,
  }));
}
