/** Plots drawn on the spot, and what becomes of pictures on their way from paper to paper. */
import sharp, { type Sharp } from "sharp";

export const WIDTH = 900;
export const HEIGHT = 600;

/** A plot of some curves with axes, ticks, numbers and a legend; another `seed` gives other curves. */
export async function plot(seed: number, { curves = 3, width = WIDTH, last = seed } = {}): Promise<Buffer> {
  const colours = ["#1f77b4", "#d62728", "#2ca02c", "#9467bd"];
  const ticks = [0, 1, 2, 3, 4, 5].map(
    (i) => `<path d="M ${100 + i * 150} 520 v 8" stroke="#000" stroke-width="2"/>
      <text x="${92 + i * 150}" y="550" font-size="20">${i}</text>
      <path d="M 100 ${520 - i * 90} h -8" stroke="#000" stroke-width="2"/>
      <text x="66" y="${527 - i * 90}" font-size="20">${i * 2}</text>`,
  );
  const lines = Array.from({ length: curves }, (_, i) => {
    const phase = (i === curves - 1 ? last : seed) * 1.7 + i * 2.1;
    const points = Array.from({ length: 76 }, (_, x) => {
      const y = 300 + 90 * Math.sin(x / 9 + phase) + 60 * Math.cos(x / (5 + i) + 2 * phase);
      return `${100 + x * 10},${y.toFixed(1)}`;
    });
    return `<polyline points="${points.join(" ")}" fill="none" stroke="${colours[i % 4]}" stroke-width="2"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 600" width="${width}" height="${(width * 2) / 3}">
    <rect width="900" height="600" fill="#fff"/>
    <rect x="100" y="70" width="750" height="450" fill="none" stroke="#000" stroke-width="2"/>
    ${ticks.join("")}${lines.join("")}
    <text x="420" y="585" font-size="24">time (s)</text><text x="640" y="110" font-size="20">sample ${curves}</text>
  </svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

const cropped = (picture: Buffer, share: number): Sharp =>
  sharp(picture).extract({
    left: Math.round(WIDTH * share),
    top: Math.round(HEIGHT * share),
    width: Math.round(WIDTH * (1 - 2 * share)),
    height: Math.round(HEIGHT * (1 - 2 * share)),
  });

/** Ways in which a picture is copied. */
export const COPIES: Record<string, (picture: Buffer) => Sharp> = {
  "as JPEG": (picture) => sharp(picture).jpeg({ quality: 60 }),
  "as WebP": (picture) => sharp(picture).webp({ quality: 70 }),
  "at half the size": (picture) => sharp(picture).resize(WIDTH / 2),
  "at twice the size": (picture) => sharp(picture).resize(WIDTH * 2),
  "in grey": (picture) => sharp(picture).greyscale(),
  "in few colours": (picture) => sharp(picture).png({ palette: true, colours: 16 }),
  "with a margin": (picture) =>
    sharp(picture).extend({ left: 60, right: 20, top: 10, bottom: 40, background: "#fff" }),
  "cropped by 2 %": (picture) => cropped(picture, 0.02),
};
