import { plainText } from "../views/twins/plain.js";
import type { AuditDocument, Block } from "./document.js";

/** Sections that a text shows; the others stand in the report's files. */
const SHOWN = new Set(["Summary", "To be read first", "Results"]);

/** A report's essentials as text, for a terminal. */
export function auditText({ title, sections }: AuditDocument): string {
  return plainText([
    title,
    ...sections
      .filter(({ heading }) => SHOWN.has(heading))
      .flatMap(({ heading, blocks }) => ["", heading, ...blocks.flatMap(blockText)]),
  ]);
}

function blockText(block: Block): string[] {
  switch (block.kind) {
    case "text":
    case "code":
      return [`  ${block.text}`];
    case "list":
      return block.items.map((item) => `  - ${item}`);
    case "table":
      // A line a value: as columns nine of them fit no terminal.
      return block.rows.flatMap(([name, ...cells]) => [
        `  ${name}`,
        ...cells.map((cell, i) => `    ${block.head[i + 1]}: ${cell.replaceAll("\n", " ")}`),
      ]);
    case "drawings":
      return [];
  }
}
