import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConfigurationError } from "../../../../../kernel-lib/src/errors.js";
import { paperIdOf } from "../../../../../kernel-lib/src/papers/identifiers.js";
import { listSources, type SourceList } from "../../../../../kernel-lib/src/papers/sources.js";

let folder: string;
const FILES = [
  "papers/2107.00144.tar.gz",
  "papers/1904.10879.gz",
  "papers/1512.01801",
  "papers/.hidden.tar.gz",
  "papers/README.md",
  "papers/metadata.jsonl",
  "papers/index.json",
  "papers/fetch.sh",
  "papers/deeper/hep-th9901001.tgz",
  "papers/deeper/again/1904.10879.tar.gz",
  "both/1703.09824.pdf",
  "both/1703.09824.tar.gz",
  "unpacked/1604.00896/main.tex",
  "unpacked/1604.00896/figs/plot.tar.gz",
  "packages/2020.01.01.1.meca",
  "packages/unpacked/manifest.xml",
  "packages/unpacked/content/1.xml",
  "odd/a[1].tar.gz",
  "none/README.md",
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "figloom-sources-"));
  for (const file of FILES) {
    await mkdir(join(folder, file, ".."), { recursive: true });
    await writeFile(join(folder, file), "");
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function list(...inputs: string[]) {
  const { sources, skipped } = await listSources(inputs.map((input) => join(folder, input)));
  return {
    paths: sources.map(({ path }) => relative(folder, path)),
    ids: sources.map(({ paper_id }) => paper_id),
    skipped: skipped.map(({ path, reason }) => [relative(folder, path), reason]),
  };
}

/** Lists as a user without rights: root may read everything. */
async function listedByNobody(input: string): Promise<SourceList> {
  await chmod(folder, 0o755);
  const outfile = join(folder, ".list.cjs");
  await build({
    stdin: {
      contents: `import { listSources, type SourceList } from "./sources.js";
        listSources([process.argv[2]]).then((list) => console.log(JSON.stringify(list)));`,
      resolveDir: join(import.meta.dirname, "../../../../../kernel-lib/src/papers"),
      loader: "ts",
    },
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile,
  });
  const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const { stdout } = await promisify(execFile)(process.execPath, [outfile, input], { cwd: "/", ...nobody });
  return JSON.parse(stdout) as SourceList;
}

describe("papers that inputs stand for", () => {
  it("are the papers of a folder and below, without hidden files, metadata and scripts", async () => {
    const { paths, skipped } = await list("papers");
    expect(paths).toEqual([
      "papers/1512.01801",
      "papers/1904.10879.gz",
      "papers/2107.00144.tar.gz",
      "papers/deeper/hep-th9901001.tgz",
    ]);
    expect(skipped).toEqual([["papers/deeper/again/1904.10879.tar.gz", "duplicate-paper-id"]]);
  });

  it("are matched by patterns", async () => {
    expect((await list("papers/*.tar.gz")).paths).toEqual(["papers/2107.00144.tar.gz"]);
    expect((await list("papers/????.*.gz")).ids).toEqual(["1904.10879", "2107.00144"]);
    expect((await list("papers/**/*.tgz")).paths).toEqual(["papers/deeper/hep-th9901001.tgz"]);
    expect((await list("unpacked/*")).ids).toEqual(["1604.00896"]);
  });

  it("are one paper where a folder holds LaTeX files itself", async () => {
    expect((await list("unpacked/1604.00896")).paths).toEqual(["unpacked/1604.00896"]);
    expect((await list("unpacked")).paths).toEqual(["unpacked/1604.00896"]);
  });

  it("are MECA packages, packed and unpacked", async () => {
    expect((await list("packages")).ids).toEqual(["2020.01.01.1", "unpacked"]);
  });

  it("are listed once, and a second input with the same id is reported", async () => {
    const { paths, skipped } = await list(
      "papers/2107.00144.tar.gz",
      "papers/*.tar.gz",
      "papers/2107.00144.tar.gz",
    );
    expect(paths).toEqual(["papers/2107.00144.tar.gz"]);
    expect(skipped).toEqual([]);
  });

  it("are read from their source, which keeps the PDF beside it at hand", async () => {
    const { sources, skipped } = await listSources([join(folder, "both")]);
    expect(sources).toEqual([
      {
        path: join(folder, "both/1703.09824.tar.gz"),
        paper_id: "1703.09824",
        pdf: join(folder, "both/1703.09824.pdf"),
      },
    ]);
    expect(skipped).toEqual([]);
  });

  it("may have names that look like patterns", async () => {
    expect((await list("odd/a[1].tar.gz")).ids).toEqual(["a[1]"]);
    expect((await list("odd/*")).ids).toEqual(["a[1]"]);
  });

  it("are found though a folder beside them cannot be read, which is told", async () => {
    const closed = join(folder, "partly/closed");
    await mkdir(closed, { recursive: true });
    await mkdir(join(folder, "partly/open"));
    await writeFile(join(folder, "partly/open/1512.01801.gz"), "");
    await chmod(closed, 0);
    for (const input of ["partly", "partly/*/*.gz", "partly/**/*.gz"]) {
      const { sources, skipped } = await listedByNobody(join(folder, input));
      expect(sources.map(({ paper_id }) => paper_id)).toEqual(["1512.01801"]);
      expect(skipped).toMatchObject([
        { path: closed, reason: "unreadable-folder", message: expect.stringContaining("EACCES") },
      ]);
    }
  });

  it.each(["nowhere.tar.gz", "papers/*.zip", "none"])("must be there: %s", async (input) => {
    await expect(list(input)).rejects.toThrow(ConfigurationError);
    await expect(list(input)).rejects.toThrow(input);
  });
});

describe("a paper's id", () => {
  it.each([
    ["a/1703.09824.tar.gz", "1703.09824"],
    ["1904.10879.gz", "1904.10879"],
    ["1904.10879", "1904.10879"],
    ["hep-th9901001.tgz", "hep-th9901001"],
    ["my.paper.tex", "my.paper"],
    ["x.TAR.GZ", "x"],
  ])("of %s is %s", (path, id) => {
    expect(paperIdOf(path)).toBe(id);
  });
});
