/** Chance that is the same on every run: numbers drawn from a text. */

/** A whole number of 32 bits that stands for a text (FNV-1a with a final mix). */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A number in 0..1 (1 left out) that stands for a text. */
export const chance = (text: string): number => hash32(text) / 2 ** 32;
