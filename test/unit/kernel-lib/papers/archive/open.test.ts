import { mkdir, mkdtemp, rm, symlink as link, writeFile } from "node:fs/promises";
import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ItemError } from "../../../../../kernel-lib/src/errors.js";
import { openArchive } from "../../../../../kernel-lib/src/papers/archive/open.js";
import * as hostile from "../../../../fixtures/hostile-archives.js";

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "figloom-archive-"))));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, bytes: Buffer | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

async function problem(path: string, limits = {}): Promise<ItemError> {
  const error = await openArchive(path, limits).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(ItemError);
  return error as ItemError;
}

/** A pax extended header of one record (`<length> <key>=<value>\\n`, the length counting its own digits). */
function pax(record: string): hostile.TarMember {
  const rest = record.length + 2;
  const digits = String(rest + String(rest).length).length;
  return { name: "pax", type: "pax", content: `${rest + digits} ${record}\n` };
}

describe("what an archive is, is told from its bytes", () => {
  it("reads a gzipped tar under any name", async () => {
    const archive = await openArchive(await file("paper.pdf", hostile.sound()));
    expect(archive.form).toBe("tar");
    expect(archive.paths).toEqual(["main.tex", "square.png"]);
    expect(archive.read("main.tex")?.toString()).toBe(hostile.SOUND_TEX);
    expect(archive.read("./main.tex")).toBeUndefined();
    expect(archive.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(archive.source).toBe("paper.pdf");
    expect(archive.refused).toEqual([]);
  });

  it("reads a tar that is not compressed", async () => {
    const archive = await openArchive(await file("plain.tar.gz", hostile.tar(hostile.soundPaper())));
    expect(archive.form).toBe("tar");
    expect(archive.paths).toEqual(["main.tex", "square.png"]);
  });

  it("reads one gzipped LaTeX file under the name in its gzip header", async () => {
    const zipped = gzipSync(hostile.SOUND_TEX);
    const named = Buffer.concat([zipped.subarray(0, 10), Buffer.from("letter.tex\0"), zipped.subarray(10)]);
    named[3] = 8;
    const archive = await openArchive(await file("1904.10879.gz", named));
    expect(archive.form).toBe("tex");
    expect(archive.paths).toEqual(["letter.tex"]);
    expect(archive.read("letter.tex")?.toString()).toBe(hostile.SOUND_TEX);
  });

  it("calls a gzipped LaTeX file main.tex where the header has no name, or one that climbs", async () => {
    const zipped = gzipSync(hostile.SOUND_TEX);
    expect((await openArchive(await file("nameless.gz", zipped))).paths).toEqual(["main.tex"]);
    const climbing = Buffer.concat([zipped.subarray(0, 10), Buffer.from("../..\0"), zipped.subarray(10)]);
    climbing[3] = 8;
    expect((await openArchive(await file("climbing.gz", climbing))).paths).toEqual(["main.tex"]);
  });

  it("reads a plain LaTeX file", async () => {
    const archive = await openArchive(await file("note.tex", hostile.SOUND_TEX));
    expect([archive.form, archive.paths]).toEqual(["tex", ["note.tex"]]);
  });

  it("reads a PDF, gzipped or not", async () => {
    const bare = await openArchive(await file("paper.v2.pdf", hostile.barePdf()));
    expect([bare.form, bare.paths]).toEqual(["pdf", ["paper.v2.pdf"]]);
    const zipped = await openArchive(await file("1904.10880.gz", gzipSync(hostile.barePdf())));
    expect([zipped.form, zipped.paths]).toEqual(["pdf", ["paper.pdf"]]);
    expect(zipped.read("paper.pdf")).toEqual(hostile.barePdf());
  });

  it("reads a folder, without its hidden files and without links that lead out", async () => {
    const root = join(folder, "unpacked");
    await mkdir(join(root, "figs"), { recursive: true });
    await writeFile(join(root, "main.tex"), hostile.SOUND_TEX);
    await writeFile(join(root, ".git"), "hidden");
    await writeFile(join(root, "figs", "square.png"), hostile.png(4, 4));
    await link("../main.tex", join(root, "figs", "inside.tex"));
    await link("/etc/hostname", join(root, "outside.txt"));
    await link("..", join(root, "figs", "loop"));
    const archive = await openArchive(root);
    expect(archive.form).toBe("folder");
    expect(archive.paths).toEqual(["figs/inside.tex", "figs/square.png", "main.tex"]);
    expect(archive.refused.map(({ path, reason }) => [path, reason])).toEqual([
      ["figs/loop", "member-symlink"],
      ["outside.txt", "member-symlink"],
    ]);
  });

  it.each([
    ["empty.tar.gz", hostile.empty(), "archive-empty"],
    ["empty.tar", hostile.tar([]), "archive-empty"],
    ["gzipped-nothing.gz", gzipSync(""), "archive-empty"],
    ["text-file.tar.gz", hostile.textFile(), "archive-not-latex"],
    ["html-page.tar.gz", hostile.htmlPage(), "archive-not-latex"],
    ["drawing.gz", gzipSync("%!PS-Adobe-3.0\nshowpage\n"), "archive-not-latex"],
    ["withdrawn.gz", hostile.withdrawnStub(), "archive-withdrawn"],
    ["no-directory.zip", hostile.zipWithoutDirectory(), "archive-truncated"],
    ["refused.tar", hostile.tar([{ name: "../x.tex", content: "x" }]), "archive-refused"],
    ["noise.tar.gz", Buffer.from([0, 1, 2, 3, 0, 255]), "archive-not-recognised"],
    ["truncated.tar.gz", hostile.truncatedGzip(), "archive-truncated"],
    ["header-only.gz", hostile.sound().subarray(0, 5), "archive-truncated"],
  ])("says what is wrong with %s, by name and with a way out", async (name, bytes, reason) => {
    const error = await problem(await file(name, bytes));
    expect(error.reason).toBe(reason);
    expect(error.message).toContain(name);
    expect(error.wayOut).not.toBe("");
  });

  it("says of a missing file that it cannot be opened", async () => {
    expect((await problem(join(folder, "nowhere.tar.gz"))).reason).toBe("archive-unreadable");
  });
});

describe("members that would do harm are refused one by one, and the rest is read", () => {
  it.each([
    ["climbing", hostile.climbingPath(), ["path-climbs", "path-climbs"]],
    ["absolute", hostile.absolutePath(), ["path-absolute"]],
    ["symlink", hostile.symlink(), ["member-symlink"]],
    ["hard link", hostile.hardLink(), ["member-hard-link"]],
    ["character device", hostile.characterDevice(), ["member-device"]],
    ["fifo", hostile.fifo(), ["member-fifo"]],
    ["control characters", hostile.controlCharacters(), ["path-unprintable"]],
  ])("%s", async (name, bytes, reasons) => {
    const archive = await openArchive(await file(`${name}.tar.gz`, bytes));
    expect(archive.paths).toEqual(["main.tex", "square.png"]);
    expect(archive.refused.map(({ reason }) => reason)).toEqual(reasons);
    expect(archive.refused.every(({ path, message }) => message !== "" && !/\p{Cc}/u.test(path))).toBe(true);
  });

  it("writes nothing anywhere", async () => {
    const before = readdirSync(folder);
    const path = await file("climbing.tar.gz", hostile.climbingPath());
    await openArchive(path);
    expect(readdirSync(folder).sort()).toEqual([...new Set([...before, "climbing.tar.gz"])].sort());
    expect(existsSync(join(folder, "..", "..", "escaped.txt"))).toBe(false);
  });

  it("refuses what a pax header brings: NULs, endless names, climbing paths, sparse files", async () => {
    const archive = await openArchive(
      await file(
        "pax.tar",
        hostile.tar([
          pax("path=figs/a\0b.tex"),
          { name: "a.tex", content: "x" },
          pax(`path=${"d/".repeat(600)}x.tex`),
          { name: "b.tex", content: "x" },
          pax("path=../out.tex"),
          { name: "c.tex", content: "x" },
          pax("GNU.sparse.major=1"),
          { name: "d.tex", content: "x" },
          { name: "kept.tex", content: "x" },
        ]),
      ),
    );
    expect(archive.paths).toEqual(["kept.tex"]);
    expect(archive.refused.map(({ reason }) => reason)).toEqual([
      "path-unprintable",
      "path-too-long",
      "path-climbs",
      "member-sparse",
    ]);
  });

  it("refuses a member beyond the limit and keeps its neighbours", async () => {
    const bytes = hostile.tarGz([{ name: "big.dat", content: Buffer.alloc(5000) }, ...hostile.soundPaper()]);
    const archive = await openArchive(await file("big-member.tar.gz", bytes), { memberBytes: 4096 });
    expect(archive.paths).toEqual(["main.tex", "square.png"]);
    expect(archive.refused.map(({ path, reason }) => [path, reason])).toEqual([
      ["big.dat", "member-too-large"],
    ]);
  });
});

describe("paths", () => {
  it("are normalised, and of two members with one path the last wins", async () => {
    const bytes = hostile.tar([
      { name: "./figs/", type: "directory" },
      { name: "./a.tex", content: "first" },
      { name: "sec/../b.tex", content: "b" },
      { name: "figs//c.png", content: "c" },
      { name: "a.tex", content: "last" },
    ]);
    const archive = await openArchive(await file("paths.tar", bytes));
    expect(archive.paths).toEqual(["b.tex", "figs/c.png", "a.tex"]);
    expect(archive.read("a.tex")?.toString()).toBe("last");
  });

  it("of a Mac's file attributes are passed over", async () => {
    const bytes = hostile.tar([
      { name: "./._main.tex", content: "attributes" },
      { name: "__MACOSX/main.tex", content: "attributes" },
      { name: ".DS_Store", content: "view" },
      { name: "main.tex", content: "text" },
    ]);
    const { paths, refused } = await openArchive(await file("mac.tar", bytes));
    expect([paths, refused]).toEqual([["main.tex"], []]);
  });

  it("may be long, in pax's way", async () => {
    const long = `${"folder/".repeat(30)}figure.tex`;
    const bytes = hostile.tar([pax(`path=${long}`), { name: "short.tex", content: "x" }]);
    expect((await openArchive(await file("long-pax.tar", bytes))).paths).toEqual([long]);
  });

  it("may be long, in GNU's way", async () => {
    const long = `${"folder/".repeat(30)}figure.tex`;
    const bytes = hostile.tar([
      { name: "././@LongLink", type: "longname", content: `${long}\0` },
      { name: long.slice(0, 100), content: "x" },
    ]);
    expect((await openArchive(await file("gnu.tar", bytes))).paths).toEqual([long]);
  });
});

describe("damaged tars", () => {
  const whole = hostile.tar([...hostile.soundPaper(), { name: "last.tex", content: "x".repeat(2000) }]);

  it("are read where only the closing blocks are missing or something follows them", async () => {
    for (const [name, bytes] of [
      ["no-end.tar", whole.subarray(0, -1024)],
      ["half-end.tar", whole.subarray(0, -512)],
      ["tail.tar", Buffer.concat([whole, Buffer.alloc(512, "junk")])],
    ] as const) {
      const archive = await openArchive(await file(name, bytes));
      expect(archive.paths).toEqual(["main.tex", "square.png", "last.tex"]);
    }
  });

  it("are turned away where a member is cut off", async () => {
    expect((await problem(await file("cut.tar", whole.subarray(0, -2000)))).reason).toBe("archive-truncated");
  });

  it("are turned away where a header is damaged", async () => {
    const damaged = Buffer.from(whole);
    damaged.write("zzzz", 1024);
    expect((await problem(await file("damaged.tar", damaged))).reason).toBe("archive-corrupt");
  });

  it("are turned away where the compressed data is damaged", async () => {
    const damaged = Buffer.from(hostile.sound());
    damaged.fill(0xff, damaged.length - 8, damaged.length - 4);
    expect((await problem(await file("crc.tar.gz", damaged))).reason).toBe("archive-corrupt");
  });
});

describe("limits", () => {
  const many = hostile.tarGz(
    Array.from({ length: 20 }, (_, i) => ({ name: `${i}.tex`, content: "x".repeat(600) })),
  );

  it.each([
    ["bytes of the input file", { compressedBytes: 100 }],
    ["bytes unpacked", { unpackedBytes: 4096 }],
    ["members", { members: 19 }],
  ])("hold for %s", async (_what, limits) => {
    expect((await problem(await file("many.tar.gz", many), limits)).reason).toBe("archive-too-large");
  });

  it("let an archive through that just keeps to them", async () => {
    expect((await openArchive(await file("many.tar.gz", many), { members: 20 })).paths).toHaveLength(20);
  });

  it("hold for folders", async () => {
    const root = join(folder, "heavy");
    await mkdir(root);
    for (const name of ["a.tex", "b.tex"]) await writeFile(join(root, name), Buffer.alloc(3000, "x"));
    expect((await problem(root, { unpackedBytes: 5000 })).reason).toBe("archive-too-large");
    expect((await problem(root, { members: 1 })).reason).toBe("archive-too-large");
  });
});
