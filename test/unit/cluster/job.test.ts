import { expect, test } from "vitest";
import type { Job, Task } from "../../../cluster/src/index.js";
import { local } from "../../../cluster/src/index.js";
import { checkJob } from "../../../cluster/src/job.js";

const task = (more: Partial<Task> = {}): Task => ({ id: "a", command: ["true"], cwd: "/", ...more });
const job = (more: Partial<Job> = {}): Job => ({ name: "demo", tasks: [task()], ...more });
const refusal = (wrong: Job): string => {
  try {
    checkJob(wrong);
  } catch (error) {
    expect(error).toMatchObject({ name: "ConfigurationError" });
    return (error as Error).message;
  }
  return "accepted";
};

test("an ordinary job is accepted", () => {
  const resources = { cpus: 4, gpus: 0, memory: 2000, minutes: 0.5 };
  const env = { OMP_NUM_THREADS: "4", MAX_TOKENS: "100" };
  const tasks = ["shard-0001", "shard_0002", "3.a"].map((id) => task({ id, env, inherit: ["HF_TOKEN"] }));
  expect(refusal(job({ tasks, resources }))).toBe("accepted");
});

test.each(["../up", "a/b", "a\\b", ".", "..", "", "-rf", "a b", "é", "a\n", "a\0", "x".repeat(101)])(
  "the id %j is refused for a task and for a job",
  (id) => {
    expect(refusal(job({ tasks: [task({ id })] }))).toContain("cannot be used");
    expect(refusal(job({ name: id }))).toContain("cannot be used");
  },
);

test("two ids that are one folder on some file systems are refused", () => {
  expect(refusal(job({ tasks: [task({ id: "Shard" }), task({ id: "shard" })] }))).toContain("own id");
});

test.each(["API_KEY", "HF_TOKEN", "db_password", "AWS_SECRET_ACCESS_KEY", "CLIENT_SECRET"])(
  "%s by value is refused, and the message says how to pass it without repeating it",
  (name) => {
    const message = refusal(job({ tasks: [task({ env: { [name]: "hunter2" } })] }));
    expect(message).toContain(`list the name under inherit`);
    expect(message).not.toContain("hunter2");
  },
);

test.each<[string, Partial<Task>]>([
  ["no command", { command: [] }],
  ["an empty program", { command: [""] }],
  ["a zero byte in an argument", { command: ["echo", "a\0b"] }],
  ["a relative cwd", { cwd: "papers" }],
  ["a variable name with =", { env: { "A=B": "c" } }],
  ["an inherited name with a comma", { inherit: ["A,B"] }],
  ["a zero byte in a value", { env: { A: "\0" } }],
])("a task with %s is refused", (_, more) => {
  expect(refusal(job({ tasks: [task(more)] }))).not.toBe("accepted");
});

test.each([{ cpus: 0 }, { cpus: 1.5 }, { gpus: -1 }, { minutes: 0 }, { minutes: Infinity }, { memory: NaN }])(
  "resources of %j are refused",
  (resources) => {
    expect(refusal(job({ resources }))).toContain("asks for");
  },
);

test("a job without tasks is refused", () => {
  expect(refusal(job({ tasks: [] }))).toContain("at least one");
});

test.each([{ slots: 0 }, { slots: 1.5 }, { slots: 2000 }, { graceSeconds: -1 }, { graceSeconds: NaN }])(
  "local engine options of %j are refused",
  (options) => {
    expect(() => local(options)).toThrow(expect.objectContaining({ name: "ConfigurationError" }));
  },
);
