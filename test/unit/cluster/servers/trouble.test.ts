import { expect, test } from "vitest";
import { troubleIn } from "../../../../cluster/src/servers/trouble.js";

const PREFIX = "(EngineCore_DP0 pid=4711) ERROR 11-21 10:00:00 [core.py:700] ";
const SEQUEL =
  "RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {}";

/** What stands in logs, as vLLM, its libraries and shells write it. */
const SAID: [line: string, kind: string, why: RegExp][] = [
  ["/bin/sh: 12: vllm: not found", "setting", /program that serves was not found/],
  ["serve.sh: line 70: exec: vllm: not found", "setting", /program that serves was not found/],
  ["vllm serve: error: unrecognized arguments: --max-modellen 8192", "setting", /one of its options/],
  [
    "OSError: Qwen/Qwen3-VL-8 is not a local folder and is not a valid model identifier listed on the hub",
    "setting",
    /no such model/,
  ],
  ["ValueError: Model architectures ['Qwen3VLX'] are not supported for now.", "setting", /architecture/],
  [
    "ValueError: Free memory on device cuda:0 (7.34/79.1 GiB) on startup is less than desired GPU memory utilization (0.9, 71.2 GiB).",
    "node",
    /memory of its GPU/,
  ],
  ["RuntimeError: Failed to infer device type", "node", /cannot use the GPU/],
  ["OSError: [Errno 98] Address already in use", "port", /port was taken/],
  ["OSError: [Errno 28] No space left on device", "node", /disk is full/],
];

test.each(SAID)("%s", (line, kind, why) => {
  const log = `INFO 11-21 09:59:00 [api_server.py:1] starting\n${PREFIX}${line}\n${SEQUEL}\n`;
  const trouble = troubleIn(log, { exitCode: 1 });
  expect(trouble.kind).toBe(kind);
  expect(trouble.why).toMatch(why);
  expect(trouble.why).toContain(line.slice(0, 40));
});

test("options that vLLM prints as it starts are no trouble", () => {
  const log =
    "INFO 11-21 09:59:00 [core.py:1] Initializing engine with config: model='m', trust_remote_code=False\nIndexError: list index out of range\n";
  expect(troubleIn(log, { exitCode: 1 })).toMatchObject({
    kind: "node",
    why: 'it ended with exit code 1; it last said "IndexError: list index out of range"',
  });
});

test("of an unknown error the cause is told, not its sequel", () => {
  const { why } = troubleIn(`${PREFIX}AssertionError: heads\n${SEQUEL}\n`, { exitCode: 1 });
  expect(why).toBe('it ended with exit code 1; it last said "AssertionError: heads"');
});

test("what acts on a terminal is not passed on", () => {
  const { why } = troubleIn("\u001b[31mError: red\u001b[0m \u0007\u202e!\n", { exitCode: 1 });
  expect(why).toBe('it ended with exit code 1; it last said "Error: red   !"');
});

test("a process that was killed, and one that said nothing", () => {
  expect(troubleIn("", { signal: "SIGKILL" }).why).toMatch(/killed \(SIGKILL\)/);
  expect(troubleIn("", { exitCode: 3 }).why).toBe("it ended with exit code 3; it said nothing");
});
