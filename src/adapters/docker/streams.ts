/** What a Docker engine streams: logs, statistics, events. */
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import { Cancelled } from '../../core/errors.ts';
import type { Engine, Measurement } from './engine.ts';

/** The lines of a stream of text, until it ends or the signal aborts. */
export async function* textOf(stream: NodeJS.ReadableStream, signal: AbortSignal): AsyncGenerator<string> {
  const text = new PassThrough();
  const end = (): void => {
    (stream as Partial<PassThrough>).destroy?.();
    text.end();
  };
  signal.addEventListener('abort', end, { once: true });
  // A connection that is cut says so by `close` alone, or by `aborted`.
  stream
    .on('end', end)
    .on('close', end)
    .on('aborted', end)
    .on('error', (error) => {
      if (signal.aborted) end();
      else text.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  stream.pipe(text, { end: false });
  try {
    yield* splitLines(text);
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}

async function* splitLines(text: PassThrough): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of text.setEncoding('utf8') as AsyncIterable<string>) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
  if (rest !== '') yield rest;
}

/** Bytes as `docker stats` counts them: without what the kernel only keeps because there is room. */
export function memoryOf({ memory_stats: memory }: Docker.ContainerStats): number | undefined {
  const details = memory.stats as unknown as Readonly<Record<string, number>> | undefined;
  const idle = details?.['total_inactive_file'] ?? details?.['inactive_file'] ?? 0;
  return details && memory.usage - idle;
}

/** As `docker stats` counts it, but 100 is one core; undefined in the first of a stream. */
export function cpuOf({ cpu_stats: now, precpu_stats: before }: Docker.ContainerStats): number | undefined {
  const used = now.cpu_usage.total_usage - before.cpu_usage.total_usage;
  const all = now.system_cpu_usage - before.system_cpu_usage;
  return before.system_cpu_usage > 0 && all > 0 ? (used / all) * now.online_cpus * 100 : undefined;
}

export async function measuringOf(
  stream: NodeJS.ReadableStream,
  onMeasure: (measured: Measurement) => void,
  signal: AbortSignal,
): Promise<void> {
  for await (const line of textOf(stream, signal)) {
    if (line.trim() === '') continue;
    const stats = JSON.parse(line) as Docker.ContainerStats;
    const [memoryBytes, cpuPercent] = [memoryOf(stats), cpuOf(stats)];
    onMeasure({
      ...(memoryBytes === undefined ? {} : { memoryBytes }),
      ...(cpuPercent === undefined ? {} : { cpuPercent }),
    });
  }
}

export async function* linesOf(
  docker: Docker,
  id: string,
  options: Parameters<Engine['logs']>[1],
  signal: AbortSignal,
): AsyncGenerator<string> {
  const container = docker.getContainer(id);
  const asked = {
    stdout: true,
    stderr: true,
    ...(options.lines === Infinity ? {} : { tail: options.lines }),
    // In seconds, with a fraction.
    ...(options.since === undefined ? {} : { since: secondsOf(options.since) as unknown as number }),
  };
  const text = new PassThrough();
  const abort = new AbortController();
  const end = (): void => {
    abort.abort();
    text.end();
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    if (options.follow) {
      const stream = await container.logs({ ...asked, follow: true, abortSignal: abort.signal });
      docker.modem.demuxStream(stream, text, text);
      stream.on('end', end).on('close', end).on('error', end);
    } else {
      const whole = await container.logs({ ...asked, follow: false });
      const source = new PassThrough();
      docker.modem.demuxStream(source, text, text);
      source.end(whole);
      await once(source, 'finish');
      text.end();
    }
    yield* splitLines(text);
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
  if (signal.aborted && !options.follow) throw new Cancelled();
}

/** Of ISO 8601 with nanoseconds, without loss. */
function secondsOf(iso: string): string {
  const fraction = /\.(\d+)/.exec(iso)?.[1] ?? '0';
  return `${Math.floor(Date.parse(iso) / 1000)}.${fraction}`;
}
