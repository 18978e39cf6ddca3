import { constants } from "node:fs";
import { open, readdir, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { RefusedMember } from "./archive.js";
import type { ArchiveLimits } from "./limits.js";
import { checkMemberPath } from "./member-path.js";
import { archiveTooLarge } from "./problems.js";
import type { Members } from "./tar.js";

/**
 * Reads an unpacked paper from a folder into memory, by sorted path. Hidden files are passed over. A symbolic link
 * is read where it leads to a file inside the folder, and refused otherwise.
 * @throws {ItemError} `archive-too-large`
 */
export async function readFolder(source: string, folder: string, limits: ArchiveLimits): Promise<Members> {
  const root = await realpath(folder);
  const members: Members = { files: new Map(), refused: [] };
  let total = 0;
  let count = 0;
  for await (const found of walk(root, root)) {
    if (++count > limits.members) throw archiveTooLarge(source, `it has more than ${limits.members} files`);
    if ("refused" in found) {
      members.refused.push(found.refused);
      continue;
    }
    const checked = checkMemberPath(found.path, limits.pathBytes);
    if ("refused" in checked) {
      members.refused.push(checked.refused);
      continue;
    }
    const { size } = await stat(found.file);
    if (size > limits.memberBytes) {
      const message = `It is larger than ${limits.memberBytes} bytes.`;
      members.refused.push({ path: checked.path, reason: "member-too-large", message });
      continue;
    }
    total += size;
    if (total > limits.unpackedBytes) {
      throw archiveTooLarge(source, `its files come to more than ${limits.unpackedBytes} bytes`);
    }
    members.files.set(checked.path, await readWithoutFollowing(found.file));
  }
  return members;
}

type Found = { path: string; file: string } | { refused: RefusedMember };

async function* walk(root: string, folder: string): AsyncGenerator<Found> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith(".")) continue;
    const full = join(folder, entry.name);
    const path = relative(root, full).split(sep).join("/");
    if (entry.isDirectory()) yield* walk(root, full);
    else if (entry.isFile()) yield { path, file: full };
    else if (entry.isSymbolicLink()) yield await followInside(root, path, full);
    else yield refused(path, "member-device", "It is a device, pipe or socket, not a file.");
  }
}

async function followInside(root: string, path: string, link: string): Promise<Found> {
  const target = await realpath(link).catch(() => undefined);
  if (!target?.startsWith(root + sep)) {
    return refused(path, "member-symlink", "It is a symbolic link that leads out of the folder or nowhere.");
  }
  return (await stat(target)).isFile()
    ? { path, file: target }
    : refused(path, "member-symlink", "It is a symbolic link to something else than a file.");
}

const refused = (path: string, reason: string, message: string): Found => ({
  refused: { path, reason, message },
});

async function readWithoutFollowing(file: string): Promise<Buffer> {
  const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
