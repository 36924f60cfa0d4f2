/** Starts the thread behind a message viewer: dist/topicWorker.js. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { TopicThread, TopicThreadData } from '../core/ports.ts';
import { resourceFolder } from './resources.ts';

/** `variables` are added to its environment. */
export function startTopicThread(
  data: TopicThreadData,
  variables: Readonly<Record<string, string>> = {},
): TopicThread {
  const worker = new Worker(join(resourceFolder(), 'dist', 'topicWorker.js'), {
    workerData: data,
    env: { ...process.env, ...variables },
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
