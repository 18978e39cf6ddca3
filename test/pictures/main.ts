import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { MockServer } from "../../cluster/src/mock-server/index.js";
import { openNotebook } from "../browser/jupyterlab.js";
import { notebookFile } from "../support/notebook-file.js";
import { type Slurm, startSlurm } from "../support/slurm/slurm.js";
import { synthesize } from "../support/synthetic/dataset.js";
import { copyNotebooks } from "../support/workspace.js";
import { Camera } from "./camera.js";
import { SHOTS } from "./shots.js";
import { CELLS, Studio, WINDOW } from "./studio.js";

const PICTURES = join(import.meta.dirname, "..", "..", "notebooks", "pictures");

/** What goes wrong with the imitated servers of a cluster's nodes: a share of the pictures is broken. */
const FAULTS = { rules: [{ match: { probability: 0.002 }, fault: { kind: "error", error: "undecodable" } }] };

/**
 * Makes the pictures anew, all or those that are named, on the sample papers and imitations of vLLM servers; that of a run on
 * a cluster on made-up figures and a real Slurm.
 */
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
  const slurm = names.includes("cluster-run") ? await startCluster(folder) : null;
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
    await Promise.all([...servers.map((server) => server.close()), slurm?.stop()]);
  }
}

/** A Slurm that kernels find, with what is done on it. */
async function startCluster(folder: string): Promise<Slurm> {
  await synthesize(join(folder, "data", "made-up"), { figures: 1200, contexts: () => 2 });
  const faults = join(folder, "faults.json");
  writeFileSync(faults, JSON.stringify(FAULTS));
  process.env["FIGLOOM_MOCK_ARGS"] = `--max-num-seqs 8 --time-per-token 25 --cheap --faults ${faults}`;
  const slurm = await startSlurm({ nodes: 3 });
  process.env["SLURM_CONF"] = slurm.env.SLURM_CONF;
  return slurm;
}
