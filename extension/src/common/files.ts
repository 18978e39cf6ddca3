/** Home folders, where Jupyter writes `~`. */
const HOME = /^(?:\/root|.*?\/(?:home|Users)\/[^/]+)(?=\/|$)/;

/** Whether a path begins at a root, as kernels on Unix and on Windows see files. */
export function isAbsolute(path: string): boolean {
  return /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(path);
}

/**
 * Where a file stands below the server's root, `null` where it does not.
 * @param path absolute, as a kernel on the server's machine sees it
 * @param root JupyterLab's option `serverRoot`: absolute, or from `~` on, which stands for the user's home
 */
export function serverPath(path: string, root: string): string | null {
  const file = path.replaceAll("\\", "/");
  const home = root.startsWith("~");
  const tail = (home ? root.slice(1) : root).replaceAll("\\", "/").replace(/\/+$/, "");
  const start = home ? homeLength(file, tail) : 0;
  const inside = `${tail}/`;
  return start !== null && file.startsWith(inside, start) ? file.slice(start + inside.length) : null;
}

/** How much of a path is the home folder: unusual ones are found by what follows them. */
function homeLength(file: string, tail: string): number | null {
  const usual = HOME.exec(file)?.[0].length ?? null;
  if (tail === "" || (usual !== null && file.startsWith(`${tail}/`, usual))) return usual;
  const found = file.indexOf(`${tail}/`);
  return found > 0 ? found : null;
}
