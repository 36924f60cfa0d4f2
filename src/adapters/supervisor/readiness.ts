/** Asks a part whether it answers. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { connect } from 'node:net';
import type { Ready } from './launch.ts';

/** With a `request`, not before the first bytes of a reply. */
function portAnswers(port: number, request?: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const done = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(2000);
    socket.once('connect', () => {
      if (request) socket.write(request);
      else done(true);
    });
    socket.once('data', () => {
      done(true);
    });
    socket.once('end', () => {
      done(false);
    });
    socket.once('error', () => {
      done(false);
    });
    socket.once('timeout', () => {
      done(false);
    });
  });
}

async function httpAnswers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
    await response.arrayBuffer();
    return response.ok;
  } catch (error) {
    // fetch wraps a refused or reset connection in a TypeError, an elapsed time in a TimeoutError.
    if (error instanceof TypeError || (error instanceof Error && error.name === 'TimeoutError')) return false;
    throw error;
  }
}

const END_BYTES = 256 * 1024;

/** The end of a log, not before the given byte. */
export function logEnd(path: string, offset: number): string {
  const file = openSync(path, 'r');
  try {
    const from = Math.max(offset, fstatSync(file).size - END_BYTES);
    const buffer = Buffer.alloc(END_BYTES);
    return buffer.toString('utf8', 0, readSync(file, buffer, 0, END_BYTES, from));
  } finally {
    closeSync(file);
  }
}

export async function answers(ready: Ready, log: { path: string; offset: number }): Promise<boolean> {
  switch (ready.kind) {
    case 'http':
      return httpAnswers(ready.url);
    case 'port':
      return portAnswers(ready.port);
    case 'reply':
      return portAnswers(ready.port, Buffer.from(ready.send, 'latin1'));
    case 'log':
      return logEnd(log.path, log.offset).includes(ready.text);
  }
}
