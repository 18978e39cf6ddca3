import { NO_CLASS, type MapDensity } from "./map.js";

/** Cells of the picture that an output holds; with their classes some 80 kB. */
const GRID = { columns: 160, rows: 120 };
/** Share of the span that is left free around the points. */
const MARGIN = 0.03;

/** Counts points into a grid that covers all of them; points without a place (NaN) are left out. */
export function densityOf(
  x: Float32Array,
  y: Float32Array,
  classes: Uint8Array,
  { columns, rows } = GRID,
): MapDensity | null {
  const [across, up] = [rangeOf(x, y), rangeOf(y, x)];
  if (!across || !up) return null;
  const counts = new Uint32Array(columns * rows);
  const perClass = new Map<number, Uint32Array>();
  for (let i = 0; i < x.length; i++) {
    const cell = cellOf(x[i]!, across, columns) + columns * cellOf(y[i]!, up, rows);
    if (Number.isNaN(cell)) continue;
    counts[cell]! += 1;
    const kind = classes[i]!;
    let own = perClass.get(kind);
    if (!own) perClass.set(kind, (own = new Uint32Array(columns * rows)));
    own[cell]! += 1;
  }
  const commonest = counts.map((count, cell) => {
    if (count === 0) return NO_CLASS;
    let best = NO_CLASS;
    for (const [kind, own] of perClass) if (own[cell]! > (perClass.get(best)?.[cell] ?? 0)) best = kind;
    return best;
  });
  const shorts = Buffer.alloc(2 * counts.length);
  counts.forEach((count, cell) => shorts.writeUInt16LE(Math.min(65_535, count), 2 * cell));
  return {
    columns,
    rows,
    x: across,
    y: up,
    counts: shorts.toString("base64"),
    classes: Buffer.from(Uint8Array.from(commonest)).toString("base64"),
  };
}

function cellOf(value: number, [low, high]: [number, number], cells: number): number {
  return Math.min(cells - 1, Math.max(0, Math.floor(((value - low) / (high - low)) * cells)));
}

/** Range with a margin, of the points that have both coordinates; `null` without one. */
function rangeOf(values: Float32Array, others: Float32Array): [number, number] | null {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value) || !Number.isFinite(others[i]!)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return null;
  const margin = high > low ? (high - low) * MARGIN : Math.max(0.5, Math.abs(low) * 0.01);
  return [low - margin, high + margin];
}
