import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  findSidecars,
  MetadataFile,
  type PaperMetadata,
} from "../../../../kernel-lib/src/stages/metadata.js";
import { freshFolder } from "../../../support/fresh-folder.js";

async function file(...lines: string[]): Promise<string> {
  const path = join(await freshFolder(), "metadata.jsonl");
  await writeFile(path, lines.join("\n"));
  return path;
}

/** What a file says of some papers, all of which are wanted. */
async function found(path: string, ...ids: string[]): Promise<Record<string, PaperMetadata | null>> {
  const metadata = await MetadataFile.search(path, ids);
  try {
    return Object.fromEntries(
      await Promise.all(ids.map(async (id) => [id, await metadata.about(id)] as const)),
    );
  } finally {
    await metadata.close();
  }
}

describe("metadata beside papers", () => {
  it("is read for the papers that are wanted, whatever their version and slash", async () => {
    const path = await file(
      JSON.stringify({
        id: "hep-th/9901001",
        title: " Strings\n  and\tthings ",
        categories: "hep-th math.AG",
      }),
      "",
      JSON.stringify({
        id: "1703.09824",
        license: "CC0",
        doi: "10.1/x",
        categories: ["astro-ph.IM"],
        abstract: "",
      }),
      JSON.stringify({ id: "1703.09824", license: "later" }),
      JSON.stringify({ id: "9999.00001" }),
    );
    expect(await found(path, "hep-th9901001v2", "1703.09824v3", "unlisted")).toEqual({
      "hep-th9901001v2": {
        title: "Strings and things",
        abstract: null,
        categories: ["hep-th", "math.AG"],
        licence: null,
        doi: null,
      },
      "1703.09824v3": {
        title: null,
        abstract: null,
        categories: ["astro-ph.IM"],
        licence: "CC0",
        doi: "10.1/x",
      },
      unlisted: null,
    });
  });

  it("is found wherever it stands in a long file, in any script", async () => {
    const ids = Array.from({ length: 3000 }, (_, i) => `${1000 + i}.0000${i % 10}`);
    const titles = ids.map((id, i) => `数${"é".repeat(i % 97)} ${id}`);
    const path = await file(...ids.map((id, i) => JSON.stringify({ id, title: titles[i] })));
    const all = await found(path, ...ids);
    expect(ids.map((id) => all[id]?.title)).toEqual(titles);
  });

  it("that is no JSON stops the work with the line's number", async () => {
    const path = await file('{"id": "a"}', "{torn");
    await expect(MetadataFile.search(path, ["a"])).rejects.toThrow(/at line 2 of .*metadata\.jsonl/);
    await expect(MetadataFile.search(await file("{}", "null"), ["a"])).rejects.toThrow(
      /at line 2 of .*no object/,
    );
    await expect(MetadataFile.search(`${path}.not`, ["a"])).rejects.toThrow("The metadata cannot be read");
  });

  it("goes to every version of a paper that is wanted", async () => {
    const path = await file('{"id": "1703.09824", "title": "T"}');
    expect(await found(path, "1703.09824v1", "1703.09824v2")).toMatchObject({
      "1703.09824v1": { title: "T" },
      "1703.09824v2": { title: "T" },
    });
  });

  it("with a line without end is refused before it fills the memory", async () => {
    const path = await file("x".repeat(9 * 2 ** 20));
    await expect(MetadataFile.search(path, ["a"])).rejects.toThrow("a line of it is longer than");
  });

  it("is found in every folder that papers lie in", async () => {
    const path = await file("");
    expect(findSidecars([join(path, "..", "a.tar.gz"), join(path, "..", "b.gz"), "/no/such/c.gz"])).toEqual([
      path,
    ]);
  });
});
