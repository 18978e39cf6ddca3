import type { Points } from "figloom/views";
import { classColour, NO_CLASS } from "figloom/views";

/** What the points are coloured by. */
export type Scale = Pick<Points, "scale" | "rest" | "colours">;

/** CSS colour of a kind of points. */
export function colourOf({ colours, scale, rest }: Scale, kind: number): string {
  return classColour(kind, { scale, rest, count: colours.length });
}

/** Red, green, blue of `#rrggbb`. */
export function rgb(colour: string): [number, number, number] {
  const value = parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** Of every kind, none among them. */
export function allColours(scale: Scale): [number, number, number][] {
  return Array.from({ length: NO_CLASS + 1 }, (_, kind) => rgb(colourOf(scale, kind)));
}
