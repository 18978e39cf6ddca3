// Sets everything up and opens JupyterLab on the first notebook. Only this file must be readable by old Nodes.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `figloom needs Node 20.19 or newer; this is ${process.versions.node}. Get it from https://nodejs.org or with a version manager, then run "npm start" again.`,
  );
  process.exit(2);
}
void import("./setup/start.mjs").then(({ main }) => main(process.argv.slice(2)));
