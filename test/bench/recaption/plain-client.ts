/** What one would write without figloom: the `openai` package in a loop, so many at a time. */
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import OpenAI from "openai";
import type { CaptionInput } from "../../../kernel-lib/src/captions/captioner.js";
import { JsonlWriter } from "../../../kernel-lib/src/disk/jsonl.js";
import { benchPrompt } from "./prompt.js";
import { clientProgram, measureClient, readInputs } from "./work.js";

void clientProgram(async (task) => {
  const { endpoints, model, concurrency, shared } = task;
  const prompt = benchPrompt("bench");
  const clients = endpoints.map(
    (url) => new OpenAI({ baseURL: `${url}/v1`, apiKey: "none", maxRetries: 2, timeout: 600_000 }),
  );
  const results = await JsonlWriter.open(task.results);
  const { default: pLimit } = await import("p-limit");
  const limit = pLimit(concurrency);
  let turn = 0;

  async function ask(input: CaptionInput): Promise<void> {
    const { system, user } = prompt.compose(input);
    const { seed, temperature, top_p, presence_penalty, max_tokens, top_k, repetition_penalty } =
      prompt.sampling;
    const url = shared
      ? pathToFileURL(input.image!).href
      : `data:image/png;base64,${(await readFile(input.image!)).toString("base64")}`;
    const answer = await clients[turn++ % clients.length]!.chat.completions.create({
      model,
      messages: [
        { role: "system", content: system },
        {
          role: "user",
          content: [
            { type: "image_url", image_url: { url } },
            { type: "text", text: user },
          ],
        },
      ],
      ...{ seed, temperature, top_p, presence_penalty, max_tokens },
      // Fields of vLLM, which the package's types do not know.
      ...{ top_k, repetition_penalty },
    });
    const { message, finish_reason } = answer.choices[0]!;
    await results.append({
      figure_id: input.figure.figure_id,
      text: message.content,
      finish_reason,
      prompt_tokens: answer.usage?.prompt_tokens,
      completion_tokens: answer.usage?.completion_tokens,
    });
  }

  const inputs = await readInputs(task);
  const measured = await measureClient(task, inputs, (some) =>
    Promise.all(some.map((input) => limit(() => ask(input)))),
  );
  await results.close();
  return measured;
});
