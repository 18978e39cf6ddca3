import { posix } from "node:path";
import type { Archive } from "../archive/archive.js";

/** Endings in the order of preference: a package may hold a picture in print quality and as a thumbnail. */
const ENDINGS = [".tif", ".tiff", ".png", ".jpg", ".jpeg", ".svg", ".pdf", ".eps", ".gif", ".webp", ".bmp"];
const PICTURE = /\.(?:tiff?|png|jpe?g|svg|pdf|eps|gif|webp|bmp)$/i;
/** What publishers and repositories add to the name of a picture in one of several sizes or versions. */
const SIZE =
  /(?:[._-](?:large|lrg|medium|small|sml|hi-?res|high|low|print|html|web|full|orig(?:inal)?|thumb(?:nail)?|[lms]|v\d{1,2}))+$/i;

/** Names that are looked for among all others of a package; no article lacks more pictures. */
const MAX_SEARCHES = 1_000;

/** Finds the files of a package that an article names, with or without ending, folder and right case. */
export class PackageFiles {
  private readonly paths: Set<string>;
  private readonly byLowerCase = new Map<string, string>();
  private readonly byName = new Map<string, string>();
  /** Pictures by their bare name, without folder, ending and size; and of each name the largest, once asked for. */
  private readonly byStem = new Map<string, string[]>();
  private readonly largestOf = new Map<string, string | null>();
  private searches = 0;

  constructor(
    private readonly archive: Archive,
    private readonly article: string,
  ) {
    this.paths = new Set(archive.paths);
    for (const path of archive.paths.filter((path) => PICTURE.test(path))) {
      setOnce(this.byLowerCase, path.toLowerCase(), path);
      setOnce(this.byName, posix.basename(path).toLowerCase(), path);
      const known = this.byStem.get(stemOf(path));
      if (known) known.push(path);
      else this.byStem.set(stemOf(path), [path]);
    }
  }

  /**
   * Path of the picture that an `href` means; `null` where the package holds none. A thumbnail gives way to the picture
   * that it shows.
   */
  find(href: string): string | null {
    const name = written(href);
    if (name === "" || name.length > 1_000) return null;
    const exact = this.named(name);
    if (exact !== null && !/\.gif$/i.test(exact)) return exact;
    const stem = stemOf(name);
    return this.largest(stem) ?? exact ?? this.renamed(stem);
  }

  private named(name: string): string | null {
    const stem = name.replace(PICTURE, "");
    const names = [name, ...[name, stem].flatMap((start) => ENDINGS.map((ending) => start + ending))];
    const folder = posix.dirname(this.article);
    const beside = names.map((wanted) => posix.join(folder, wanted));
    return (
      beside.find((path) => this.paths.has(path) && PICTURE.test(path)) ??
      first(beside, (path) => this.byLowerCase.get(path.toLowerCase())) ??
      first(names, (wanted) => this.byName.get(posix.basename(wanted).toLowerCase())) ??
      null
    );
  }

  /** The picture of that name with the most bytes; a thumbnail only where there is nothing else. */
  private largest(stem: string): string | null {
    const known = this.largestOf.get(stem);
    if (known !== undefined) return known;
    const paths = this.byStem.get(stem) ?? [];
    const pictures = paths.filter((path) => !/\.gif$/i.test(path));
    const size = (path: string) => this.archive.read(path)!.length;
    const [found = null] = [...(pictures.length ? pictures : paths)].sort((a, b) => size(b) - size(a));
    this.largestOf.set(stem, found);
    return found;
  }

  /** The only picture whose name ends with the wanted one, or is its end: `journal.pone.1.g001` for `pone.1.g001`. */
  private renamed(stem: string): string | null {
    if (stem.length < 4 || !/\d/.test(stem) || ++this.searches > MAX_SEARCHES) return null;
    const endsWith = (name: string, end: string) =>
      name.endsWith(end) && /[._-]/.test(name.at(-end.length - 1) ?? "");
    const similar = [...this.byStem.keys()].filter((name) => endsWith(name, stem) || endsWith(stem, name));
    return similar.length === 1 ? this.largest(similar[0]!) : null;
  }
}

const stemOf = (path: string) => posix.basename(path).replace(PICTURE, "").replace(SIZE, "").toLowerCase();

/** The file's name in an address; `%20` and the like as the characters that they mean. */
function written(href: string): string {
  const name = href
    .trim()
    .replace(/^(?:[a-z]+:\/\/|info:|file:).*\//i, "")
    .replace(/[?#].*$/, "")
    .replaceAll("\\", "/");
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function first<T>(names: readonly string[], find: (name: string) => T | undefined): T | undefined {
  for (const name of names) {
    const found = find(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function setOnce(map: Map<string, string>, key: string, value: string): void {
  if (!map.has(key)) map.set(key, value);
}
