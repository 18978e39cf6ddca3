import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gzipBomb, sound } from "../../../../fixtures/hostile-archives.js";

const MiB = 2 ** 20;
const program = `
  import { openArchive } from ${JSON.stringify(resolve(import.meta.dirname, "../../../../../kernel-lib/src/papers/archive/open.ts"))};
  const limits = { unpackedBytes: ${64 * MiB} };
  await openArchive(process.argv[2], limits);
  const before = process.resourceUsage().maxRSS;
  const outcome = await openArchive(process.argv[3], limits).then(
    (archive) => archive.refused.map(({ reason }) => reason).join() || "read",
    (error) => error.reason,
  );
  console.log(JSON.stringify({ outcome, grownKiB: process.resourceUsage().maxRSS - before }));
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "figloom-bomb-"));
  await build({
    stdin: { contents: program, resolveDir: import.meta.dirname },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: join(folder, "open.mjs"),
    // yauzl is CommonJS and asks for Node's own modules.
    banner: {
      js: `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`,
    },
    logLevel: "warning",
  });
  await writeFile(join(folder, "sound.tar.gz"), sound());
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function openInProcessOfItsOwn(bytes: Buffer): Promise<{ outcome: string; grownKiB: number }> {
  const path = join(folder, "bomb.tar.gz");
  await writeFile(path, bytes);
  const args = [join(folder, "open.mjs"), join(folder, "sound.tar.gz"), path];
  return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout);
}

describe("a gzip bomb", () => {
  it("of 2 GiB is turned away at the limit, with memory that does not follow its size", async () => {
    const bomb = gzipBomb();
    expect(bomb.length).toBeLessThan(3 * MiB);
    const { outcome, grownKiB } = await openInProcessOfItsOwn(bomb);
    expect(outcome).toBe("archive-too-large");
    expect(grownKiB).toBeLessThan(192 * 1024);
  });
});
