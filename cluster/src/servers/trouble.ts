/** Why a server did not start, or died: one plain sentence out of the last lines of its log. */
import { open } from "node:fs/promises";
import { errorText } from "figloom/errors";
import type { Outcome } from "../local/attempt.js";

export interface Trouble {
  /**
   * - `setting`: the script, the model or an option is wrong, for every server alike.
   * - `port`: its port was taken while it was loading.
   * - `late`: it does not answer in time, as others probably would not.
   * - `node`: this machine or GPU, just now; another try, or another machine, may do.
   */
  kind: "setting" | "port" | "late" | "node";
  /** Without a full stop. */
  why: string;
  wayOut: string;
}

/** What vLLM, its libraries and shells say, the telling before the general. */
const KNOWN: readonly (Trouble & { said: RegExp })[] = [
  {
    said: /address already in use|Errno 98\b|EADDRINUSE/i,
    kind: "port",
    why: "its port was taken by another program",
    wayOut: "Try again; other ports are chosen then.",
  },
  {
    said: /(vllm|apptainer|singularity|enroot|srun|module|figloom): (command )?not found|No module named '?vllm\b/i,
    kind: "setting",
    why: "the program that serves was not found",
    wayOut:
      "Load its module or environment in the script that starts servers, or give another --serve script.",
  },
  {
    said: /error: (unrecognized arguments|argument |the following arguments)/,
    kind: "setting",
    why: "it does not know one of its options",
    wayOut: "Correct the script that starts servers, or install a newer vLLM.",
  },
  {
    said: /GatedRepoError|gated repo|401 Client Error/i,
    kind: "setting",
    why: "the hub does not give the model without permission",
    wayOut: "Set HF_TOKEN to a token that may read it, or name a folder that holds the model.",
  },
  {
    said: /is not a valid model identifier|RepositoryNotFoundError|Repo id must be|Can't load the configuration of|does not appear to have a file named|Invalid repository ID/i,
    kind: "setting",
    why: "there is no such model",
    wayOut: "Check the model's name, or give the folder that holds it, as the nodes see it.",
  },
  {
    said: /LocalEntryNotFoundError|We couldn't connect to|OfflineModeIsEnabled|Max retries exceeded with url/i,
    kind: "setting",
    why: "the model is not on this machine, and the hub cannot be reached",
    wayOut: "Download the model to a folder that the nodes see, and set HF_HOME or name the folder.",
  },
  {
    said: /Model architectures? .* (are|is) not supported|failed to be inspected|does not recognize this architecture/i,
    kind: "setting",
    why: "this vLLM does not know the model's architecture",
    wayOut: "Install a newer vLLM (Qwen3-VL needs 0.11).",
  },
  {
    said: /pass the argument .?trust_remote_code|execute the configuration file in that repo/i,
    kind: "setting",
    why: "the model brings code of its own, which is not run unasked",
    wayOut: "Take a model that vLLM knows, or add --trust-remote-code to the script if you trust it.",
  },
  {
    said: /not divisible by weight quantization block/i,
    kind: "setting",
    why: "this model's weights cannot be divided among so many GPUs",
    wayOut: "Give each server fewer GPUs.",
  },
  {
    said: /is less than desired GPU memory utilization|out of memory|OutOfMemoryError|larger than the available KV cache memory|No available memory for the cache blocks/i,
    kind: "node",
    why: "the memory of its GPU is not enough",
    wayOut:
      "End what else runs there (nvidia-smi shows it), lower --max-model-len or --max-num-seqs, or give each server more GPUs.",
  },
  {
    said: /Failed to infer device type|No CUDA GPUs are available|libcuda\.so|CUDA driver version is insufficient|no NVIDIA driver|Can't initialize NVML|CUDA unknown error|no kernel image is available|uncorrectable ECC/i,
    kind: "node",
    why: "it cannot use the GPU",
    wayOut: "Check nvidia-smi on that machine, and that vLLM was built for its CUDA and its GPUs.",
  },
  {
    said: /No space left on device|Errno 28\b|Disk quota exceeded/i,
    kind: "node",
    why: "a disk is full",
    wayOut: "Make room, or set VLLM_CACHE_ROOT, HF_HOME and TMPDIR to where there is some.",
  },
  {
    said: /unhandled system error.*NCCL|ncclSystemError|ncclUnhandledCudaError|NCCL error/i,
    kind: "node",
    why: "its GPUs cannot talk to each other (NCCL)",
    wayOut: "Set NCCL_DEBUG=INFO in the script and look at the log.",
  },
];

/** Says only that something went wrong further up. */
const SEQUEL =
  /Engine core initialization failed|See root cause above|EngineDeadError|WorkerProc initialization failed/;

/** What vLLM puts before a line: process, level, time, place. */
const PREFIX = /^(\([^)]*\) )?((ERROR|WARNING|INFO|CRITICAL) \d\S* \S+ \[[^\]]*\] )?/;

/**
 * @param log what it wrote since its start
 * @param outcome how its process ended; `null` for one that lives
 */
export function troubleIn(log: string, outcome: Outcome | null): Trouble {
  const lines = cleaned(log);
  const known = KNOWN.find(({ said }) => lines.some((line) => said.test(line)));
  if (known) {
    const line = lines.findLast((line) => known.said.test(line))!;
    return { kind: known.kind, wayOut: known.wayOut, why: `${known.why} ("${short(line)}")` };
  }
  const exitCode = outcome?.exitCode;
  if (exitCode === 126 || exitCode === 127 || outcome?.reason?.startsWith("It could not be started"))
    return {
      kind: "setting",
      why: `the script that starts servers cannot run${said(lines.at(-1))}`,
      wayOut: "Correct it, or give another --serve script.",
    };
  if (outcome?.signal === "SIGKILL")
    return {
      kind: "node",
      why: "it was killed (SIGKILL), mostly because the machine's memory was used up",
      wayOut: "Ask for more memory a node, or start fewer servers on it.",
    };
  return {
    kind: "node",
    why: `${endedHow(outcome)}${said(causeIn(lines))}`,
    wayOut: "Its log says more.",
  };
}

const said = (line: string | undefined): string =>
  line ? `; it last said "${short(line)}"` : "; it said nothing";
const short = (line: string): string => (line.length > 300 ? `${line.slice(0, 299)}…` : line);

function endedHow(outcome: Outcome | null): string {
  if (!outcome) return "it does not answer";
  if (outcome.signal) return `it was ended by ${outcome.signal}`;
  return outcome.exitCode === undefined ? "it ended" : `it ended with exit code ${outcome.exitCode}`;
}

/** The last error that is not only the sequel of another, or else the last line. */
function causeIn(lines: readonly string[]): string | undefined {
  const error = lines.findLast((line) => /(Error|Exception|error): ./.test(line) && !SEQUEL.test(line));
  return error ?? lines.at(-1);
}

/** Lines with something in them, without what vLLM puts before them, colours and signs that act on a terminal. */
function cleaned(log: string): string[] {
  return log
    .split(/[\r\n]+/)
    .map((line) =>
      line
        .replace(/\u001b\[[0-9;]*[A-Za-z]/g, "")
        .replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, " ")
        .replace(PREFIX, "")
        .trim(),
    )
    .filter(Boolean);
}

/** Bytes that are looked at: the beginning of a long log tells nothing of its end. */
const TAIL = 128 * 1024;

/** What a server wrote since its start. @param from byte at which that began */
export async function readTail(path: string, from: number): Promise<string> {
  try {
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      const start = Math.max(from, size - TAIL);
      const buffer = Buffer.alloc(Math.max(0, size - start));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
      return buffer.toString("utf8", 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    return `Its log ${path} cannot be read: ${errorText(error)}`;
  }
}
