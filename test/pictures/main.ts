import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { MockServer } from "../../cluster/src/mock-server/index.js";
import { openNotebook } from "../browser/jupyterlab.js";
import { notebookFile } from "../support/notebook-file.js";
import { copyNotebooks } from "../support/workspace.js";
import { Camera } from "./camera.js";
import { SHOTS } from "./shots.js";
import { CELLS, Studio, WINDOW } from "./studio.js";

const PICTURES = join(import.meta.dirname, "..", "..", "notebooks", "pictures");

/** Makes the pictures anew, all or those that are named, on the sample papers and the imitation of a vLLM server. */
export async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { out: { type: "string", default: PICTURES } },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(SHOTS);
  const unknown = names.find((name) => !Object.hasOwn(SHOTS, name));
  if (unknown)
    throw new TypeError(`There is no picture ${unknown}; there are ${Object.keys(SHOTS).join(", ")}.`);

  const folder = copyNotebooks("pictures-jupyterlab");
  const model = { timePerToken: 20, maxNumSeqs: 8, allowedLocalMediaPath: folder };
  const servers = await Promise.all([MockServer.start(model), MockServer.start(model)]);
  process.env["FIGLOOM_ENDPOINTS"] = servers.map(({ url }) => url).join(",");
  for (const file of readdirSync(folder)) if (file.endsWith(".ipynb")) rmSync(join(folder, file));
  writeFileSync(join(folder, "views.ipynb"), notebookFile(Object.values(CELLS)));
  mkdirSync(values.out, { recursive: true });
  const lab = await openNotebook(folder, "views.ipynb", WINDOW);
  try {
    const studio = new Studio(lab.page);
    const camera = new Camera(lab.page, values.out);
    await studio.execute("application:toggle-left-area");
    await studio.run("read");
    for (const [name, shot] of Object.entries(SHOTS)) if (names.includes(name)) await shot(studio, camera);
  } catch (error) {
    await lab.page.screenshot({ path: join(folder, "..", "pictures", "failed.png") });
    throw error;
  } finally {
    await lab.close();
    await Promise.all(servers.map((server) => server.close()));
  }
}
