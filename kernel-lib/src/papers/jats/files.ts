import { posix } from "node:path";
import type { Archive } from "../archive/archive.js";

/** Endings in the order of preference: a package may hold a picture in print quality and as a thumbnail. */
const ENDINGS = [".tif", ".tiff", ".png", ".jpg", ".jpeg", ".svg", ".pdf", ".eps", ".gif", ".webp", ".bmp"];
const PICTURE = /\.(?:tiff?|png|jpe?g|svg|pdf|eps|gif|webp|bmp)$/i;

/** Finds the files of a package that an article names, with or without ending, folder and right case. */
export class PackageFiles {
  private readonly paths: Set<string>;
  private readonly byLowerCase = new Map<string, string>();
  private readonly byName = new Map<string, string>();

  constructor(
    archive: Archive,
    private readonly article: string,
  ) {
    this.paths = new Set(archive.paths);
    for (const path of archive.paths.filter((path) => PICTURE.test(path))) {
      setOnce(this.byLowerCase, path.toLowerCase(), path);
      setOnce(this.byName, posix.basename(path).toLowerCase(), path);
    }
  }

  /** Path of the picture that an `href` means; `null` where the package holds none. */
  find(href: string): string | null {
    const name = written(href);
    if (name === "" || name.length > 1_000) return null;
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
}

/** The file's name in an address; `%20` and the like as the characters that they mean. */
function written(href: string): string {
  const name = href.trim().replace(/^(?:[a-z]+:\/\/|info:|file:).*\//i, "");
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
