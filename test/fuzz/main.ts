/** `npm run fuzz -- READER`: reads inputs that nobody would write, and says what the reader made of them. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { OUTPUT, prepare, ROOT, type Workplace } from "./build.js";
import { fuzz, reproduce, type Campaign } from "./harness.js";
import { READERS, type ReaderName } from "./readers.js";

const USAGE = `usage: npm run fuzz -- READER [--inputs N] [--seed S] [--file INPUT]
  READER    ${READERS.join(", ")}
  --inputs  how many inputs to read (default 1000)
  --seed    a whole number; the same seed makes the same inputs (default: of the clock)
  --file    reads only this input, such as one that an earlier run left behind`;

export async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { inputs: { type: "string" }, seed: { type: "string" }, file: { type: "string" } },
  });
  const [reader] = positionals;
  const [inputs, seed] = [Number(values.inputs ?? 1000), Number(values.seed ?? Date.now() % 1_000_000_000)];
  if (!READERS.includes(reader as ReaderName) || !Number.isInteger(inputs) || !Number.isInteger(seed)) {
    console.error(USAGE);
    return 2;
  }
  const workplace = await prepare();
  const { program, scratch } = workplace;
  const corpus = existsSync(join(ROOT, "..", "shared", "corpus"));
  const campaign: Campaign = {
    ...{ reader: reader as ReaderName, seed, inputs, program, root: ROOT, corpus, scratch },
    limitSeconds: 120,
  };
  try {
    if (values.file === undefined) return await run(campaign, workplace);
    console.log((await reproduce(campaign, [readFileSync(values.file)])).join());
    return 0;
  } finally {
    workplace.remove();
  }
}

async function run(campaign: Campaign, workplace: Workplace): Promise<number> {
  const { reader, seed, inputs } = campaign;
  console.log(`${reader}: ${inputs} inputs, seed ${seed}`);
  const { seconds, outcomes, slowest, largest, findings } = await fuzz(campaign, (done) => {
    if (done % 1000 === 0) console.log(`  ${done} read`);
  });
  const counts = Object.entries(outcomes).sort((a, b) => b[1] - a[1]);
  console.log(counts.map(([outcome, count]) => `${outcome} ${count}`).join(", "));
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  const memory = `peak ${peak} MB (input ${largest.index} raised it by ${Math.round(largest.megabytes)})`;
  const slow = `slowest ${Math.round(slowest.cpuMs)} ms of processor time (input ${slowest.index}, ${slowest.bytes} bytes)`;
  const strays = workplace.strays();
  if (strays.length) console.log(`written beside the input: ${strays.join(", ")}`);
  for (const { index, message, input } of findings) {
    const folder = join(OUTPUT, "findings");
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${reader}-${seed}-${index}.bin`);
    writeFileSync(file, input);
    console.log(`\nfinding in input ${index}, kept as ${file}\n${message}`);
  }
  console.log(`${inputs} inputs in ${seconds.toFixed(0)} s, ${slow}, ${memory}, ${findings.length} findings`);
  return findings.length || strays.length ? 1 : 0;
}
