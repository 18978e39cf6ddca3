/**
 * figloom's logo: a picture frame whose canvas is woven, warp and weft going over and under each other, with one
 * thread in another colour. Drawn on a 64 by 64 grid with lines wide enough to be told apart at 32 pixels.
 */
export function logoSvg(): string {
  const threads = [20, 32, 44];
  const weft = threads.map((y) => bar(12, y - 4, 40, 8, y === 32 ? "#e08a1e" : "#4b8fa8"));
  const warp = threads.map((x) => bar(x - 4, 12, 8, 40, "#1f4e63"));
  // Where row and column add up to an even number the weft lies on top.
  const over = threads.flatMap((y, row) =>
    threads
      .filter((_, column) => (row + column) % 2 === 0)
      .map((x) => bar(x - 5, y - 4, 10, 8, y === 32 ? "#e08a1e" : "#4b8fa8")),
  );
  const frame = `<rect x="5" y="5" width="54" height="54" rx="5" fill="#fbf7ee" stroke="#1f2d33" stroke-width="5"/>`;
  const parts = [frame, ...weft, ...warp, ...over].map((part) => `  ${part}`).join("\n");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">\n  <title>figloom</title>\n${parts}\n</svg>\n`;
}

function bar(x: number, y: number, width: number, height: number, fill: string): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}"/>`;
}
