/** `figloom mock-server`. */
import type { Command } from "commander";
import { ConfigurationError } from "figloom/errors";
import { positive, whole } from "../commands/values.js";
import type { Faults } from "./faults.js";
import type { RunOptions } from "./run.js";

interface Flags extends Omit<RunOptions, "flavour" | "decode" | "faults"> {
  faults?: string;
  apiKeyFromEnv?: string | true;
  rustErrors?: boolean;
  cheap?: boolean;
  keepAlive?: number;
  restartOnDeath?: number | true;
  exitAfter?: number;
  startupSeconds?: number;
  maxPixels?: number;
  minPixels?: number;
  json?: boolean;
}

const KEY_VARIABLE = "FIGLOOM_API_KEY";
const RESTART_SECONDS = 1;

/** The program's own class makes the command, so that both agree on what an error is. */
export function addMockServer(program: Command): void {
  program
    .command("mock-server")
    .description(
      "Imitate vLLM servers on this machine, to rehearse a run without a GPU. Their captions are no model's.",
    )
    .option("--port <n>", "first port; 0 takes free ones", whole(0), 8000)
    .option("--count <n>", "servers, on ports one after another", whole(1), 1)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .addOption(
      program
        .createOption("--runner <kind>", "write about pictures, or make vectors of pictures and texts")
        .choices(["generate", "pooling"])
        .default("generate"),
    )
    .option(
      "--model <name>",
      "name of the model that is asked for (default: figloom-mock-vl, figloom-mock-clip)",
    )
    .option("--max-model-len <tokens>", "most tokens of a prompt and its answer", whole(16))
    .option("--max-num-seqs <n>", "requests that run at the same time", whole(1))
    .option("--max-num-queued-reqs <n>", "more requests than this at once are answered with 503", whole(1))
    .option("--kv-cache-tokens <n>", "tokens that fit the KV cache", whole(16))
    .option("--prefill-tokens-per-second <n>", "speed at which each request is read", positive)
    .option("--time-per-token <ms>", "from one token of an answer to the next", positive)
    .option("--slowdown-under-load <factor>", "how much slower a token is when all slots are taken", positive)
    .option("--speed <factor>", "how much faster than that all of it goes", positive)
    .option("--answer-tokens <n>", "tokens of every answer, for benchmarks", whole(1))
    .option("--limit-images <n>", "pictures in one prompt", whole(0))
    .option("--max-pixels <n>", "the processor's most pixels, unless a request says", whole(1024))
    .option("--min-pixels <n>", "the processor's least pixels, unless a request says", whole(1))
    .option("--encoder-cache-tokens <n>", "most tokens of one picture", whole(1))
    .option("--no-vision", "a model that reads text only")
    .option("--no-prompt-tokens-details", "leave prompt_tokens_details out of the usage")
    .option("--allowed-local-media-path <folder>", "take file:// pictures from below this folder")
    .option(
      "--api-key-from-env [name]",
      `want the key that this variable holds (${KEY_VARIABLE} unless given)`,
    )
    .option("--keep-alive <seconds>", "close idle connections after", positive, 5)
    .option("--faults <file>", "what goes wrong, as JSON")
    .option("--rust-errors", "errors and body limit of vLLM's front end in Rust")
    .option("--cheap", "read only the size of pictures, not their pixels")
    .option(
      "--startup-seconds <seconds>",
      "listen only after so long, as a server that loads its model",
      positive,
    )
    .option("--exit-after <seconds>", "an engine's death to the end of its server", positive, 5)
    .option("--restart-on-death [seconds]", "start anew so long after that", positive)
    .option("--keep-alive-on-engine-death", "stay after a death and answer errors")
    .option("--log <file>", "add a line of JSON for each request asked and ended")
    .option("--json", "print endpoints and result as JSON")
    .addHelpText(
      "after",
      `
Examples:
  figloom mock-server --count 4 --max-num-seqs 64
  figloom mock-server --runner pooling --model openai/clip-vit-base-patch32
  figloom mock-server --faults faults.json --restart-on-death 2`,
    )
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  // Loaded late: the program asks for all commands at every start.
  const { readFaults, startServers } = await import("./run.js");
  const faults = flags.faults === undefined ? undefined : await readFaults(flags.faults);
  const fleet = await startServers(optionsOf(flags, faults));
  const line = `FIGLOOM_ENDPOINTS=${fleet.endpoints.join(",")}`;
  console.log(flags.json ? JSON.stringify({ endpoints: fleet.endpoints }) : line);
  const stopped = new Promise<"stopped">((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve("stopped"));
  });
  const how = await Promise.race([stopped, fleet.gone]);
  const result = await fleet.stop();
  const { requests, aborted, wrong_pictures } = result;
  console.log(
    flags.json
      ? JSON.stringify(result)
      : `${requests} requests were asked, ${aborted} of them left by the client, ${wrong_pictures} wrong pictures.`,
  );
  if (how === "stopped") return;
  console.error("figloom: the engines of all servers died.");
  process.exitCode = 1;
}

function optionsOf(flags: Flags, faults: Faults | undefined): RunOptions {
  const { apiKeyFromEnv, rustErrors, cheap, keepAlive, exitAfter, restartOnDeath, maxPixels, minPixels } =
    flags;
  const { startupSeconds } = flags;
  return {
    ...flags,
    faults,
    ...(maxPixels !== undefined && { max_pixels: maxPixels }),
    ...(minPixels !== undefined && { min_pixels: minPixels }),
    ...(rustErrors && { flavour: "rust" }),
    ...(cheap && { decode: "header" }),
    ...(keepAlive !== undefined && { keepAliveMilliseconds: milliseconds(keepAlive) }),
    ...(startupSeconds !== undefined && { startupMilliseconds: milliseconds(startupSeconds) }),
    ...(exitAfter !== undefined && { exitMilliseconds: milliseconds(exitAfter) }),
    ...(restartOnDeath !== undefined && {
      restartMilliseconds: milliseconds(restartOnDeath === true ? RESTART_SECONDS : restartOnDeath),
    }),
    ...(apiKeyFromEnv !== undefined && { apiKey: keyOf(apiKeyFromEnv) }),
  };
}

const milliseconds = (seconds: number): number => Math.ceil(seconds * 1000);

function keyOf(named: string | true): string {
  const name = named === true ? KEY_VARIABLE : named;
  const key = process.env[name];
  if (!key) throw new ConfigurationError(`--api-key-from-env: the environment has no ${name}.`);
  return key;
}
