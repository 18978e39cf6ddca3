import { printable } from "../text/printable.js";
import type { AuditDocument, Block } from "./document.js";

/** A report as Markdown (GitHub's); drawings are files in the folder `figures` beside it. */
export function auditMarkdown({ title, sections }: AuditDocument): string {
  const parts = sections.map(({ heading, blocks }) =>
    [`## ${escaped(heading)}`, ...blocks.map(blockMarkdown)].join("\n\n"),
  );
  return `${[`# ${escaped(title)}`, ...parts].join("\n\n")}\n`;
}

function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case "text":
      return paragraph(block.text);
    case "code":
      return fenced(block.text);
    case "list":
      return block.items.map((item) => `- ${paragraph(item)}`).join("\n");
    case "table":
      return [`**${escaped(block.title)}**`, table(block)].join("\n\n");
    case "drawings":
      return block.drawings
        .map(({ name, caption, legend }) => {
          const which = legend ? ` Solid: ${legend[0]}; dashed: ${legend[1]}.` : "";
          return `![${escaped(caption)}](figures/${name}.svg)\n\n${paragraph(caption + which)}`;
        })
        .join("\n\n");
  }
}

function table({ head, rows, words }: Extract<Block, { kind: "table" }>): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(" | ")} |`;
  return [
    line(head),
    `|${head.map((_, i) => (i === 0 || words ? " --- |" : " ---: |")).join("")}`,
    ...rows.map(line),
  ].join("\n");
}

/** Longest text in one place. */
const LIMIT = 2_000;

/** Text that stays text: on one line, with whatever Markdown, HTML, a formula, a mention or a bare address begins with made harmless. */
function escaped(text: string): string {
  return printable(text.length > LIMIT ? `${text.slice(0, LIMIT)}…` : text)
    .replace(/\s+/g, " ")
    .replace(/[\\`*_[\]|~$]/g, "\\$&")
    .replace(/[&<>@]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replaceAll("://", "&#58;//")
    .replace(/\bwww\./gi, (www) => `${www.slice(0, 3)}&#46;`);
}

/** The same at the beginning of a line, where it must not be taken for a list or a heading. */
const paragraph = (text: string): string =>
  escaped(text.trimStart())
    .replace(/^[-+#=]/, "\\$&")
    .replace(/^(\d+)(?=[.)](?:\s|$))/, "$1\\");

/** A block of code whose fence is longer than any in it. */
function fenced(text: string): string {
  const safe = printable(text);
  const longest = Math.max(2, ...(safe.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return `${fence}sh\n${safe}\n${fence}`;
}
