import ts from "@tslab/typescript-for-tslab";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mendGlobalTypes } from "../../../../kernel-lib/src/kernel/mends/global-types.js";
import { freshFolder } from "../../../support/fresh-folder.js";

test("of declared types only Node's are read before a cell asks for others, which are found", async () => {
  const folder = await freshFolder();
  const types = join(folder, "node_modules/@types");
  for (const name of ["node", "mustache", "react"]) {
    await mkdir(join(types, name), { recursive: true });
    await writeFile(join(types, name, "index.d.ts"), "export declare const declared: number;");
  }
  const sys = { ...ts.sys };
  const names = () => ts.getAutomaticTypeDirectiveNames({ typeRoots: [types] }, sys).sort();
  expect(names()).toEqual(["mustache", "node", "react"]);
  mendGlobalTypes({ typescript: { ...ts, sys } });
  expect(names()).toEqual(["node"]);
  const { resolvedModule } = ts.resolveModuleName("react", join(folder, "cell.ts"), {}, sys);
  expect(resolvedModule?.resolvedFileName).toBe(join(types, "react/index.d.ts"));
});
