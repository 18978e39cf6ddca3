import type { ModelFolder } from "./find.js";

/** What results of the same model share: its repository or name, its commit, and the digest of its files. */
export const identityOf = ({ id, revision, sha256 }: ModelFolder): string =>
  `${id}@${revision.slice(0, 12)} sha256:${sha256.slice(0, 12)}`;
