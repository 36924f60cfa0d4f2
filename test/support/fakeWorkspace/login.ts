/** What Microsoft's side of a login answers: the directory of a workspace, tokens of Microsoft Entra, and the Azure CLI. */
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export const TENANT = '11111111-2222-3333-4444-555555555555';
/** Where `GET /aad/auth` of a workspace sends a browser. */
export const AAD_LOCATION =
  `https://login.microsoftonline.com/${TENANT}/oauth2/authorize?redirect_uri=x&client_id=` +
  '2ff814a6-3304-4ab8-85cb-cd0e6f879c1d&response_type=id_token';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly form: Readonly<Record<string, string>>;
}
export interface FakeEntra {
  /** Serves as workspace (`/aad/auth`) and as what gives tokens. */
  readonly url: string;
  readonly asked: Asked[];
  /** In the place of a token, or of the way to the directory. */
  answer: { readonly status: number; readonly body?: string; readonly location?: string } | undefined;
  close(): Promise<void>;
}

export async function startFakeEntra(token: string, lifeSeconds = 3600): Promise<FakeEntra> {
  const asked: Asked[] = [];
  const fake: FakeEntra = {
    url: '',
    asked,
    answer: undefined,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        const { pathname } = new URL(request.url ?? '', 'http://fake');
        const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
        asked.push({ method: request.method ?? '', path: pathname, headers: request.headers, form });
        const send = (status: number, body: string, location?: string): void => {
          response.writeHead(status, location === undefined ? {} : { location }).end(body);
        };
        const { answer } = fake;
        if (answer) send(answer.status, answer.body ?? '', answer.location);
        else if (pathname === '/aad/auth') send(302, '', AAD_LOCATION);
        else
          send(200, JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: lifeSeconds }));
      });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(fake, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

/** Puts a program `az` into a folder; it notes its arguments in `az.log`, and does what a line of shell says. */
export function writeFakeAz(folder: string, does: string): void {
  const path = join(folder, 'az');
  writeFileSync(path, `#!/bin/sh\necho "$@" >> '${join(folder, 'az.log')}'\n${does}\n`);
  chmodSync(path, 0o755);
}
