/**
 * Packs the built extension and the kernelspec as a wheel: `node extension/wheel/build.mjs [--python PYTHON] [--out DIR]`.
 * Needs the packages built (`npm run build`) and a Python with pip, which fetches hatchling.
 */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const here = import.meta.dirname;
const extension = join(here, "..");
const kernel = join(extension, "..", "kernel-lib");
const { values } = parseArgs({
  options: { python: { type: "string", default: "python3" }, out: { type: "string" } },
});
const out = resolve(values.out ?? join(extension, "dist"));

for (const built of [join(extension, "labextension", "package.json"), join(kernel, "dist", "start.cjs")])
  if (!existsSync(built)) {
    console.error(`${built} is not there; build first: npm run build.`);
    process.exit(2);
  }

const stage = mkdtempSync(join(tmpdir(), "figloom-wheel-"));
try {
  const { version } = JSON.parse(readFileSync(join(extension, "package.json"), "utf8"));
  for (const name of ["pyproject.toml", "README.md", "figloom_jupyterlab"])
    cpSync(join(here, name), join(stage, name), { recursive: true });
  writeFileSync(join(stage, "version.txt"), `${version}\n`);
  cpSync(join(extension, "labextension"), join(stage, "labextension"), { recursive: true });
  const install = { packageManager: "python", packageName: "figloom-jupyterlab" };
  install.uninstallInstructions = "pip uninstall figloom-jupyterlab";
  writeFileSync(join(stage, "labextension", "install.json"), `${JSON.stringify(install, null, 2)}\n`);
  stageKernel();
  mkdirSync(out, { recursive: true });
  execFileSync(
    values.python,
    ["-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps", "--wheel-dir", out, stage],
    { stdio: "inherit" },
  );
  console.log(join(out, `figloom_jupyterlab-${version}-py3-none-any.whl`));
} finally {
  rmSync(stage, { recursive: true, force: true });
}

/** The kernelspec that figloom installs, started by way of the notebook's own figloom. */
function stageKernel() {
  const prefix = join(stage, "prefix");
  execFileSync(process.execPath, [
    join(kernel, "bin", "figloom.cjs"),
    ...["kernel", "install", "--json", "--prefix", prefix],
  ]);
  const folder = join(stage, "kernel");
  cpSync(join(prefix, "share", "jupyter", "kernels", "figloom"), folder, { recursive: true });
  rmSync(prefix, { recursive: true });
  cpSync(join(kernel, "dist", "start.cjs"), join(folder, "start.cjs"));
  const spec = JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8"));
  spec.argv = ["node", "{resource_dir}/start.cjs", "--config-path", "{connection_file}"];
  writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(spec, null, 2)}\n`);
}
