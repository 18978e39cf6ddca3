/** Which characters a recogniser tells apart: they stand beside its graph, or in it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { checkSize } from "../../models/onnx/settings.js";
import { fieldsOf } from "../../models/onnx/protobuf.js";

/** The largest list of PP-OCR has 18,708. */
const MOST_CHARACTERS = 100_000;
/** Code units of an entry: some are letters with marks. */
const LONGEST = 16;
const MOST_BYTES = 4 * 2 ** 20;

/**
 * The characters in the order of the recogniser's classes, of which the first, the blank, is not among them.
 * @param file below the folder: lines of text, or the settings that PaddleX writes; `null` where the graph has them
 * @throws {Error} in words, where there are none
 */
export async function charactersOf(folder: string, file: string | null, graph: Buffer): Promise<string[]> {
  const characters = file === null ? inGraph(graph) : inFile(file, await small(join(folder, file)));
  if (!characters)
    throw new Error(
      "its characters are missing: put the list that the recogniser was trained with (….txt, or its inference.yml) beside it",
    );
  if (characters.length > MOST_CHARACTERS || characters.some((character) => character.length > LONGEST))
    throw new Error(`its characters are no list of them: ${characters.length} entries`);
  return characters;
}

async function small(file: string): Promise<string> {
  await checkSize(file, MOST_BYTES);
  return readFile(file, "utf8");
}

const lines = (text: string): string[] =>
  text
    .replace(/^\uFEFF/, "")
    .replace(/\r?\n$/, "")
    .split(/\r?\n/);

function inFile(file: string, text: string): string[] | null {
  if (!/\.ya?ml$/i.test(file)) return lines(text);
  const settings = parse(text, { schema: "failsafe", maxAliasCount: 0 }) as {
    PostProcess?: { character_dict?: unknown };
  } | null;
  const listed = settings?.PostProcess?.character_dict;
  return Array.isArray(listed) ? listed.map(String) : null;
}

/** `ModelProto.metadata_props`, and of an entry: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3 */
const METADATA = 14;
const KEY = 1;
const VALUE = 2;

/** RapidOCR writes the list into the graph, as its property `character`. */
function inGraph(graph: Buffer): string[] | null {
  for (const { number, from, end } of fieldsOf(graph)) {
    if (number !== METADATA) continue;
    const entry = new Map(
      [...fieldsOf(graph, from, end)].map((field) => [
        field.number,
        graph.toString("utf8", field.from, field.end),
      ]),
    );
    if (entry.get(KEY) === "character") return lines(entry.get(VALUE) ?? "");
  }
  return null;
}
