/**
 * Starts the notebook kernel of the figloom that belongs to the notebook: the npm package installed in its folder or one
 * above, else the one that `FIGLOOM_HOME` names, else the one installed for the whole machine. For kernelspecs that were
 * made without knowing where it is, such as the wheel's. Arguments are those of `tslab kernel`.
 */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const places = [
  process.cwd(),
  process.env["FIGLOOM_HOME"],
  join(dirname(process.execPath), "..", "lib"),
  dirname(process.execPath),
].filter((place) => place !== undefined && place !== "") as string[];

/** `require` of the first place that has figloom, as a file in it would have. */
const figloom = places
  .map((place) => createRequire(join(place, "start.cjs")))
  .flatMap((require) => {
    try {
      return [createRequire(require.resolve("figloom/package.json"))];
    } catch {
      return [];
    }
  })
  .at(0);

if (!figloom) {
  console.error(
    `The figloom kernel needs the npm package figloom, and there is none for ${process.cwd()}. In the folder of your notebooks, or one above it, run: npm install figloom. Or name the folder of a checkout in FIGLOOM_HOME.`,
  );
  process.exit(1);
}
const tslab = figloom.resolve("tslab/bin/tslab");
process.argv = [process.execPath, tslab, "kernel", ...process.argv.slice(2)];
figloom("figloom/preload");
figloom(tslab);
