import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { loadPrompt, shippedPrompts } from "../../../../../kernel-lib/src/captions/prompts/load.js";
import { ConfigurationError } from "../../../../../kernel-lib/src/errors.js";
import { file, input, prompt, promptOf } from "./make.js";

const message = (make: () => unknown): string => {
  try {
    make();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
};

test("the shipped prompts load by name, ask in English and print the raw caption", async () => {
  expect(await shippedPrompts()).toEqual(["chart", "context", "terse"]);
  for (const name of await shippedPrompts()) {
    const shipped = await loadPrompt(name);
    expect(shipped).toMatchObject({ id: name, file: null, language: "en", model: null });
    expect(shipped.about).not.toBe("");
    expect(shipped.hash).toMatch(/^[0-9a-f]{16}$/);
    const { system, user, kept } = shipped.compose(
      input({ caption: "Flux of HD 1234", contexts: ["See Fig. 3."] }),
    );
    expect(user).toContain("<caption>Flux of HD 1234</caption>");
    expect(user).toContain("<refers>See Fig. 3.</refers>");
    expect(kept).toBe(1);
    expect(system + user).not.toMatch(/\{\{|\}\}|\n\n\n/);
  }
});

test("a file gives its own id, and settings that it leaves out have sensible values", async () => {
  const folder = await mkdtemp(join(tmpdir(), "figloom-prompts-"));
  try {
    const path = join(folder, "my-prompt.md");
    const source = file("about: Mine\nsampling:\n  temperature: 0.5");
    await writeFile(path, source);
    expect(await loadPrompt(path)).toMatchObject({
      ...{ id: "my-prompt", about: "Mine", model: null, language: null, answer: "text", file: path, source },
      ...{ max_pixels: 1_048_576, context_tokens: 3000 },
      sampling: {
        ...{ temperature: 0.5, top_p: 0.9, top_k: 20, repetition_penalty: 1, presence_penalty: 0 },
        ...{ max_tokens: 512, seed: 0 },
      },
    });
    await writeFile(path, "Describe it.\n{{image}}\n");
    expect(await loadPrompt(path)).toMatchObject({ id: "my-prompt", about: "" });
    await writeFile(path, "x".repeat(300_000));
    await expect(loadPrompt(path)).rejects.toThrow(/300000 bytes: a prompt has at most/);
    await expect(loadPrompt(join(folder, "contxt.md"))).rejects.toThrow(
      /chart, context, terse \(context\?\)/,
    );
    await expect(loadPrompt(folder)).rejects.toBeInstanceOf(ConfigurationError);
    await writeFile(join(folder, "my prompt.md"), source);
    await expect(loadPrompt(join(folder, "my prompt.md"))).rejects.toThrow(/set an id/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each([
  ["abuot: x", 'prompts/mine.md:2: there is no setting "abuot" (about?); there are: id, about,'],
  [
    "about: x\nsampling:\n  temprature: 1",
    'prompts/mine.md:4: there is no setting "sampling.temprature" (temperature?)',
  ],
  [
    "sampling:\n  temperature: hot",
    'prompts/mine.md:3: sampling.temperature is "hot": give a number from 0 to 2',
  ],
  ["sampling:\n  top_p: 0", "sampling.top_p is 0: give a number from 0.01 to 1"],
  ["sampling: [1]", "sampling is [1]: give settings: temperature"],
  ["max_pixels: 100", "max_pixels is 100: give a whole number of pixels from 65536"],
  [
    "context_tokens: 150",
    "context_tokens is 150: give a whole number from 200 on: less could not hold the caption",
  ],
  ["language: english", 'language is "english": give one of ar, bg'],
  ["id: a b", 'id is "a b": give a short name'],
  ["answer: xml", 'answer is "xml": give text or json'],
  ["- a\n- b", "the front matter is no list of settings"],
  ["about: [", "prompts/mine.md:3: the front matter is no YAML"],
  ["id: a\nid: b", "prompts/mine.md:3: the front matter is no YAML: Map keys must be unique"],
  ["about: !!js/function x", "the front matter is no YAML: Unresolved tag"],
  ["a: &a [1,1]\nabout: [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]", "prompts/mine.md"],
  ["schema: { type: object }", "schema stands beside answer: text"],
])("settings %j are refused in plain words", (settings, words) => {
  expect(message(() => prompt(settings))).toContain(words);
});

test("a front matter without end is told", () => {
  expect(message(() => promptOf("---\nid: a\nDescribe.\n{{image}}\n"))).toContain(
    'close it with a line "---"',
  );
});

test.each([
  ["", "", "prompts/mine.md:4: the template is empty"],
  ["{{caption}}", "", "the template is empty"],
  [
    "Go {{abstrct}}",
    "Say.",
    "prompts/mine.md:9: there is no field {{abstrct}} (abstract?); there are: title, abstract, discipline, caption, number, float, figure_text, has_panels, has_contexts, panels (number, caption), contexts (text, section)",
  ],
  [
    "{{#contexts}}{{txt}}{{/contexts}}",
    "Say.",
    "there is no field {{txt}} (text?); there are: text, section (inside {{#contexts}}), title",
  ],
  ["{{text}}", "Say.", "{{text}} is a field of contexts: write it inside {{#contexts}}…{{/contexts}}"],
  ["{{^contexts}}{{text}}{{/contexts}}", "Say.", "{{text}} is a field of contexts"],
  ["{{#contexts}}{{title}}{{/contexts}}", "Say.", "{{title}} would be repeated for each of the contexts"],
  ["{{#contexts}}{{#panels}}x{{/panels}}{{/contexts}}", "Say.", "lists do not go into each other"],
  ["{{contexts}}", "Say.", "{{contexts}} is a list: print its fields (text, section)"],
  ["{{has_panels}}", "Say.", "use it as {{#has_panels}}"],
  ["{{constructor}}", "Say.", "there is no field {{constructor}}"],
  ["{{contexts.0.text}}", "Say.", "there is no field {{contexts.0.text}}"],
  ["{{.}}", "Say.", "there is no field {{.}}"],
  ["\n{{caption}}\n{{image}}", "Say.", "prompts/mine.md:11: a second {{image}}"],
  ["{{=<% %>=}}", "Say.", "prompts/mine.md:9: {{=…=}} sets other delimiters"],
  ["{{> other}}", "Say.", "{{>other}} is a partial"],
  ["{{#caption}}", "Say.", 'prompts/mine.md:9: Unclosed section "caption"'],
  ["{{/caption}}", "Say.", 'Unopened section "caption"'],
  ["{{caption", "Say.", "prompts/mine.md:9: Unclosed tag"],
  [
    "<caption>{{caption}}</caption>",
    "Say.",
    "<caption> is one of the tags that figloom puts around the paper's words",
  ],
  ["Go <|IM_end|>", "Say.", "<|IM_end|> is a mark of a model's chat template"],
  ["Go", "Say [INST].", "prompts/mine.md:5: [INST] is a mark of a model's chat template"],
  [
    "Go",
    "Say {{title}}.",
    "prompts/mine.md:5: {{title}} stands before {{image}}, where the text must be the same for every figure",
  ],
  ["Go", "Say {{#title}}x{{/title}}.", "{{#title}} stands before {{image}}"],
  ["Go", "Say {{> a}}", "{{>a}} is a partial"],
])("the template %j after %j is refused in plain words", (after, before, words) => {
  expect(message(() => prompt("about: x", after, before))).toContain(words);
});

test("the picture's place is checked", () => {
  expect(message(() => promptOf("Say what you see.\n"))).toMatch(
    /mine\.md:2: the template has no line \{\{image\}\}/,
  );
  expect(message(() => promptOf("Say {{image}} this.\n"))).toContain(
    "mine.md:1: {{image}} shares its line with other text",
  );
  expect(message(() => promptOf("Say.\n{{#title}}\n{{image}}\n{{/title}}\n"))).toContain(
    "mine.md:3: {{image}} stands inside a section",
  );
});

test("the constant part may speak of the tags", () => {
  expect(
    prompt("about: x", "{{caption}}", "Trust <caption> most.").compose(input({ caption: "c" })).system,
  ).toContain("<caption>");
});

test("whatever a file holds, it loads or says in which file something is wrong", () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 10 }),
    fc.constantFrom(
      "---\n",
      "id: a\n",
      "sampling:\n  seed: 1\n",
      "\n{{image}}\n",
      "{{caption}}",
      "{{#contexts}}",
      "{{text}}",
    ),
    fc.constantFrom(
      "{{/contexts}}",
      "{{! x }}",
      "{{>a}}",
      "{{=a b=}}",
      "{{",
      "}}",
      "Say.",
      "{{{",
      "<caption>",
      "{{^panels}}",
      "{{&title}}",
    ),
  );
  let loaded = 0;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      try {
        promptOf(pieces.join("")).compose(input({ caption: "Flux", contexts: ["See Fig. 3."] }));
        loaded++;
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigurationError);
        expect((error as Error).message).toContain("prompts/mine.md");
      }
    }),
    { numRuns: 3000, examples: [[["Say.", "\n{{image}}\n", "{{caption}}"]]] },
  );
  expect(loaded).toBeGreaterThan(0);
});
