import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MockServer } from "../../cluster/src/mock-server/index.js";
import { copyNotebooks, OUTPUT } from "../support/workspace.js";
import { openNotebook, type OpenNotebook } from "./jupyterlab.js";

interface App {
  jupyterapp: {
    commands: {
      execute(id: string): Promise<unknown>;
      listCommands(): string[];
      label(id: string): string;
      keyBindings: { command: string; keys: string[]; selector: string }[];
    };
    shell: { currentWidget: { context: { path: string } } };
  };
}

const execute = (page: Page, command: string) =>
  page.evaluate((id) => void (globalThis as unknown as App).jupyterapp.commands.execute(id), command);

describe("figloom around the views", () => {
  let lab: OpenNotebook;
  let server: MockServer;

  beforeAll(async () => {
    server = await MockServer.start({ port: 0 });
    process.env["FIGLOOM_ENDPOINTS"] = server.url;
    lab = await openNotebook(copyNotebooks("shell-browser"), "01-first-look.ipynb");
  });
  afterAll(async () => {
    await lab?.close();
    await server?.close();
    delete process.env["FIGLOOM_ENDPOINTS"];
  });

  test("the toolbar says how many servers answer; a click tells which", async () => {
    const { page } = lab;
    const item = page.locator(".figloom-servers-item button");
    await item.filter({ hasText: "1 server" }).waitFor();
    await page.screenshot({ path: join(OUTPUT, "servers-item.png") });
    await item.click();
    const dialog = page.locator(".jp-Dialog");
    await dialog.getByText(server.url).waitFor();
    await page.screenshot({ path: join(OUTPUT, "servers.png") });
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
  });

  test("every command has a label, and stands in the palette under one heading", async () => {
    const { page } = lab;
    const labels = await page.evaluate(() => {
      const { commands } = (globalThis as unknown as App).jupyterapp;
      return commands
        .listCommands()
        .filter((id) => id.startsWith("figloom:"))
        .map((id) => [id, commands.label(id)]);
    });
    expect(labels.length).toBeGreaterThan(3);
    expect(labels.filter(([, label]) => label === "")).toEqual([]);
    await execute(page, "apputils:activate-command-palette");
    await page.keyboard.type("figure curation");
    await page.locator(".lm-CommandPalette-item").getByText("New Notebook for Figure Curation").waitFor();
    await page.screenshot({ path: join(OUTPUT, "palette.png") });
    await page.keyboard.press("Escape");
  });

  test("its shortcuts are nobody else's, and lead to commands that there are", async () => {
    const { ours, others, commands } = await lab.page.evaluate(() => {
      const { commands: all } = (globalThis as unknown as App).jupyterapp;
      const keys = all.keyBindings.map((binding) => ({
        command: binding.command,
        keys: binding.keys.join(" "),
      }));
      const isOurs = ({ command }: { command: string }) => command.startsWith("figloom:");
      return {
        ours: keys.filter(isOurs),
        others: keys.filter((key) => !isOurs(key)),
        commands: all.listCommands(),
      };
    });
    expect(ours.length).toBeGreaterThan(0);
    const taken = new Set(others.map(({ keys }) => keys));
    expect(ours.filter(({ keys }) => taken.has(keys))).toEqual([]);
    expect(ours.filter(({ command }) => !commands.includes(command))).toEqual([]);
  });

  test("the settings stand in the settings editor", async () => {
    const { page } = lab;
    await execute(page, "settingeditor:open");
    await page.getByRole("tab", { name: "figloom", exact: true }).click();
    await page.getByText("Size of thumbnails").first().waitFor();
    await page.screenshot({ path: join(OUTPUT, "settings.png") });
    await execute(page, "application:close");
  });

  test("the launcher's card makes a notebook with a kernel, under a name that is free", async () => {
    const { page } = lab;
    for (const name of ["Figure curation.ipynb", "Figure curation 2.ipynb"]) {
      await execute(page, "launcher:create");
      const card = page.locator(".jp-LauncherCard:visible", { hasText: "Figure curation" });
      await card.waitFor();
      await page.screenshot({ path: join(OUTPUT, "launcher.png") });
      await card.click();
      await page.waitForFunction(
        (path) => (globalThis as unknown as App).jupyterapp.shell.currentWidget?.context?.path === path,
        name,
      );
    }
    await page.locator(".jp-NotebookPanel:visible").getByText('await openLab("data/first")').waitFor();
    await page.locator(".jp-NotebookPanel:visible").getByText("figloom (TypeScript)").waitFor();
  });
});
