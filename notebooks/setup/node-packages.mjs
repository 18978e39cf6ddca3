/** npm packages and the build. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./places.mjs";
import { must } from "./run-program.mjs";
import { fingerprint, once } from "./stamp.mjs";

/** Installs what package-lock.json says, unless it is there. */
export async function installPackages() {
  await once(
    "npm",
    fingerprint([join(ROOT, "package-lock.json")]),
    () => existsSync(join(ROOT, "node_modules", ".package-lock.json")),
    async () => {
      await must("Installing npm packages", "npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
        cwd: ROOT,
        // Where there is nvcc, onnxruntime-node would fetch GPU libraries from outside the registry, or fail.
        env: { ONNXRUNTIME_NODE_INSTALL: process.env.ONNXRUNTIME_NODE_INSTALL || "skip" },
      });
    },
  );
}

/** Builds the three packages, unless nothing changed since the last time. */
export async function buildPackages() {
  const parts = ["kernel-lib", "cluster", "extension", "tsconfig.base.json", "package-lock.json"];
  const results = [
    "kernel-lib/dist/index.cjs",
    "kernel-lib/dist/types/index.d.ts",
    "cluster/dist/index.cjs",
    "extension/labextension/package.json",
  ];
  await once(
    "build",
    fingerprint(parts.map((part) => join(ROOT, part))),
    () => results.every((path) => existsSync(join(ROOT, path))),
    async () => {
      await must("Building", "npm", ["run", "build", "--silent"], { cwd: ROOT });
    },
  );
}
