import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { png, tarGz } from "../../../fixtures/hostile-archives.js";

/** A small paper with `figures` figures, each with a picture and a paragraph that refers to it. */
export function smallPaper(name: string, figures: number): Buffer {
  const numbers = Array.from({ length: figures }, (_, index) => index + 1);
  const floats = numbers.map(
    (n) => String.raw`Figure~\ref{fig:${n}} of ${name} shows ${n * 7} squares of ${n} mm.

\begin{figure}
  \includegraphics{square${n}}
  \caption{Squares of ${n} mm.}\label{fig:${n}}
\end{figure}
`,
  );
  const main = String.raw`\documentclass{article}
\usepackage{graphicx}
\title{The paper ${name}}
\begin{document}
${floats.join("\n")}
\end{document}
`;
  return tarGz([
    { name: "main.tex", content: main },
    ...numbers.map((n) => ({ name: `square${n}.png`, content: png(200 + n, 150, [n * 20, 80, 160]) })),
  ]);
}

/** Writes `count` papers of two to four figures into a folder. */
export async function writePapers(folder: string, count: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let index = 0; index < count; index++) {
    const name = `paper-${String(index).padStart(2, "0")}`;
    await writeFile(join(folder, `${name}.tar.gz`), smallPaper(name, 2 + (index % 3)));
  }
}
