import { mkdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { generator } from "../../../kernel-lib/src/statistics/random.js";

const WORDS = (
  "the spectrum of source shows two narrow peaks solid lines give model dashed data error bars are one standard " +
  "deviation mean temperature is drawn against radius in lower panel residuals red points galaxies blue stars"
).split(" ");

/** Sentences of made-up words: of `least` to `most` words altogether. */
export function madeCaption(random: () => number, least: number, most: number): string {
  const words: string[] = [];
  const count = least + Math.floor(random() * (most - least + 1));
  for (let i = 0; i < count; i++) {
    const word = WORDS[Math.floor(random() * WORDS.length)]!;
    words.push(i % 16 === 0 ? word[0]!.toUpperCase() + word.slice(1) : word);
  }
  return `${words.join(" ").replace(/ (?=[A-Z])/g, ". ")}.`;
}

/** Plots of random lines, as PNG files. @param side pixels of the longer side at most */
export async function madePictures(folder: string, count: number, side: number): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const random = generator(5);
  const made: string[] = [];
  for (let i = 0; i < count; i++) {
    const [width, height] = [0.5 + random() / 2, 0.35 + random() / 2].map((share) =>
      Math.round(side * share),
    ) as [number, number];
    const lines = Array.from({ length: 6 }, () => {
      const points = Array.from(
        { length: Math.ceil(width / 12) },
        (_, x) => `${12 * x},${random() * height}`,
      );
      const colour = `hsl(${Math.floor(random() * 360)},70%,40%)`;
      return `<polyline points="${points.join(" ")}" fill="none" stroke="${colour}" stroke-width="${1 + random()}"/>`;
    });
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${lines.join("")}</svg>`;
    const file = join(folder, `${i}.png`);
    await sharp(Buffer.from(svg)).flatten({ background: "white" }).png().toFile(file);
    made.push(file);
  }
  return made;
}
