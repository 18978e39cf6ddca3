import { execFileSync } from "node:child_process";
import { chromium, type Browser } from "playwright-core";
import { findChromium } from "../support/programs.mjs";

/** Chromium as root, and without its connections to the outside. */
const FLAGS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts a real Chromium without a window. */
export async function launchChromium(more: readonly string[]): Promise<Browser> {
  const command = await findChromium();
  if (!command) throw new Error("Chromium is not installed.");
  const executablePath = execFileSync("which", [command], { encoding: "utf8" }).trim();
  return chromium.launch({ executablePath, headless: true, args: [...FLAGS, ...more] });
}
