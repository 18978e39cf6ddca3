/** Made-up captions and paragraphs, in which every sentence names its figure: words that went astray are seen. */

/** What figure `number` is called in all its words: `Tarn-000123`. */
export const nameOf = (number: number): string => `Tarn-${String(number).padStart(6, "0")}`;

/** Numbers of the figures that a text names, each once. */
export const namedIn = (text: string): number[] => [
  ...new Set([...text.matchAll(/\bTarn-(\d{6})\b/g)].map(([, digits]) => Number(digits))),
];

/** Numbers evenly between 0 and 1 that follow from a seed (mulberry32, by Tommy Ettinger). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SUBJECTS = [
  "The measured intensity",
  "The fitted slope",
  "The residual of the model",
  "The second harmonic",
  "The density of the outer shell",
  "The response of the detector",
  "The spectrum after subtraction of the background",
  "The growth rate",
];
const VERBS = [
  "rises steadily with",
  "falls off slowly with",
  "shows two maxima over",
  "is nearly independent of",
  "follows a power law in",
  "oscillates around",
  "saturates beyond",
];
const OBJECTS = [
  "the applied field",
  "temperature, between the two dashed lines",
  "the distance to the source",
  "time, in units of the decay constant",
  "the concentration of the buffer",
  "the number of iterations",
  "the angle of incidence",
];
const ENDINGS = [
  "as the solid curve shows",
  "within the error bars",
  "which agrees with the earlier survey",
  "except for the three open symbols",
  "for all samples that were cooled",
];

/** One sentence about the figure. */
export function sentenceOf(number: number, random: () => number): string {
  const one = (list: readonly string[]): string => list[Math.floor(random() * list.length)]!;
  const amount = (1 + random() * 98).toFixed(1);
  return `${one(SUBJECTS)} of ${nameOf(number)} ${one(VERBS)} ${one(OBJECTS)}, ${one(ENDINGS)}, by ${amount} percent.`;
}

/** So many different sentences about the figure. */
export function sentencesOf(number: number, count: number, random: () => number): string[] {
  const sentences = new Set<string>();
  while (sentences.size < count) sentences.add(sentenceOf(number, random));
  return [...sentences];
}
