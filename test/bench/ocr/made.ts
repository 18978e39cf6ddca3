/** Figures made for the bench: plots in PDF, whose text is known to the letter, in fonts that PDFium brings along. */

export const FONTS = ["Helvetica", "Times-Roman", "Courier"] as const;
/** Points of the tick labels; titles are larger by two. A plot is 460 points wide. */
export const SIZES = [6, 8, 10, 12] as const;

export interface MadeFigure {
  font: (typeof FONTS)[number];
  size: (typeof SIZES)[number];
  pdf: Buffer;
}

const [WIDTH, HEIGHT] = [460, 345];

const TITLES = [
  ["Time since launch (days)", "Flux density (mJy)", "Residuals of fit"],
  ["Temperature (K)", "Relative intensity", "Counts per bin"],
  ["Distance from the source (km)", "Probability density", "Height above ground (m)"],
  ["Wavelength (nm)", "Absorption coefficient", "Normalized signal"],
] as const;
const LEGENDS = [
  ["observed", "fitted model"],
  ["control group", "treated group"],
  ["summer 2019", "winter 2020"],
  ["no noise", "with noise"],
] as const;

/** One figure of each font and size: axes with tick labels, bars and a curve, a legend, titles that run up and down. */
export function madeFigures(): MadeFigure[] {
  return FONTS.flatMap((font, f) =>
    SIZES.map((size, s) => ({ font, size, pdf: pdfOf(font, drawing(size, f * SIZES.length + s)) })),
  );
}

function drawing(size: number, at: number): string {
  const [x, up, down] = TITLES[at % TITLES.length]!;
  const legend = LEGENDS[at % LEGENDS.length]!;
  const title = size + 2;
  const steps = [0, 1, 2, 3, 4, 5];
  const tick = (i: number) => (i * (at + 1) * 0.25).toFixed(at % 3);
  return [
    `0.8 w ${70} ${60} ${320} ${250} re S`,
    ...steps.map(
      (i) => `${70 + 64 * i} 60 m ${70 + 64 * i} 65 l S 70 ${60 + 50 * i} m 75 ${60 + 50 * i} l S`,
    ),
    ...[3, 5, 2, 4].map((height, i) => `0.55 0.68 0.8 rg ${95 + 70 * i} 60 30 ${30 * height} re f 0 g`),
    `1 0 0 RG 70 80 m 150 290 250 40 390 200 c S 0 G`,
    ...steps.map((i) => words(66 + 64 * i, 58 - size, tick(i), size)),
    ...steps.map((i) => words(44, 57 + 50 * i, tick(i), size)),
    ...legend.map((entry, i) => `${240} ${296 - 16 * i} 16 3 re f ${words(262, 293 - 16 * i, entry, size)}`),
    words(150, 20, x, title),
    turned(24, 90, up, title, "0 1 -1 0"),
    turned(415, 260, down, title, "0 -1 1 0"),
  ].join("\n");
}

const words = (x: number, y: number, text: string, size: number) => turned(x, y, text, size, "1 0 0 1");

const turned = (x: number, y: number, text: string, size: number, matrix: string) =>
  `BT /F ${size} Tf ${matrix} ${x} ${y} Tm (${text.replace(/[\\()]/g, "\\$&")}) Tj ET`;

function pdfOf(font: string, content: string): Buffer {
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Count 1/Kids[4 0 R]>>",
    `<</Type/Font/Subtype/Type1/BaseFont/${font}>>`,
    `<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${WIDTH} ${HEIGHT}]/Resources<</Font<</F 3 0 R>>>>/Contents 5 0 R>>`,
    `<</Length ${content.length}>>stream\n${content}\nendstream`,
  ];
  const body = objects.map((object, i) => `${i + 1} 0 obj\n${object}\nendobj\n`).join("");
  // PDFium finds the objects of a file without a table of them.
  return Buffer.from(`%PDF-1.4\n${body}trailer<</Size 6/Root 1 0 R>>\n%%EOF\n`, "latin1");
}
