import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FENCES } from "../../../../../kernel-lib/src/captions/prompts/fence.js";
import { FIELDS, LISTS } from "../../../../../kernel-lib/src/captions/prompts/fields.js";
import { SAMPLING, SETTINGS } from "../../../../../kernel-lib/src/captions/prompts/front-matter.js";
import { shippedPrompts } from "../../../../../kernel-lib/src/captions/prompts/load.js";
import { input, promptOf } from "./make.js";

const page = readFileSync(new URL("../../../../../kernel-lib/docs/prompts.md", import.meta.url), "utf8");

test("the page's example loads and asks", () => {
  const example = /```markdown\n([^]*?)```/.exec(page)![1]!;
  const star = promptOf(example);
  expect(star).toMatchObject({
    id: "star",
    language: "en",
    context_tokens: 2000,
    sampling: { temperature: 0.3 },
  });
  const { system, user } = star.compose(
    input({ caption: "Flux", panels: ["raw"], contexts: ["See Fig. 3 for the flux."] }),
  );
  expect(system).toMatch(/^You write captions for light curves\./);
  expect(user).toContain("Panel <panel>a</panel>: <panel_caption>raw</panel_caption>");
  expect(user).toContain("<refers>See Fig. 3 for the flux.</refers>");
});

test("the page names every setting, field, tag and shipped prompt", async () => {
  const names = [
    ...Object.keys(SETTINGS.shape),
    ...Object.keys(SAMPLING.shape),
    ...Object.keys(FIELDS),
    ...Object.entries(LISTS).flatMap(([list, fields]) => [list, ...Object.keys(fields)]),
    ...FENCES.filter((fence) => fence !== "refers"),
    ...(await shippedPrompts()),
  ];
  for (const name of names) expect(page).toContain(`\`${name}\``);
});
