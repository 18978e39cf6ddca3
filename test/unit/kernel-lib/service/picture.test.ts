import { mkdtemp, readFile, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { synthesize, type SyntheticFigure } from "../../../support/synthetic/dataset.js";
import { lookAt } from "./samples.js";

let folder: string;
let figures: SyntheticFigure[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "figloom-pictures-"));
  figures = await synthesize(folder, { figures: 3 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const picture = (figure_id: string) => lookAt(folder).ask("picture", { figure_id });

test("a page without a way to the files gets a figure's full picture through the kernel", async () => {
  const { figure_id, image } = figures[1]!;
  expect(await picture(figure_id)).toBe(
    `data:image/png;base64,${(await readFile(image)).toString("base64")}`,
  );
});

test("there is none for a figure that is not there, or has lost its file", async () => {
  expect(await picture("../../etc/passwd")).toBeNull();
  await rm(figures[0]!.image);
  expect(await picture(figures[0]!.figure_id)).toBeNull();
});

test("one that is too big for a message says how big it is, and the way out", async () => {
  await truncate(figures[2]!.image, 25_000_000);
  await expect(picture(figures[2]!.figure_id)).rejects.toMatchObject({
    kind: "configuration",
    message: expect.stringMatching(/25 MB.*start JupyterLab/),
  });
});
