/** VS Code as a person sees it: a browser on the workbench, with the few places our journeys touch. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import { openProfile } from '../support/browser.ts';
import { startServer, type Server, type ServerOptions } from '../support/vscodeServer.ts';

const root = join(import.meta.dirname, '..', '..');

export interface Workbench {
  readonly page: Page;
  /** All that VS Code writes, but for what the browser does. */
  readonly files: () => readonly string[];
  /** The page of our extension in the active editor tab. */
  readonly frame: FrameLocator;
  /** A node of one of our trees, by how its label begins. */
  readonly node: (label: string) => Locator;
  readonly notification: (text: string | RegExp) => Locator;
  /** Runs a command by its title in the palette. */
  readonly command: (title: string) => Promise<void>;
  readonly clipboard: () => Promise<string>;
  /** Into docs/images when OL_SCREENSHOTS is set, else into out/ for what failed. */
  readonly picture: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function openWorkbench(options: ServerOptions, workspace: string): Promise<Workbench> {
  const server: Server = await startServer({
    ...options,
    settings: { 'workbench.secondarySideBar.defaultVisibility': 'hidden', ...options.settings },
  });
  let context: BrowserContext | undefined;
  try {
    context = await openProfile(
      join(server.folder, 'browser'),
      options.locale === 'pt-br' ? 'pt-BR' : 'en-US',
    );
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], {
      origin: `http://${server.host}`,
    });
    const page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(60_000);
    await page.goto(server.url({ folder: workspace }));
    await page.getByRole('tab', { name: /^Orders Lakehouse/ }).click();
    const opened = context;
    return {
      page,
      files: () =>
        readdirSync(server.folder, { recursive: true, withFileTypes: true })
          .filter((one) => one.isFile())
          .map((one) => join(one.parentPath, one.name))
          .filter((path) => !path.startsWith(join(server.folder, 'browser'))),
      frame: page
        .locator('iframe.webview.ready')
        .last()
        .contentFrame()
        .locator('iframe#active-frame')
        .contentFrame(),
      node: (label) => page.locator('.pane-body .monaco-list-row', { hasText: label }).first(),
      notification: (text) =>
        page.locator('.notifications-toasts .notification-list-item', { hasText: text }),
      command: async (title) => {
        await page.keyboard.press('F1');
        await page.locator('.quick-input-widget input').fill(`>${title}`);
        await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().click();
      },
      clipboard: () => page.evaluate('navigator.clipboard.readText()'),
      picture: async (name) => {
        const folder = join(root, process.env['OL_SCREENSHOTS'] ? join('docs', 'images') : 'out');
        mkdirSync(folder, { recursive: true });
        await page.screenshot({ path: join(folder, `${name}.png`) });
      },
      close: async () => {
        await opened.close();
        await server.stop();
      },
    };
  } catch (error) {
    await context?.close();
    await server.stop();
    throw error;
  }
}
