import type { JupyterFrontEnd } from "@jupyterlab/application";
import { PathExt } from "@jupyterlab/coreutils";
import type { NotebookFile } from "./notebook.js";

/**
 * Writes a notebook under a name that is free in `folder` and opens it.
 * @param folder relative to the server's root
 * @returns what was opened
 */
export async function openNotebook(
  app: JupyterFrontEnd,
  folder: string,
  name: string,
  content: NotebookFile,
): Promise<unknown> {
  const { contents } = app.serviceManager;
  const { content: items } = await contents.get(folder, { content: true });
  const taken = new Set((items as { name: string }[]).map((item) => item.name));
  let file = `${name}.ipynb`;
  for (let i = 2; taken.has(file); i++) file = `${name} ${i}.ipynb`;
  const path = PathExt.join(folder, file);
  await contents.save(path, { type: "notebook", format: "json", content });
  return app.commands.execute("docmanager:open", {
    path,
    factory: "Notebook",
    kernelPreference: { name: "figloom" },
  });
}
