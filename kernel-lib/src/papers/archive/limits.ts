/** How much of an archive is read before it is turned away. */
export interface ArchiveLimits {
  /** Bytes of the input file as it lies on disk. @default 256 MiB */
  compressedBytes: number;
  /** Bytes of everything unpacked, refused members included; decompression stops here. @default 512 MiB */
  unpackedBytes: number;
  /** Bytes of one member; a bigger one is refused and the rest is read. @default 128 MiB */
  memberBytes: number;
  /** Members of any kind. @default 10,000 */
  members: number;
  /** UTF-8 bytes of a member's path. @default 1,024 */
  pathBytes: number;
}

const MiB = 2 ** 20;

export const DEFAULT_ARCHIVE_LIMITS: Readonly<ArchiveLimits> = {
  compressedBytes: 256 * MiB,
  unpackedBytes: 512 * MiB,
  memberBytes: 128 * MiB,
  members: 10_000,
  pathBytes: 1024,
};
