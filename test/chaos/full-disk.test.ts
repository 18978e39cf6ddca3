import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { RunFolder } from "../../cluster/src/run/places.js";
import { bundlePrograms } from "../support/bundle-programs.js";
import { Crew, expectRight } from "./shards-crew.js";
import type { ShardsOptions } from "./shards-rules.js";

const SEED = Number(process.env.FIGLOOM_CHAOS_SEED ?? 20_260_101);

let folder: string;
let program: string;

beforeAll(async () => {
  program = join(await bundlePrograms("full-disk", { shards: "test/chaos/shards-program.ts" }), "shards.cjs");
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "figloom-disk-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/**
 * On a disk of its own that is small at first and larger each time that the worker has stopped; what is on it at the end
 * is copied. Prints the exit code of each start.
 */
const SCRIPT = `
mount -t tmpfs -o size="$1"k tmpfs disk
cp -a plan/. disk/
restart=0
for size in "$@"; do
  mount -o remount,size="$size"k disk
  code=0
  node "$PROGRAM" "$PWD/disk" "$PWD/evidence" "$(printf '%s' "$OPTIONS" | sed "s/RESTART/$restart/")" || code=$?
  echo "$code"
  restart=$((restart + 1))
done
cp -a disk/. result/
`;

test("where the disk is full a worker stops with a sentence; nothing is lost or done twice once there is room", async () => {
  for (const name of ["disk", "result"]) mkdirSync(join(folder, name));
  const options = {
    task: "1",
    seed: SEED,
    staleMs: 1e6,
    beatMs: 20,
    pauseMs: 2,
    isElsewhere: false,
    weight: 1500,
  };
  const crew = new Crew(folder, program, options);
  await crew.plan(4, 30);
  rmSync(join(folder, "plan"), { recursive: true, force: true });
  execFileSync("mv", [crew.run.path, join(folder, "plan")]);

  const sizes = ["40", "88", "136", "184", "100000"];
  const start: Omit<ShardsOptions, "restart"> & { restart: string } = { ...options, restart: "RESTART" };
  const printed = execFileSync("unshare", ["-rm", "sh", "-euc", SCRIPT, "sh", ...sizes], {
    cwd: folder,
    encoding: "utf8",
    env: {
      ...process.env,
      PROGRAM: program,
      OPTIONS: JSON.stringify(start).replace('"RESTART"', "RESTART"),
    },
  });

  expect(printed.split("\n").slice(0, -1)).toEqual([...sizes.slice(1).map(() => "3"), "0"]);
  const errors = readFileSync(join(crew.evidence, "errors.log"), "utf8");
  const said = errors.split("\n").filter((line) => line.startsWith("ConfigurationError: "));
  expect(said.length).toBe(sizes.length - 1);
  for (const line of said)
    expect(line).toMatch(
      /The disk is full in .* What was done is kept: mend that and start the same again\.$/,
    );
  rmSync(join(crew.evidence, "errors.log"));
  await expectRight(new RunFolder(join(folder, "result")), crew.evidence, crew.words());
});
