/** TeX that wants what it must not have. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ItemError } from "../../../../../kernel-lib/src/errors.js";
import { findProgram } from "../../../../../kernel-lib/src/figures/find-program.js";
import { png } from "../../../../fixtures/hostile-archives.js";
import { draw, drawAll, float, hasPostScript, hasTex, problem, shareOf } from "./paper.js";

const SECRET = "figloom-secret-7f3a";
let outside = "";
beforeAll(() => {
  outside = mkdtempSync(join(tmpdir(), "figloom-outside-"));
  writeFileSync(join(outside, "secret.txt"), SECRET);
  writeFileSync(join(outside, "secret.tex"), "\\rule{3cm}{1cm}");
  writeFileSync(join(outside, "secret.png"), png(40, 40));
});
afterAll(() => rmSync(outside, { recursive: true, force: true }));

const square = "\\rule{1cm}{1cm}";
const print = "\\texttt{\\meaning\\got}";

/** A `PATH` that leads to TeX and to nothing that could hide files from it. */
async function bareTools(): Promise<string> {
  const folder = join(outside, "bin");
  mkdirSync(folder, { recursive: true });
  for (const name of ["pdflatex", "kpsewhich"]) {
    if (!existsSync(join(folder, name))) symlinkSync((await findProgram(name))!, join(folder, name));
  }
  return folder;
}

describe.runIf(hasTex).each([["with what is installed"], ["with TeX alone"]])(
  "what a paper's TeX cannot read, %s",
  { timeout: 120_000 },
  (tools) => {
    const path = process.env.PATH;
    beforeAll(async () => {
      if (tools === "with TeX alone") process.env.PATH = await bareTools();
    });
    afterAll(() => {
      process.env.PATH = path;
    });

    it.each([
      ["\\input", (path: string) => `\\input{${path}/secret.tex}`],
      ["\\input by a path that climbs", (path: string) => `\\input{x/../../../../../..${path}/secret.tex}`],
      ["\\openin", (path: string) => `\\newread\\r\\openin\\r=${path}/secret.txt \\ifeof\\r\\undefined\\fi`],
      ["a picture", (path: string) => `\\pdfximage{${path}/secret.png}\\pdfrefximage\\pdflastximage`],
      [
        "an object of the PDF",
        (path: string) => `\\immediate\\pdfobj stream file{${path}/secret.txt}${square}`,
      ],
      ["a font map", (path: string) => `\\pdfmapfile{+${path}/secret.txt}${square}`],
      ["system files", () => "\\input{/etc/passwd}"],
      ["objects with system files", () => `\\immediate\\pdfobj file{/etc/passwd}${square}`],
    ])("read by %s", async (_, attack) => {
      const [drawn, plain] = await drawAll(float(attack(outside)) + float(square));
      if (plain instanceof ItemError) throw plain;
      if (!(drawn instanceof ItemError)) expect(drawn!.sha256).toBe(plain!.sha256);
    });

    it("tell what is in a file, or how long it is", async () => {
      const probe = `\\edef\\got{\\pdffiledump offset 0 length 20{${outside}/secret.txt}\\pdffilesize{${outside}/secret.txt}}`;
      const [probed, empty] = await drawAll(float(probe + print) + float(`\\edef\\got{}${print}`));
      if (probed instanceof ItemError || empty instanceof ItemError) throw new Error("not drawn");
      expect(probed!.sha256).toBe(empty!.sha256);
    });
    it("and hide it by writing TeX's record of it", async () => {
      const read = `\\immediate\\pdfobj stream file{${outside}/secret.txt}`;
      const write =
        "\\newwrite\\w\\immediate\\openout\\w=\\jobname.fls \\immediate\\write\\w{PWD /}\\immediate\\closeout\\w";
      expect(await problem(read + write + square)).toBeInstanceOf(ItemError);
      expect(await problem(write + square)).toBeInstanceOf(ItemError);
    });
  },
);

const picture = `\\begin{picture}(30,30)\\put(0,0){${square}}\\end{picture}`;

describe.runIf(hasPostScript)("what a paper's PostScript cannot do", { timeout: 120_000 }, () => {
  const red =
    "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 50\n1 0 0 setrgbcolor 0 0 100 50 rectfill\nshowpage\n";
  it.each([
    ["a command as a picture", (path: string) => `\\special{psfile="\`touch ${path}/made"}`],
    ["a picture outside", (path: string) => `\\special{psfile=${path}/red.eps}`],
    ["a picture by a path that climbs", (path: string) => `\\special{psfile=../../../../..${path}/red.eps}`],
    ["a header outside", (path: string) => `\\special{header=${path}/red.eps}`],
    ["a program that reads", (path: string) => `\\special{" (${path}/red.eps) run}`],
    ["a program that writes", (path: string) => `\\special{" (${path}/made) (w) file closefile}`],
    [
      "a program that runs programs",
      (path: string) => `\\special{" (%pipe%touch ${path}/made) (w) file closefile}`,
    ],
  ])("read, write or run: %s", async (_, attack) => {
    writeFileSync(join(outside, "red.eps"), red);
    const [drawn] = await drawAll(float(picture + attack(outside)), { preamble: "\\usepackage{psfrag}" });
    if (!(drawn instanceof ItemError)) expect(await shareOf(drawn!.png, [1, 0, 0])).toBe(0);
    expect(existsSync(join(outside, "made"))).toBe(false);
  });
});

describe.runIf(hasTex)("what a paper's TeX cannot do", { timeout: 120_000 }, () => {
  it.each([
    ["shell escape", (path: string) => `\\immediate\\write18{touch ${path}/made}`],
    ["a pipe as input", (path: string) => `\\newread\\r\\openin\\r="|touch ${path}/made"`],
    ["\\input of a pipe", (path: string) => `\\input{|"touch ${path}/made"}`],
    ["an absolute path", (path: string) => `\\newwrite\\w\\immediate\\openout\\w=${path}/made `],
    ["a path that climbs", (path: string) => `\\newwrite\\w\\immediate\\openout\\w=../../..${path}/made `],
  ])("run or write by %s", async (_, attack) => {
    await drawAll(float(`${attack(outside)}${square}`));
    expect(existsSync(join(outside, "made"))).toBe(false);
    expect(readFileSync(join(outside, "secret.txt"), "utf8")).toBe(SECRET);
  });

  it("see this process's environment", async () => {
    process.env.FIGLOOM_API_KEY = SECRET;
    const [probed, empty] = await drawAll(
      float(`\\edef\\got{\\pdffilesize{$FIGLOOM_API_KEY}}${print}`) + float(`\\edef\\got{}${print}`),
    );
    delete process.env.FIGLOOM_API_KEY;
    if (probed instanceof ItemError || empty instanceof ItemError) throw new Error("not drawn");
    expect(probed!.sha256).toBe(empty!.sha256);
  });

  it.each([
    ["loops", "\\loop\\iftrue\\repeat"],
    ["pages without end", "\\loop\\shipout\\hbox{x}\\iftrue\\repeat"],
    ["lines in the log without end", "\\loop\\message{aaaaaaaaaaaaaaaaaaaaaaaaaaaa}\\iftrue\\repeat"],
  ])("go on for ever: %s", async (_, attack) => {
    const [before, endless, behind] = await drawAll(float(square) + float(attack) + float(square), {
      limits: { graphicSeconds: 2 },
    });
    expect(endless).toBeInstanceOf(ItemError);
    expect(before).not.toBeInstanceOf(ItemError);
    expect(behind).not.toBeInstanceOf(ItemError);
  });

  it.each([
    ["a macro that grows", "\\def\\a{\\a\\a}\\def\\b#1{\\b{#1#1}}\\b{xxxxxxxx}"],
    ["boxes in boxes", "\\setbox0\\hbox{x}\\loop\\setbox0\\hbox{\\copy0\\copy0}\\iftrue\\repeat"],
    ["groups without end", "\\def\\a{\\begingroup\\a}\\a"],
  ])("fill the memory: %s", async (_, attack) => {
    expect(await problem(attack, { limits: { graphicSeconds: 10 } })).toBeInstanceOf(ItemError);
  });

  it("make a page of metres that is drawn in pixels without end", async () => {
    const { width, height } = await draw("\\rule{500cm}{1cm}");
    expect(Math.max(width, height)).toBeLessThanOrEqual(1602);
    const drawn = await drawAll(float("\\rule{16000pt}{16000pt}"));
    expect(drawn).toHaveLength(1);
  });

  it("put its pages in the place of its neighbours'", async () => {
    const red = "\\pdfliteral direct{1 0 0 rg}\\rule{1cm}{1cm}\\pdfliteral direct{0 g}";
    const many =
      "\\def\\more#1{\\ifnum#1>0 \\shipout\\hbox{x}\\expandafter\\more\\expandafter{\\number\\numexpr#1-1}\\fi}\\more{500}";
    const [first, , last] = await drawAll(float(red) + float(many + square) + float(red));
    for (const drawn of [first, last]) {
      if (drawn instanceof ItemError) throw drawn;
      expect(await shareOf(drawn!.png, [1, 0, 0])).toBeGreaterThan(0.6);
    }
  });

  it("bring its own format, settings or classes in the place of ours", async () => {
    const files = {
      "pdflatex.fmt": "no format",
      "texmf.cnf": "shell_escape = t\nopenin_any = a\n",
      "figloom-job.tex": "\\immediate\\write18{false}",
      "FIGLOOM-JOB.aux": "\\undefined",
    };
    await expect(draw(square, { files })).resolves.toHaveProperty("png");
    const fake = `\\immediate\\write18{touch ${outside}/made}\\LoadClass{article}\\newcommand{\\box}{\\rule{1cm}{1cm}}`;
    await drawAll(float("\\rule{1cm}{1cm}"), { documentClass: "fake", files: { "fake.cls": fake } });
    expect(existsSync(join(outside, "made"))).toBe(false);
  });

  it("do harm by the names of its files", async () => {
    const names = [
      "a;touch made.png",
      "$(touch made).png",
      "`id`.png",
      "-shell-escape.png",
      "a b.png",
      "%x&y#.png",
    ];
    const files = Object.fromEntries(names.map((name) => [name, png(20, 20)]));
    await expect(draw(square, { files: { ...files, a: "x", "a/b.tex": "y" } })).resolves.toHaveProperty(
      "png",
    );
  });
});
