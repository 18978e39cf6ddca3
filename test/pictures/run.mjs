// `npm run pictures`: makes the pictures of the README and the docs anew, in a real JupyterLab.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const OUTPUT = join(import.meta.dirname, "..", "output", "pictures");

/** Modules that ask where they lie are told so: in a bundle they lie elsewhere. @type {import("esbuild").Plugin} */
const ownFolders = {
  name: "own-folders",
  setup({ onLoad }) {
    onLoad({ filter: /\.(ts|mjs)$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replaceAll("import.meta.dirname", JSON.stringify(dirname(path))),
      loader: path.endsWith(".ts") ? "ts" : "js",
    }));
  },
};

await build({
  entryPoints: [join(import.meta.dirname, "main.ts")],
  outdir: OUTPUT,
  outExtension: { ".js": ".cjs" },
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  packages: "external",
  plugins: [ownFolders],
  logLevel: "warning",
});
const { default: program } = await import(join(OUTPUT, "main.cjs"));
await program.main(process.argv.slice(2));
