import { position, valueAt, type AxisScale } from "figloom/views";

/** A chosen stretch of an axis, in values; both ends are in it. */
export interface ValueRange {
  from: number;
  to: number;
}

/** An axis as a range is chosen on it. */
export interface Axis {
  scale: AxisScale;
  low: number;
  high: number;
  /** How far a key moves an end: a bin, as a difference of positions. */
  step: number;
}

/** A place on the axis as a value with no more digits than a pixel tells apart. */
export function readable(at: number, { scale, low, high }: Axis): number {
  if (scale === "log") return Number(valueAt(at, scale).toPrecision(3));
  const grain = 10 ** Math.floor(Math.log10((high - low) / 500));
  return Number((Math.round(at / grain) * grain).toPrecision(12));
}

/** The range between two places, whichever comes first; `null` where it is all of the axis. */
export function rangeBetween(a: number, b: number, axis: Axis): ValueRange | null {
  const [low, high] = [position(axis.low, axis.scale), position(axis.high, axis.scale)];
  const clamped = (at: number) => Math.min(high, Math.max(low, at));
  const [from, to] = [clamped(Math.min(a, b)), clamped(Math.max(a, b))];
  const slack = (high - low) * 1e-9;
  if (from <= low + slack && to >= high - slack) return null;
  return {
    from: from <= low + slack ? axis.low : readable(from, axis),
    to: to >= high - slack ? axis.high : readable(to, axis),
  };
}

/** The range after one of its ends moved by bins. */
export function moved(
  range: ValueRange | null,
  end: "from" | "to",
  bins: number,
  axis: Axis,
): ValueRange | null {
  const at = (value: number) => position(value, axis.scale);
  const ends = { from: at(range?.from ?? axis.low), to: at(range?.to ?? axis.high) };
  const [low, high] = [at(axis.low), at(axis.high)];
  const place = Math.min(high, Math.max(low, ends[end] + bins * axis.step));
  ends[end] = end === "from" ? Math.min(place, ends.to) : Math.max(place, ends.from);
  return rangeBetween(ends.from, ends.to, axis);
}
