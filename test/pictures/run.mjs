// `npm run pictures`: makes the pictures of the README and the docs anew, in a real JupyterLab.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const here = import.meta.dirname;
const outfile = join(here, "..", "output", "pictures", "main.mjs");
await build({
  entryPoints: [join(here, "main.ts")],
  outfile,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  packages: "external",
  // Every module that asks lies two folders below the repository, as this one does.
  define: { "import.meta.dirname": JSON.stringify(here) },
  logLevel: "warning",
});
const { main } = await import(pathToFileURL(outfile).href);
await main(process.argv.slice(2));
