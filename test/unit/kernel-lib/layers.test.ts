/** Dependencies point one way: the table of `kernel-lib/src/README.md` says which. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { expect, test } from "vitest";

const SOURCES = join(import.meta.dirname, "../../../kernel-lib/src");

/** The rooms of each layer, the highest first. */
const LAYERS = readFileSync(join(SOURCES, "README.md"), "utf8")
  .split("\n")
  .map((line) => /^\| ((?:`[\w-]+`\s+)+)\|/.exec(line)?.[1])
  .filter((rooms) => rooms !== undefined)
  .map((rooms) => rooms.match(/[\w-]+/g)!);

const FILES = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".ts"),
);

/** The folder or file right below the sources. */
const roomOf = (file: string): string => file.split(sep)[0]!.replace(/\.[jt]s$/, "");

/** What a file needs when it runs: all but its imports of types, as paths from the sources. */
function needs(file: string): string[] {
  const text = readFileSync(join(SOURCES, file), "utf8");
  const imports = [...text.matchAll(/^(?:import|export) (?!type )([^;"]*)"(\.[^"]+)"/gm)]
    .filter(([, names]) => !/^\{(?:\s*type [^,}]+,?)+\s*\} from $/.test(names!))
    .map(([, , path]) => path!);
  const later = [...text.matchAll(/ import\("(\.[^"]+)"\)/g)].map(([, path]) => path!);
  return [...imports, ...later].map((path) => join(dirname(file), path));
}

test("every room of the sources has its layer, and every room of the table is there", () => {
  expect(LAYERS.flat().sort()).toEqual([...new Set(FILES.map(roomOf))].sort());
});

test("no file needs what lies in a layer above its own", () => {
  const layer = (room: string) => LAYERS.findIndex((rooms) => rooms.includes(room));
  const upward = FILES.flatMap((file) =>
    needs(file)
      .filter((path) => layer(roomOf(path)) < layer(roomOf(file)))
      .map((path) => `${file} needs ${path}`),
  );
  expect(upward).toEqual([]);
});
