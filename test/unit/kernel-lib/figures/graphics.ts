/** Small graphics made on the spot, and an archive in memory to hold them. */
import type { Archive } from "../../../../kernel-lib/src/papers/archive/archive.js";

export function archiveOf(files: Record<string, Buffer | string>): Archive {
  const held = new Map(Object.entries(files).map(([path, content]) => [path, Buffer.from(content)]));
  return {
    source: "paper.tar.gz",
    sha256: "0".repeat(64),
    form: "tar",
    paths: [...held.keys()],
    refused: [],
    read: (path) => held.get(path),
  };
}

/** A PDF of one page, 200 × 100 points: the left half red, the right half blue. */
export function pdf(
  pageEntries = "",
  content = "1 0 0 rg 0 0 100 100 re f 0 0 1 rg 100 0 100 100 re f",
): Buffer {
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    `<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Resources<<>>/Contents 4 0 R${pageEntries}>>`,
    `<</Length ${content.length}>>stream\n${content}\nendstream`,
  ];
  let file = "%PDF-1.4\n";
  const offsets = objects.map((object, i) => {
    const offset = file.length;
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const start = file.length;
  const rows = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`);
  file += `xref\n0 5\n0000000000 65535 f \n${rows.join("")}trailer<</Size 5/Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(file, "latin1");
}

/** An EPS whose box of 200 × 100 points lies away from the origin: the left half red, the right half blue. */
export const eps = (body = ""): string => `%!PS-Adobe-3.0 EPSF-3.0
%%BoundingBox: 100 300 300 400
%%EndComments
1 0 0 setrgbcolor 100 300 100 100 rectfill
0 0 1 setrgbcolor 200 300 100 100 rectfill
${body}
showpage
%%EOF
`;

export const svg = (body: string, prologue = ""): string =>
  `${prologue}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="200" height="100">${body}</svg>`;
