import { expect, test } from "vitest";
import { readPromptFile } from "../../../../../kernel-lib/src/captions/prompts/front-matter.js";
import { loadPrompt, shippedPrompts } from "../../../../../kernel-lib/src/captions/prompts/load.js";
import { file, prompt, promptOf } from "./make.js";

const base = "about: x\nsampling:\n  temperature: 0.3\n  seed: 4\nlanguage: en";
const { hash } = prompt(base);

test.each([
  ["id", `id: other\n${base}`],
  ["about", base.replace("about: x", "about: something else")],
  ["model", `${base}\nmodel: qwen`],
  ["a trial's record", `${base}\ntrial:\n  won: true\n  against: [terse]`],
  [
    "order, layout and comments of the front matter",
    `# mine\nlanguage:   "en"\nsampling: { seed: 4, temperature: 0.30 }`,
  ],
  ["a default that is written out", `${base}\nmax_pixels: 1048576\nanswer: text`],
])("%s: not part of a prompt's identity", (_, settings) => {
  expect(prompt(settings).hash).toBe(hash);
});

test.each([
  ["a sampling value", base.replace("0.3", "0.4")],
  ["the seed", base.replace("seed: 4", "seed: 5")],
  ["the picture's size", `${base}\nmax_pixels: 524288`],
  ["the context budget", `${base}\ncontext_tokens: 2000`],
  ["the language", base.replace("en", "de")],
  ["the kind of answer", `${base}\nanswer: json`],
])("%s: part of a prompt's identity", (_, settings) => {
  expect(prompt(settings).hash).not.toBe(hash);
});

test("one word of the template changes it, on either side of the picture, also inside a section", () => {
  const hashes = [
    hash,
    prompt(base, "{{caption}}", "Describe this picture.").hash,
    prompt(base, "Caption: {{caption}}").hash,
    prompt(base, "{{#caption}}{{caption}}{{/caption}}").hash,
    prompt(base, "{{#caption}}old {{caption}}{{/caption}}").hash,
    prompt(base, "{{^caption}}old {{caption}}{{/caption}}").hash,
    prompt(base, "{{title}}").hash,
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
});

test("comments, line endings and blanks at the ends of the template do not", () => {
  const source = file(base);
  expect(promptOf(source.replaceAll("\n", "\r\n")).hash).toBe(hash);
  expect(promptOf(`\ufeff${source}\n\n  \n`).hash).toBe(hash);
  expect(prompt(base, "{{caption}}", "{{! why }}\nDescribe {{! or not }}the picture.").hash).toBe(hash);
  expect(prompt(base, "{{! why }}\n{{ caption }}").hash).toBe(hash);
  expect(prompt(base, "{{{caption}}}").hash).toBe(hash);
});

test("an author's schema counts, and the order of its properties", () => {
  const schema = (properties: string) =>
    prompt(
      `${base}\nanswer: json\nschema: { type: object, required: [caption], properties: { ${properties} } }`,
    ).hash;
  const [one, two] = ["caption: { type: string }", "seen: { type: string }"];
  const hashes = [schema(one), schema(`${one}, ${two}`), schema(`${two}, ${one}`)];
  expect(new Set(hashes).size).toBe(3);
});

test("front matter that a program has written anew, with the record of a trial, is still the same", async () => {
  for (const name of await shippedPrompts()) {
    const { source, hash } = await loadPrompt(name);
    const { settings, body } = readPromptFile(name, source);
    // JSON is YAML.
    const written = JSON.stringify({ ...settings, trial: { seed: 7, figures: ["p#fig1"] } });
    expect(promptOf(`---\n${written}\n---\n${body}`).hash).toBe(hash);
  }
});
