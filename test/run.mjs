// `npm test`: sets up what the tests need and runs them all. Arguments are passed on to vitest.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`figloom's tests need Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(2);
}
void import("./support/run-tests.mjs").then(({ main }) => main(process.argv.slice(2)));
