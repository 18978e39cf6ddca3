/** Which place goes to which caption, settled over a page at once. */
import { area, intersection } from "./boxes.js";
import type { Caption } from "./captions.js";
import type { Box } from "./page.js";
import type { Place, Side } from "./places.js";

export interface Pair {
  caption: Caption;
  /** `undefined` where nothing on the page can be its figure. */
  place: Place | undefined;
  /** How clear the choice is, 0..1: what the next best choice for the page is short of. */
  clear: number;
}

/** How often figures and tables of the paper stand on each side of their captions, 0..1. */
export type Habit = Record<Caption["float"], Record<Side, number>>;

/** What typesetters do: captions below figures, above tables, seldom beside. */
export const COMMON: Habit = {
  figure: { above: 0.8, below: 0.3, left: 0.15, right: 0.15 },
  table: { above: 0.3, below: 0.8, left: 0, right: 0 },
};

/** Pages with more captions are settled with fewer choices in view. */
const BEAM = 300;

interface Choice {
  places: (Place | undefined)[];
  worth: number;
}

/**
 * Finds the choice of greatest worth: the merits of the places and the paper's habit, without two figures over each
 * other, and with as few pictures as possible left over.
 */
export function assign(
  captions: readonly Caption[],
  placesOf: (caption: Caption) => readonly Place[],
  graphics: readonly Box[],
  habit: Habit,
): Pair[] {
  let choices: Choice[] = [{ places: [], worth: 0 }];
  for (const caption of captions) {
    const options: (Place | undefined)[] = [...placesOf(caption), undefined];
    choices = choices
      .flatMap(({ places, worth }) =>
        options
          .filter((place) => !place || places.every((other) => !other || !collide(place.box, other.box)))
          .map((place) => ({ places: [...places, place], worth: worth + worthOf(place, caption, habit) })),
      )
      .sort((a, b) => b.worth - a.worth)
      .slice(0, BEAM);
  }
  const settled = choices
    .map(({ places, worth }) => ({ places, worth: worth - leftOver(places, graphics) }))
    .sort((a, b) => b.worth - a.worth);
  const best = settled[0]!;
  return captions.map((caption, i) => {
    const rival = settled.find(({ places }) => places[i] !== best.places[i] && places[i]);
    const clear = rival ? Math.min(1, (best.worth - rival.worth) / 1.5) : 1;
    return { caption, place: best.places[i], clear };
  });
}

const worthOf = (place: Place | undefined, { float }: Caption, habit: Habit) =>
  place ? place.merit + 1.6 * habit[float][place.side] : 0.6;

function collide(a: Box, b: Box): boolean {
  const both = intersection(a, b);
  return both !== undefined && area(both) > Math.min(area(a), area(b)) * 0.15;
}

/** Pictures that no caption gets count against a choice. */
function leftOver(places: readonly (Place | undefined)[], graphics: readonly Box[]): number {
  const taken = places.flatMap((place) => (place ? [place.box] : []));
  return graphics.filter((box) => !taken.some((other) => collide(box, other))).length * 0.5;
}

/** The paper's own habit, as far as its clear pairs show it. */
export function habitOf(pairs: readonly Pair[]): Habit {
  const habit = structuredClone(COMMON);
  for (const float of ["figure", "table"] as const) {
    const sides = pairs
      .filter(({ caption, place, clear }) => caption.float === float && place && clear > 0.3)
      .map(({ place }) => place!.side);
    for (const side of Object.keys(habit[float]) as Side[]) {
      const seen = sides.filter((other) => other === side).length;
      habit[float][side] = (habit[float][side] * 2 + seen) / (sides.length + 2);
    }
  }
  return habit;
}
