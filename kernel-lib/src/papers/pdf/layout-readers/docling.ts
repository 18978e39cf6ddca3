/**
 * docling-serve's API, version 1. Conversions are asked for as tasks: the synchronous endpoint gives up after a set time.
 * The answer is a `DoclingDocument`: boxes with their page and origin, captions as references to texts.
 */
import type { Box } from "../page.js";
import { refusedByServer, unexpectedAnswer } from "./problems.js";
import type { LayoutProtocol } from "./protocol.js";
import { items, MAX_CAPTIONS, MAX_REGIONS, member, shareOfPage, type LayoutRegion } from "./region.js";

/** Seconds that the server may wait for the end of a task before it answers how far it is. */
const WAIT = 5;

export const docling: LayoutProtocol = {
  name: "docling",
  title: "docling-serve",
  takesKey: true,
  async convert(server, pdf) {
    const task = taskOf(await server.post("/v1/convert/file/async", doclingForm(pdf)));
    while (isAtWork(await server.get(`/v1/status/poll/${task}?wait=${WAIT}`))) await server.pause();
    return parseDocling(await server.get(`/v1/result/${task}`));
  },
};

/** Asks for the layout; pictures, recognised text and the cells of tables are not looked at. */
function doclingForm(pdf: Uint8Array<ArrayBuffer>): FormData {
  const form = new FormData();
  form.append("files", new Blob([pdf], { type: "application/pdf" }), "paper.pdf");
  form.append("from_formats", "pdf");
  form.append("to_formats", "json");
  form.append("image_export_mode", "placeholder");
  form.append("include_images", "false");
  form.append("do_ocr", "false");
  form.append("do_table_structure", "false");
  return form;
}

/** @throws {LayoutError} where the answer names no task, or one whose name is no part of a path */
export function taskOf(answer: unknown): string {
  const task = member(answer, "task_id");
  if (typeof task !== "string" || !/^[\w-]{1,100}$/.test(task)) throw unexpectedAnswer("it names no task");
  return task;
}

/** @throws {LayoutError} where the task failed, or has no status */
export function isAtWork(answer: unknown): boolean {
  switch (member(answer, "task_status")) {
    case "pending":
    case "started":
      return true;
    case "success":
    case "partial_success":
      return false;
    case "failure":
    case "skipped":
      throw refusedByServer(member(answer, "error_message"));
    default:
      throw unexpectedAnswer("the task has no status");
  }
}

/**
 * The regions of a finished task; what is no box on a page is left out.
 * @throws {LayoutError} where there is no document
 */
export function parseDocling(answer: unknown): LayoutRegion[] {
  const status = member(answer, "status");
  if (status === "failure" || status === "skipped")
    throw refusedByServer(member(items(member(answer, "errors"))[0], "error_message"));
  const document = member(member(answer, "document"), "json_content");
  const pages = member(document, "pages");
  if (typeof pages !== "object" || pages === null) throw unexpectedAnswer("it has no document with pages");
  const texts = items(member(document, "texts"));
  const placesOf = (item: unknown) => items(member(item, "prov")).flatMap((prov) => placeOf(prov, pages));
  const regionsOf = (name: string, kind: LayoutRegion["kind"]): LayoutRegion[] =>
    items(member(document, name)).flatMap((item) => {
      const captions = items(member(item, "captions"))
        .slice(0, MAX_CAPTIONS)
        .flatMap((reference) => placesOf(resolved(reference, texts)));
      return placesOf(item).map(({ page, box }) => ({
        kind,
        page,
        box,
        captions: captions.filter((caption) => caption.page === page).map((caption) => caption.box),
      }));
    });
  return [...regionsOf("pictures", "figure"), ...regionsOf("tables", "table")].slice(0, MAX_REGIONS);
}

function resolved(reference: unknown, texts: readonly unknown[]): unknown {
  const [, index] = /^#\/texts\/(\d{1,7})$/.exec(String(member(reference, "$ref"))) ?? [];
  return index === undefined ? undefined : texts[Number(index)];
}

function placeOf(prov: unknown, pages: object): { page: number; box: Box }[] {
  const page = member(prov, "page_no");
  if (!Number.isInteger(page)) return [];
  const size = member(member(pages, String(page)), "size");
  const [width, height] = [member(size, "width"), member(size, "height")];
  const given = member(prov, "bbox");
  const [l, t, r, b] = ["l", "t", "r", "b"].map((edge) => member(given, edge));
  const turned = member(given, "coord_origin") === "BOTTOMLEFT";
  const down = (edge: unknown) => (turned ? Number(height) - Number(edge) : edge);
  const box = shareOfPage([l, down(t), r, down(b)], { width, height });
  return box ? [{ page: page as number, box }] : [];
}
