import { posix } from "node:path";
import type { Frame } from "./frames.js";
import { documentBody, findInput, unfoldName, type Input } from "./inputs.js";
import type { Sources } from "./sources.js";
import { Traced } from "./traced.js";
import type { Unfolding } from "./unfolding.js";

const MAX_INPUTS = 2_000;
/** Packages that one command loads. */
const MAX_PACKAGES = 50;
/** Formats of plain TeX that old papers read in. */
const PLAIN_FORMATS = new Set("amstex harvmac epsf psfig lanlmac phyzzx jnl eplain".split(" "));

/** Reads a paper's files into an {@link Unfolding}: the main one, those it reads in, and packages of the author's own. */
export class FileReader {
  private inputs = 0;
  /** Formats of plain TeX that the paper is written in. */
  readonly formats = new Set<string>();

  constructor(
    private readonly sources: Sources,
    private readonly main: string,
    private readonly unfolding: Unfolding,
    /** What a macro in the name of a file stands for. */
    private readonly meaning: (macro: string) => string,
  ) {}

  openMain(): void {
    const file = this.sources.open(this.main);
    if (file !== null) this.push(file, posix.dirname(this.main), false, true);
  }

  read(frame: Frame, input: Input): void {
    const { warnings } = this.unfolding;
    const name = this.unfoldName(input.name);
    if (PLAIN_FORMATS.has(name)) this.formats.add(name);
    const path = this.find(name, frame, this.unfoldName(input.folder));
    if (path === null) {
      if (!input.optional && !PLAIN_FORMATS.has(name))
        warnings.add(`\\input{${name}}: there is no such file in the archive.`);
      return;
    }
    const file = this.sources.open(path);
    const busy = this.isBusy(file);
    if (file === null || busy || !this.unfolding.hasRoom || ++this.inputs > MAX_INPUTS) {
      warnings.add(`${path} is not read in: ${busy ? "it reads itself in" : "too many files are read in"}.`);
      return;
    }
    const folder = input.folder ? posix.join(this.folder(), this.unfoldName(input.folder)) : this.folder();
    this.push(file, folder, frame.silent, false);
  }

  /** Whether there is a file that `\input` would find. */
  exists(name: string, frame: Frame): boolean {
    return this.find(name, frame, "") !== null;
  }

  /** Packages of the author's own are read for their definitions. */
  readPackages(names: string): void {
    for (const name of names.split(",").slice(0, MAX_PACKAGES)) {
      const path = this.sources.find(name.trim(), [posix.dirname(this.main), "."], [".sty"]);
      const file = path === null || !this.unfolding.hasRoom ? null : this.sources.open(path);
      if (file !== null && !this.isBusy(file) && ++this.inputs <= MAX_INPUTS)
        this.push(file, this.folder(), true, false);
    }
  }

  /** `\endinput`: the rest of the file is not read. */
  endInput(): void {
    while (this.unfolding.top) if (this.unfolding.pop().from.kind === "file") return;
  }

  private push(file: number, folder: string, silent: boolean, isMain: boolean): void {
    const { lines } = this.sources.files[file]!;
    const body = isMain ? null : documentBody(lines);
    const traced = Traced.ofFile(file, body ? lines.slice(0, body.end) : lines);
    const frame = this.unfolding.push({ traced, from: { kind: "file", file, folder }, silent });
    if (body) frame.at = body.start;
  }

  private find(name: string, frame: Frame, folder: string): string | null {
    const own = frame.from.kind === "file" ? this.sources.files[frame.from.file]!.path : null;
    return findInput(this.sources, name, [
      posix.join(this.folder(), folder),
      posix.dirname(this.main),
      ...(own === null ? [] : [posix.dirname(own)]),
      ".",
    ]);
  }

  private folder(): string {
    for (const { from } of this.unfolding.inside()) if (from.kind === "file") return from.folder;
    return posix.dirname(this.main);
  }

  private isBusy(file: number | null): boolean {
    for (const { from } of this.unfolding.inside())
      if (from.kind === "file" && from.file === file) return true;
    return false;
  }

  private unfoldName(name: string): string {
    return unfoldName(name, this.meaning);
  }
}
