/** Opens one of the product's pages in a real browser, with a host in this process at the other end of its wire. */
import esbuild from 'esbuild';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { pageMarkup, type PageName } from '../../../src/editor/markup.ts';
import type { PageNotices } from '../../../src/wire/page.ts';
import { createPeer, type Contract, type Failure, type Handlers, type Peer } from '../../../src/wire/rpc.ts';
import { THEMES, type ThemeName } from './themes.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const ORIGIN = 'http://page.test';

type Nothing = Readonly<Record<string, never>>;

export interface OpenedPage {
  readonly page: Page;
  readonly host: Peer<Nothing, PageNotices>;
  /** What the page wrote to its console as errors: refused styles and scripts among them. */
  readonly errors: readonly string[];
}

const bundles = new Map<PageName, string>();

function bundle(name: PageName): string {
  const made =
    bundles.get(name) ??
    esbuild.buildSync({
      entryPoints: [join(root, 'src', 'webviews', `${name}.ts`)],
      bundle: true,
      write: false,
      format: 'iife',
      target: 'es2022',
    }).outputFiles[0]?.text ??
    '';
  bundles.set(name, made);
  return made;
}

/** A refusal as a handler of the script throws it. */
export class Refused extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

function describeFailure(error: unknown): Failure {
  return error instanceof Refused ? error.failure : { code: 'fault', message: String(error) };
}

export async function openPage<C extends Contract>(
  browser: Browser,
  options: {
    readonly name: PageName;
    readonly title: string;
    readonly handlers: Handlers<C>;
    readonly theme?: ThemeName;
    readonly locale?: string;
    readonly viewport?: { readonly width: number; readonly height: number };
  },
): Promise<OpenedPage> {
  const { name, title, theme = 'dark', locale = 'en' } = options;
  const page = await browser.newPage({ viewport: options.viewport ?? { width: 1000, height: 600 } });
  page.setDefaultTimeout(15_000);
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  const translations = JSON.parse(
    readFileSync(join(root, 'l10n', 'bundle.l10n.pt-br.json'), 'utf8'),
  ) as Record<string, string>;
  const html = pageMarkup({
    page: name,
    title,
    boot: { locale, bundle: locale === 'pt-br' ? translations : {} },
    uri: (path) => `${ORIGIN}/${path}`,
    cspSource: ORIGIN,
    nonce: 'only-once',
  }).replace('<body class="', `<body class="${THEMES[theme].kind} `);
  const themeCss = `:root { ${Object.entries(THEMES[theme].variables)
    .map(([variable, value]) => `${variable}: ${value};`)
    .join(' ')} }\n`;
  await page.route(`${ORIGIN}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: html });
    if (pathname === '/media/page.css') {
      const own = readFileSync(join(root, 'media', 'page.css'), 'utf8');
      return route.fulfill({ contentType: 'text/css', body: `${themeCss}${own}` });
    }
    if (pathname === `/dist/webviews/${name}.js`) {
      return route.fulfill({ contentType: 'text/javascript', body: bundle(name) });
    }
    return route.fulfill({ status: pathname === '/favicon.ico' ? 204 : 404 });
  });

  let hear: (packet: unknown) => void = () => undefined;
  const host = createPeer<C, Nothing, Nothing, PageNotices>({
    port: {
      post: (packet) => {
        // A page that was closed meanwhile hears nothing more.
        page
          .evaluate((text) => {
            window.postMessage(JSON.parse(text), '*');
          }, JSON.stringify(packet))
          .catch(() => undefined);
      },
      onPacket: (listener) => {
        hear = listener;
      },
    },
    handlers: options.handlers,
    listeners: {},
    describe: describeFailure,
  });
  await page.exposeFunction('tellHost', (packet: unknown) => {
    hear(packet);
  });
  // tsx names functions by a helper, which functions that move into the page want too.
  await page.addInitScript('globalThis.__name = (named) => named;');
  await page.addInitScript(() => {
    Object.assign(window, {
      acquireVsCodeApi: () => ({
        postMessage: (packet: unknown) => {
          void (window as unknown as { tellHost(packet: unknown): Promise<void> }).tellHost(packet);
        },
      }),
    });
  });
  await page.goto(`${ORIGIN}/`);
  return { page, host, errors };
}
