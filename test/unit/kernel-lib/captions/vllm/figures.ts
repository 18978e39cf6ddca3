/** Figures with pictures in a folder of their own, and a prompt to ask about them. */
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import type { CaptionInput } from "../../../../../kernel-lib/src/captions/captioner.js";
import { sampleFigure } from "../../dataset/samples.js";

const folders: string[] = [];

export async function removeFolders(): Promise<void> {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
}

export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "figloom-vllm-"));
  folders.push(folder);
  return folder;
}

/** So many figures, each with a picture of its own. */
export async function figuresIn(
  folder: string,
  many = 1,
  size = { width: 320, height: 256 },
): Promise<CaptionInput[]> {
  return Promise.all(
    Array.from({ length: many }, async (_, i) => {
      const background = `#${(i * 7919 + 64).toString(16).padStart(6, "0").slice(-6)}`;
      const bytes = await sharp({ create: { ...size, channels: 3, background } })
        .png()
        .toBuffer();
      const image = join(folder, `fig${i}.png`);
      await writeFile(image, bytes);
      const figure = sampleFigure("paper", i, {
        caption: `Light curve number ${i} of the source, measured over several days with the telescope.`,
        ...size,
        image_path: `fig${i}.png`,
        sha256: createHash("sha256").update(bytes).digest("hex"),
        image_missing: null,
      });
      const paper = {
        paper_id: "paper",
        title: "On light curves",
        abstract: null,
        discipline: "Astronomy" as const,
      };
      return { figure, paper, image };
    }),
  );
}
