#!/usr/bin/env node
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const program = join(__dirname, "..", "dist", "cli.cjs");
if (!existsSync(program)) {
  console.error(
    'figloom is not built yet. Run "npm ci && npm run build" (or "npm start") in its folder first.',
  );
  process.exit(2);
}
require(program);
