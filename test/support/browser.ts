/** A headless Chromium: CHROME_PATH, else the system's. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { BrowserContext, LaunchOptions } from 'playwright-core';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const MAC = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not to be run: the next one is tried.
    return false;
  }
}

export function findChrome(): string {
  const given = process.env['CHROME_PATH'];
  if (given) return given;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...MAC];
  const found = candidates.find(isProgram);
  if (found === undefined)
    throw new Error('no Chromium or Chrome found: install one, or name it in CHROME_PATH');
  return found;
}

export const launchOptions = (): LaunchOptions => ({
  executablePath: findChrome(),
  headless: true,
  chromiumSandbox: false,
  args: [
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-dev-shm-usage',
  ],
});

export const VIEWPORT = { width: 1280, height: 800 };

/** A browser with a profile of its own in the given folder. */
export function openProfile(folder: string, locale = 'en-US'): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, { ...launchOptions(), locale, viewport: VIEWPORT });
}
