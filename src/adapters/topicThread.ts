/** Starts the thread behind a message viewer: dist/topicWorker.js. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Endpoints } from '../core/sandbox.ts';
import { resourceFolder } from './resources.ts';

export interface TopicThreadData {
  readonly topic: string;
  readonly endpoints: Endpoints;
  readonly locale: string;
}

export interface TopicThread {
  post(packet: unknown): void;
  onPacket(listener: (packet: unknown) => void): void;
  /** Hears why the thread ended by itself. */
  onEnd(listener: (error: Error) => void): void;
  close(): void;
}

export function startTopicThread(data: TopicThreadData): TopicThread {
  const worker = new Worker(join(resourceFolder(), 'dist', 'topicWorker.js'), {
    workerData: data,
    // Its bytes live outside the heap; what it makes while it reads is soon gone.
    resourceLimits: { maxYoungGenerationSizeMb: 16 },
  });
  let closed = false;
  let ended: (error: Error) => void = () => undefined;
  worker.on('error', (error) => {
    ended(error instanceof Error ? error : new Error(String(error)));
  });
  worker.on('exit', (code) => {
    if (!closed) ended(new Error(`the thread ended with ${code}`));
  });
  return {
    post: (packet) => {
      worker.postMessage(packet);
    },
    onPacket: (listener) => {
      worker.on('message', listener);
    },
    onEnd: (listener) => {
      ended = listener;
    },
    close: () => {
      closed = true;
      void worker.terminate();
    },
  };
}
