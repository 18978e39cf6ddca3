/** A whole run in one process, whose memory is looked at on the way; then the same call again, with nothing left to do. */
import { vllm } from "../../../kernel-lib/src/captions/vllm/vllm.js";
import { Dataset } from "../../../kernel-lib/src/dataset/store.js";
import { recaption, type RecaptionResult } from "../../../kernel-lib/src/lab/recaption.js";
import { benchPrompt } from "./prompt.js";

export interface LongRunTask {
  dataset: string;
  endpoints: string[];
  /** Captions from one look at the memory to the next. */
  every: number;
}

/** MiB after garbage was collected. */
export interface Memory {
  captions: number;
  resident: number;
  heap: number;
  /** Buffers and what else lies outside the heap. */
  external: number;
}

export interface LongRun {
  memory: Memory[];
  seconds: number;
  /** Made at the first start and at the second, and what the second took. */
  made: [number, number];
  again: number;
}

async function main({ dataset, endpoints, every }: LongRunTask): Promise<LongRun> {
  const memory: Memory[] = [];
  const look = (captions: number) => {
    globalThis.gc!();
    const { rss, heapUsed, external } = process.memoryUsage();
    memory.push({
      captions,
      resident: rss / 2 ** 20,
      heap: heapUsed / 2 ** 20,
      external: external / 2 ** 20,
    });
  };
  const run = async (): Promise<RecaptionResult> => {
    const model = vllm({ endpoints });
    try {
      let last = 0;
      return await recaption(await Dataset.open(dataset), {
        prompt: benchPrompt("bench"),
        on: model,
        onProgress: ({ done }) => {
          if (done === last || done % every !== 0) return;
          last = done;
          look(done);
        },
      });
    } finally {
      await model.close();
    }
  };
  const first = await run();
  const started = performance.now();
  const second = await run();
  const again = (performance.now() - started) / 1000;
  return { memory, seconds: first.seconds, made: [first.made, second.made], again };
}

void main(JSON.parse(process.argv[2]!) as LongRunTask).then((result) => console.log(JSON.stringify(result)));
