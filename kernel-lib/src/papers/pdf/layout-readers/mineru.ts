/**
 * MinerU's HTTP service, `mineru-api`: `POST /file_parse` answers when the whole file is read, in every version from 2.
 * Its `middle_json` is described in MinerU's "Output Files" reference.
 */
import type { Box } from "../page.js";
import { unexpectedAnswer } from "./problems.js";
import type { LayoutProtocol } from "./protocol.js";
import { items, MAX_CAPTIONS, MAX_REGIONS, member, shareOfPage, type LayoutRegion } from "./region.js";

export const mineru: LayoutProtocol = {
  name: "mineru",
  title: "MinerU",
  takesKey: false,
  async convert(server, pdf) {
    return parseMineru(await server.post("/file_parse", mineruForm(pdf)));
  },
};

/** Asks for boxes; what costs time and is not looked at (Markdown, formulas, descriptions of pictures) is left out. */
function mineruForm(pdf: Uint8Array<ArrayBuffer>): FormData {
  const form = new FormData();
  form.append("files", new Blob([pdf], { type: "application/pdf" }), "paper.pdf");
  form.append("lang_list", "en");
  form.append("return_md", "false");
  form.append("return_middle_json", "true");
  form.append("formula_enable", "false");
  form.append("image_analysis", "false");
  return form;
}

/**
 * The regions of an answer to {@link mineruForm}; what is no box on a page is left out.
 * @throws {LayoutError} where it is no such answer
 */
export function parseMineru(answer: unknown): LayoutRegion[] {
  const results = member(answer, "results");
  const [result] = typeof results === "object" && results !== null ? Object.values(results) : [];
  const middle = parsed(member(result, "middle_json"));
  const pages = member(middle, "pdf_info");
  if (!Array.isArray(pages)) throw unexpectedAnswer("it has no middle_json with pages");
  return pages.flatMap(regionsOfPage).slice(0, MAX_REGIONS);
}

function parsed(text: unknown): unknown {
  if (typeof text !== "string") return text;
  try {
    return JSON.parse(text);
  } catch {
    throw unexpectedAnswer("its middle_json is no JSON");
  }
}

const KINDS = new Map<unknown, LayoutRegion["kind"]>([
  ["image", "figure"],
  ["chart", "figure"],
  ["table", "table"],
]);

function regionsOfPage(page: unknown): LayoutRegion[] {
  const index = member(page, "page_idx");
  const [width, height] = items(member(page, "page_size"));
  if (!Number.isInteger(index)) return [];
  const boxesIn = (blocks: readonly unknown[]): Box[] =>
    blocks.flatMap((block) => {
      const box = shareOfPage(items(member(block, "bbox")), { width, height });
      return box ? [box] : [];
    });
  return items(member(page, "para_blocks")).flatMap((block) => {
    const kind = KINDS.get(member(block, "type"));
    if (kind === undefined) return [];
    const parts = items(member(block, "blocks"));
    const partsOf = (role: string) => parts.filter((part) => String(member(part, "type")).endsWith(role));
    const captions = boxesIn(partsOf("_caption")).slice(0, MAX_CAPTIONS);
    const bodies = partsOf("_body");
    // The block's own box is around its captions, too.
    const shown = bodies.length > 0 ? bodies : captions.length > 0 ? [] : [block];
    return boxesIn(shown).map((box) => ({ kind, page: (index as number) + 1, box, captions }));
  });
}
