import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openArchive } from "../../../../../kernel-lib/src/papers/archive/open.js";
import { readSource } from "../../../../../kernel-lib/src/papers/read-paper.js";
import { png, SOUND_TEX, zip, zipBomb, type ZipMember } from "../../../../fixtures/hostile-archives.js";

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "figloom-zip-"))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const PAPER: readonly ZipMember[] = [
  { name: "main.tex", content: SOUND_TEX },
  { name: "square.png", content: png(24, 24), method: 0 },
];

async function open(bytes: Buffer, { name = "paper.zip", limits = {} } = {}) {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return openArchive(path, limits);
}

const reasonOf = async (bytes: Buffer, limits = {}) =>
  open(bytes, { limits }).then(
    () => "read",
    (error: { reason?: string }) => error.reason,
  );

describe("a zip is read like a tar", () => {
  it.each([
    ["deflated and stored", {}],
    ["as zip64", { zip64: true }],
    ["with a comment", { comment: "made by hand" }],
  ])("%s", async (_, options) => {
    const archive = await open(zip(PAPER, options));
    expect([archive.form, archive.paths, archive.refused]).toEqual(["zip", ["main.tex", "square.png"], []]);
    expect(archive.read("main.tex")?.toString()).toBe(SOUND_TEX);
    expect(readSource(archive).figures[0]?.graphics).toEqual(["square.png"]);
  });

  it("a MECA package is the JATS article in its content folder", async () => {
    const fig = `<fig id="f1"><label>Figure 1</label><caption><p>A plot.</p></caption><graphic xlink:href="fig1.tif"/></fig>`;
    const article = `<article xmlns:xlink="x"><front><article-meta/></front><body>${fig}</body></article>`;
    const members = {
      "manifest.xml": `<manifest><item item-type="article"><instance href="content/1.xml"/></item></manifest>`,
      "transfer.xml": "<transfer/>",
      "content/1.xml": article,
      "content/fig1.tif": "II*",
      "content/1.pdf": "%PDF-1.4",
    };
    const bytes = zip(Object.entries(members).map(([name, content]) => ({ name, content })));
    const reading = readSource(await open(bytes, { name: "1.meca" }));
    expect(reading.paper).toMatchObject({ paper_id: "1", kind: "jats" });
    expect(reading.figures).toMatchObject([{ caption: "A plot.", graphics: ["content/fig1.tif"] }]);
  });

  it("of two members with one path the last wins; folders and a Mac's attributes are passed over", async () => {
    const archive = await open(
      zip([
        { name: "figs/", mode: 0o040755 },
        { name: "a.tex", content: "first" },
        { name: "__MACOSX/._a.tex", content: "attributes" },
        { name: "./a.tex", content: "last" },
      ]),
    );
    expect([archive.paths, archive.refused]).toEqual([["a.tex"], []]);
    expect(archive.read("a.tex")?.toString()).toBe("last");
  });

  it.each([
    ["UTF-8 with its flag", Buffer.from("Präfix.tex"), 0x800, "Präfix.tex"],
    ["UTF-8 without a flag", Buffer.from("图.tex"), 0, "图.tex"],
    ["code page 437", Buffer.from([0x81, 0x2e, 0x74, 0x65, 0x78]), 0, "ü.tex"],
    ["backslashes between folders", Buffer.from("figs\\a.tex"), 0, "figs/a.tex"],
  ])("names in %s", async (_, name, flags, path) => {
    expect((await open(zip([{ name, flags, content: "x" }]))).paths).toEqual([path]);
  });
});

describe("members that would do harm are refused one by one, and the rest is read", () => {
  const content = "0123456789".repeat(50);
  it.each<[string, ZipMember, string]>([
    ["climbs out", { name: "../../out.tex" }, "path-climbs"],
    ["climbs out by backslashes", { name: "..\\out.tex" }, "path-climbs"],
    ["is absolute", { name: "/tmp/out.tex" }, "path-absolute"],
    ["is absolute on Windows", { name: "C:\\out.tex" }, "path-absolute"],
    ["has a NUL in its name", { name: "a\0b.tex" }, "path-unprintable"],
    ["is a link", { name: "a", mode: 0o120777, content: "/etc/passwd" }, "member-symlink"],
    ["is a pipe", { name: "a", mode: 0o010644 }, "member-device"],
    ["is encrypted", { name: "a", flags: 1, content }, "member-encrypted"],
    ["is packed by bzip2", { name: "a", method: 12, content }, "member-compression"],
    ["is larger than stated", { name: "a", content, says: { size: 400 } }, "member-damaged"],
    ["is smaller than stated", { name: "a", content, says: { size: 600 } }, "member-damaged"],
    [
      "is stored and smaller than stated",
      { name: "a", method: 0, content, says: { size: 600 } },
      "member-damaged",
    ],
    ["has another checksum", { name: "a", content, says: { crc: 7 } }, "member-damaged"],
    ["reaches past the end", { name: "a", content, says: { packed: 1_000_000 } }, "member-damaged"],
    ["is beyond the limit", { name: "a", content: "x".repeat(5000) }, "member-too-large"],
  ])("a member that %s", async (_, member, reason) => {
    const archive = await open(zip([member, ...PAPER]), { limits: { memberBytes: 4096 } });
    expect(archive.paths).toEqual(["main.tex", "square.png"]);
    expect(archive.refused.map((refused) => refused.reason)).toEqual([reason]);
  });

  it("members over the same packed bytes, as in a bomb", async () => {
    const archive = await open(zipBomb());
    expect(archive.paths).toEqual(["main.tex", "square.png"]);
    expect(new Set(archive.refused.map(({ reason }) => reason))).toEqual(new Set(["member-overlaps"]));
  });
});

describe("a zip that is turned away", () => {
  const damaged = (bytes: Buffer) => bytes.fill("?", bytes.lastIndexOf("PK\x01\x02"), bytes.length - 60);
  const many = Array.from({ length: 20 }, (_, i) => ({ name: `${i}.tex`, content: "x".repeat(600) }));
  it.each<[string, Buffer, object, string]>([
    ["is cut off", zip(PAPER).subarray(0, -40), {}, "archive-truncated"],
    ["has no members", zip([]), {}, "archive-empty"],
    ["is encrypted as a whole", zip([{ name: "a.tex", flags: 1 }]), {}, "archive-encrypted"],
    ["is strongly encrypted", zip([{ name: "a.tex", flags: 0x41 }]), {}, "archive-encrypted"],
    ["has too many members", zip(many), { members: 19 }, "archive-too-large"],
    ["unpacks to too much", zip(many), { unpackedBytes: 4096 }, "archive-too-large"],
    ["has a damaged directory", damaged(zip(PAPER)), {}, "archive-corrupt"],
  ])("%s", async (_, bytes, limits, reason) => expect(await reasonOf(bytes, limits)).toBe(reason));
});
