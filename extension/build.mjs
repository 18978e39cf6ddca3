/** Compiles the extension and bundles it with JupyterLab's own builder into `labextension/`; needs no Python. */
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const folderOf = (name) => dirname(require.resolve(`${name}/package.json`));

// By path: tslab brings a compiler of its own that takes the name `tsc`.
const tsc = join(folderOf("typescript"), "bin/tsc");
execFileSync(process.execPath, [tsc, "--build", import.meta.dirname], { stdio: "inherit" });

const builder = join(folderOf("@jupyter/builder"), "lib", "build-labextension.js");
const core = join(folderOf("@jupyterlab/core-meta"), "core.package.json");
execFileSync(process.execPath, [builder, "--core-package-file", core, import.meta.dirname], {
  stdio: "inherit",
});
