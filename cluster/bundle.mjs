import { build } from "esbuild";

/**
 * Bundles the package for Node: CommonJS, which notebook cells need. `figloom/errors` goes in: a supervisor is small
 * and starts at once, which it would not with all of figloom loaded. Workers load the rest of it.
 * @param {string} outdir absolute folder for what can be imported and the programs that it starts, side by side.
 */
export async function bundle(outdir) {
  await build({
    absWorkingDir: import.meta.dirname,
    entryPoints: {
      index: "src/index.ts",
      supervisor: "src/local/supervise.ts",
      commands: "src/commands.ts",
      launch: "src/launch/index.ts",
      worker: "src/worker/main.ts",
      "guarded-worker": "src/worker/guarded.ts",
      "mock-server": "src/mock-server/index.ts",
      "fleet-member": "src/fleet/serve.ts",
      "mock-server-program": "src/mock-server/program.ts",
    },
    external: ["sharp"],
    plugins: [FIGLOOM],
    bundle: true,
    sourcemap: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    define: { "import.meta.dirname": "__dirname" },
    outdir,
    outExtension: { ".js": ".cjs" },
    logLevel: "warning",
  });
}

/**
 * Left out of the bundle, unlike its small rooms: as an `external`, a package's name would stand for them, too.
 * @type {import("esbuild").Plugin}
 */
const FIGLOOM = {
  name: "figloom",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^figloom(\/(stages|runs))?$/ }, ({ path }) => ({ path, external: true })),
};
