/** figloom's captioner on its own, without what `lab.recaption` does around it. */
import { vllm } from "../../../kernel-lib/src/captions/vllm/vllm.js";
import { JsonlWriter } from "../../../kernel-lib/src/disk/jsonl.js";
import { benchPrompt } from "./prompt.js";
import { clientProgram, measureClient, readInputs } from "./work.js";

void clientProgram(async (task) => {
  const { endpoints, model, concurrency, shared, dataset } = task;
  const servers = vllm({ endpoints, model, shared });
  const { signal } = new AbortController();
  const captioner = servers.captioner(benchPrompt("bench"));
  await servers.ready({ signal, folder: dataset });
  await captioner.ready?.({ signal, folder: dataset });
  const results = await JsonlWriter.open(task.results);
  const { default: pLimit } = await import("p-limit");
  const limit = pLimit(concurrency);
  const inputs = await readInputs(task);
  const measured = await measureClient(task, inputs, (some) =>
    Promise.all(
      some.map((input) => limit(async () => results.append(await captioner.caption(input, { signal })))),
    ),
  );
  await results.close();
  await servers.close();
  return measured;
});
