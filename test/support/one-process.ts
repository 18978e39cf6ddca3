/** Test files of a project may share a process: what one leaves there is cleared away before the next begins. */
import { afterAll } from "vitest";
import { removeFolders } from "./fresh-folder.js";

const before = { ...process.env };
afterAll(async () => {
  await removeFolders();
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
});
