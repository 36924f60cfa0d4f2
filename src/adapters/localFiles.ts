/** Files of the person's machine: CSV in, rejects and samples out. */
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { once } from 'node:events';
import { basename, dirname, extname, join } from 'node:path';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Files, RejectsFile } from '../core/ports.ts';
import { asFileError } from './fileErrors.ts';

const quoted = (field: string): string =>
  /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;

async function openWriter(path: string): Promise<WriteStream> {
  try {
    await mkdir(dirname(path), { recursive: true });
    const stream = createWriteStream(path);
    await once(stream, 'open');
    // It is thrown by the next write or by the end, whichever comes first.
    stream.on('error', () => undefined);
    return stream;
  } catch (error) {
    throw asFileError(error, path);
  }
}

async function put(stream: WriteStream, path: string, text: string): Promise<void> {
  try {
    if (stream.errored) throw stream.errored;
    if (!stream.write(text)) await once(stream, 'drain');
  } catch (error) {
    throw asFileError(error, path);
  }
}

async function end(stream: WriteStream, path: string): Promise<void> {
  try {
    if (stream.errored) throw stream.errored;
    stream.end();
    await finished(stream);
  } catch (error) {
    throw asFileError(error, path);
  }
}

function createRejects(folder: string, source: string): RejectsFile {
  const time = new Date().toISOString().replace(/[:.]/g, '-');
  const path = join(folder, `${basename(source, extname(source))}-${time}.csv`);
  let stream: WriteStream | undefined;
  return {
    add: async (line, reason, text) => {
      if (!stream) {
        stream = await openWriter(path);
        await put(stream, path, 'line,reason,row\n');
      }
      await put(stream, path, `${line},${quoted(reason)},${quoted(text)}\n`);
    },
    close: async () => {
      if (!stream) return null;
      await end(stream, path);
      return path;
    },
  };
}

export function createLocalFiles(rejectsFolder: string): Files {
  return {
    openCsv: async (path, options, signal) => {
      const { openCsv } = await import('./csv.ts');
      return openCsv(path, options, signal);
    },
    readText: async (path) => {
      try {
        return await readFile(path, 'utf8');
      } catch (error) {
        if (error instanceof Error && (error as NodeJS.ErrnoException).code === 'EISDIR') {
          throw new UserError('not-a-file', t('{0} is a folder.', path), { cause: error });
        }
        throw asFileError(error, path);
      }
    },
    rejects: (source) => createRejects(rejectsFolder, source),
    write: async (path, pieces) => {
      const stream = await openWriter(path);
      for (const piece of pieces) await put(stream, path, piece);
      await end(stream, path);
    },
  };
}
