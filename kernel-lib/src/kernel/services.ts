import { createRequire } from "node:module";
import { join } from "node:path";
import { errorText } from "../errors.js";
import { kernelState, type CommTarget } from "./state.js";

const PREFIX = "figloom.";
let loaded = false;

/**
 * Who answers a comm target. The first question to figloom loads its services, so that views come alive in a kernel that
 * never imported it, and others pay nothing.
 */
export function targetNamed(name: string): CommTarget | undefined {
  const known = kernelState.targets.get(name);
  if (known || loaded || !name.startsWith(PREFIX)) return known;
  loaded = true;
  try {
    createRequire(__filename)(join(__dirname, "service.cjs"));
  } catch (error) {
    process.stderr.write(`figloom's services cannot be loaded: ${errorText(error)}\n`);
  }
  return kernelState.targets.get(name);
}
