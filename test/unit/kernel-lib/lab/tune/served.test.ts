import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { MockServer } from "../../../../../cluster/src/mock-server/index.js";
import { loadPrompt } from "../../../../../kernel-lib/src/captions/prompts/load.js";
import { writeImage } from "../../../../../kernel-lib/src/dataset/images.js";
import { Dataset } from "../../../../../kernel-lib/src/dataset/store.js";
import { openLab, type Lab } from "../../../../../kernel-lib/src/lab/lab.js";
import { freshFolder } from "../../../../support/fresh-folder.js";
import { sampleFigure, samplePaper } from "../../dataset/samples.js";

const KEY = "a-key-that-is-nobodys-business";

let server: MockServer;
beforeEach(async () => {
  server = await MockServer.start({ apiKey: KEY });
  vi.stubEnv("FIGLOOM_ENDPOINTS", server.url);
  vi.stubEnv("FIGLOOM_API_KEY", KEY);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

/** A lab with a picture of its own colour for each of three figures. */
async function drawn(): Promise<Lab> {
  const path = join(await freshFolder(), "d");
  const dataset = await Dataset.openOrCreate(path);
  await dataset.write({ stage: "ingest", stage_version: 1 }, async (writer) => {
    const figures = await Promise.all(
      ["#204080", "#a03020", "#308050"].map(async (background, ordinal) => {
        const create = { width: 320, height: 224, channels: 3 as const, background };
        const bytes = await sharp({ create }).png().toBuffer();
        const image_path = `images/latex/undated/p1/fig${ordinal + 1}.png`;
        await writeImage(path, image_path, bytes);
        const sha256 = createHash("sha256").update(bytes).digest("hex");
        const picture = { image_path, image_missing: null, width: 320, height: 224, sha256 };
        const caption = `Reflectance of site ${ordinal + 1} between 300 and 700 nm.`;
        return sampleFigure("p1", ordinal, { ...picture, caption });
      }),
    );
    await writer.append({ key: "p1", paper: samplePaper("p1"), figures });
  });
  return openLab(path);
}

/** Questions about figures: `<figure>/<prompt hash>/<repeat>/<attempt>`, each with how often it was asked. */
async function questions(): Promise<Record<string, number>> {
  const hashes = await Promise.all(["context", "terse"].map(async (name) => (await loadPrompt(name)).hash));
  return Object.fromEntries(
    Object.entries(server.report().ids)
      .filter(([id]) => hashes.some((hash) => id.includes(`/${hash}/`)))
      .map(([id, { asked }]) => [id, asked]),
  );
}

test("shipped prompts are tried on the servers of the environment, and nothing is asked twice", async () => {
  const lab = await drawn();
  const trial = await lab.tune(["context", "terse"]);
  expect(trial.failures).toEqual([]);
  expect(trial.captions).toHaveLength(6);
  for (const { model, prompt_tokens, completion_tokens, seconds } of trial.captions) {
    expect(model).toBe("figloom-mock-vl");
    for (const number of [prompt_tokens, completion_tokens, seconds]) expect(number).toBeGreaterThan(0);
  }
  const asked = await questions();
  expect(new Set(Object.keys(asked).map((id) => id.split("/").slice(0, 3).join("/"))).size).toBe(6);
  expect((await lab.tune(["context", "terse"])).captions).toEqual(trial.captions);
  expect(await questions()).toEqual(asked);

  const repeated = await lab.tune(["terse"], { sample: 2, repeats: 2 });
  expect(repeated.captions.map(({ repeat }) => repeat)).toEqual([0, 1, 0, 1]);
  const added = Object.keys(await questions()).filter((id) => !(id in asked));
  expect(new Set(added.map((id) => id.split("/")[2]))).toEqual(new Set(["1"]));
  expect(server.report().wrong_pictures_total).toBe(0);
}, 60_000);

test("the servers' key stays out of what a trial shows and keeps", async () => {
  const lab = await drawn();
  const trial = await lab.tune(["terse"]);
  const kept = await trial.keep("terse", { as: join(lab.path, "..", "terse.md") });
  const said = [String(trial), JSON.stringify(trial.captions), await readFile(kept.file, "utf8")];
  expect(said.join()).not.toContain(KEY);
}, 60_000);
