import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { diskProblem } from "../disk/files.js";
import { JsonlWriter, readJsonl } from "../disk/jsonl.js";
import { Quarantine } from "../dataset/quarantine.js";
import { ItemError } from "../errors.js";
import { quarantineLine } from "../stages/quarantine-line.js";
import { runStage } from "../stages/run-stage.js";
import type { Progress, Stage } from "../stages/stage.js";
import { checkArchive, membersOf, type ArchiveMember, type SourceArchive } from "./archives.js";
import { checkEprint } from "./eprint.js";
import type { Errand } from "./errand.js";
import { arxivName, type PaperName } from "./identifiers.js";
import { PassingError } from "../http/problems.js";
import { notAPaper, tooLarge } from "./problems.js";

/** An archive that nothing is left to do in, for one wish. */
interface Finished {
  wish: string;
  name: string;
  bytes: number;
  /** Papers of it that are in the folder. */
  papers: number;
}

type Member = ArchiveMember & { name: PaperName; archive: SourceArchive };

/**
 * Takes papers out of arXiv's bulk archives into the folder, reading each archive once from its beginning to its end.
 * An archive that is damaged goes to the quarantine, and the others are read. One that was finished before is not
 * opened again.
 * @param wanted ids of the papers that are wanted; `null` for all
 * @param total how many of them are in the archives, where that is known
 */
export async function unpackArchives(
  { folder, limit, refresh, signal, onProgress }: Errand,
  archives: readonly SourceArchive[],
  { wanted, total }: { wanted: ReadonlySet<string> | null; total: number | null },
): Promise<Progress & { bytes: number }> {
  const wish = createHash("sha256")
    .update(JSON.stringify(wanted && [...wanted].sort()))
    .digest("hex")
    .slice(0, 16);
  const ledger = join(folder.state, "archives.jsonl");
  const finished = refresh ? [] : (await readJsonl<Finished>(ledger)).filter((line) => line.wish === wish);
  const quarantine = await Quarantine.open(folder.path, "fetch");
  const writer = await JsonlWriter.open(ledger);
  let [bytes, before, damaged] = [0, 0, 0];

  const stage: Stage<Member, void> = {
    name: "fetch",
    version: 1,
    key: ({ name }) => name.paper_id,
    async run({ name: { id, paper_id }, content, bytes: size }) {
      if (size > limit) throw tooLarge(id, limit);
      const part = folder.part(paper_id);
      try {
        await save(content, part);
        const ending = await checkEprint(part, id);
        await folder.place(part, paper_id, `${paper_id}${ending}`);
        bytes += size;
      } catch (error) {
        if (error instanceof PassingError) throw notAPaper(id, error.message);
        throw diskProblem(folder.path, error);
      }
    },
  };

  async function* members(): AsyncGenerator<Member> {
    for (const archive of archives) {
      const done = finished.find(({ name, bytes }) => name === archive.name && bytes === archive.bytes);
      if (done) {
        before += done.papers;
        continue;
      }
      try {
        onWaiting(archive, "checked");
        await checkArchive(archive, signal);
        let papers = 0;
        for await (const member of membersOf(archive)) {
          signal.throwIfAborted();
          if (wanted !== null && !wanted.has(member.id)) continue;
          const name = arxivName(member.id, null);
          yield { ...member, name, archive };
          if (folder.find(name.paper_id, "source") !== null) papers++;
        }
        await quarantine.settle(archive.name, []);
        await writer.append({ wish, name: archive.name, bytes: archive.bytes, papers } satisfies Finished);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof ItemError)) throw error;
        damaged++;
        await quarantine.settle(archive.name, [quarantineLine("fetch", archive.name, archive.path, error)]);
      }
    }
  }
  let last: Progress = {
    stage: "fetch",
    done: 0,
    failed: 0,
    reused: 0,
    total: wanted?.size ?? null,
    seconds: 0,
  };
  const onWaiting = ({ name }: SourceArchive, what: string) =>
    onProgress({ ...last, note: `${name} is ${what}` });

  try {
    const progress = await runStage(stage, members(), {
      concurrency: 1,
      signal,
      total,
      isDone: ({ name }) => (!refresh && folder.find(name.paper_id, "source") !== null ? "done" : null),
      file: ({ archive }) => archive.path,
      onProgress: (progress) => onProgress((last = progress)),
      async keep({ name }) {
        await quarantine.settle(name.paper_id, []);
        return true;
      },
      refuse: ({ name }, line) => quarantine.settle(name.paper_id, [line]),
    });
    return { ...progress, reused: progress.reused + before, failed: progress.failed + damaged, bytes };
  } finally {
    await writer.close();
    await quarantine.close();
  }
}

async function save(content: AsyncIterable<Uint8Array>, path: string): Promise<void> {
  const file = await open(path, "w");
  try {
    for await (const chunk of content) await file.write(chunk);
  } finally {
    await file.close();
  }
}
