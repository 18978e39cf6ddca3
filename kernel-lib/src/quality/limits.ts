import { ConfigurationError } from "../errors.js";

/** What the checks take for too small, too long, too alike. */
export interface Limits {
  /** Smallest picture file in bytes. */
  imageBytes: number;
  /** Least pixels of a picture's long side: below, it is no picture but an icon or a dot. */
  tinySide: number;
  /** Least pixels of a picture's long side for it to be worth looking at. */
  lowSide: number;
  /** Largest ratio of the long side to the short one. */
  aspect: number;
  /** Least share of the pixels that stand out from the ground, 0..1. */
  content: number;
  /** Least number of words in a caption. */
  captionWords: number;
  /** Most characters in a caption. */
  captionCharacters: number;
  /** Least share of a caption's characters that stand in words, 0..1. */
  prose: number;
  /** Most TeX commands left over in a caption. */
  commands: number;
  /** Likeness from which on two pictures are near duplicates, 0..1. */
  likeness: number;
}

/** The defaults, each with where it comes from. */
export const LIMITS: Readonly<Record<keyof Limits, { value: number; from: string }>> = {
  imageBytes: { value: 5120, from: "S1-MMAlign leaves out files under 5 KB" },
  tinySide: { value: 64, from: "an icon's size" },
  lowSide: { value: 224, from: "what CLIP models look at; less would be enlarged" },
  aspect: { value: 10, from: "rows of panels reach 8 in ordinary papers" },
  content: { value: 0.0005, from: "a single hairline across a white page has more" },
  captionWords: { value: 3, from: "DataComp's basic filter asks for more than two words" },
  captionCharacters: {
    value: 3000,
    from: "ten standard deviations above the mean of S1-MMAlign's raw captions",
  },
  prose: { value: 0.4, from: "ordinary captions have 0.6 and more" },
  commands: { value: 0, from: "a caption is read as plain text" },
  likeness: { value: 0.92, from: "measured on copies and on plots with another curve" },
};

const NAMES = Object.keys(LIMITS) as (keyof Limits)[];

/** The name of a limit on the command line: `image-bytes`. */
export const dashed = (name: keyof Limits): string =>
  name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The limit that `image-bytes`, or `imageBytes`, names. */
export function limitName(text: string): keyof Limits {
  const name = NAMES.find((each) => each === text || dashed(each) === text);
  if (name) return name;
  throw new ConfigurationError(`There is no limit "${text}"; there are: ${NAMES.map(dashed).join(", ")}.`);
}

/**
 * The defaults with what was given in their place.
 * @throws {ConfigurationError} for a limit that there is not, or that is no number from 0
 */
export function completeLimits(given: Partial<Limits> = {}): Limits {
  const limits = Object.fromEntries(NAMES.map((name) => [name, LIMITS[name].value])) as unknown as Limits;
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (!Number.isFinite(value) || value < 0)
      throw new ConfigurationError(
        `The limit ${dashed(limitName(name))} is a number from 0, not ${String(value)}.`,
      );
    limits[limitName(name)] = value;
  }
  return limits;
}
