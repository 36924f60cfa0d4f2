/** The runner of the embedded sandbox: a child of this process, with the Python that holds its Spark. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Endpoints } from '../../core/sandbox.ts';
import type { HomeLayout } from '../home.ts';
import { resourceFolder } from '../resources.ts';
import { tableVersions } from '../runStamp.ts';
import type { RunnerPlace } from '../spark.ts';
import { compiledOnce, runnerPython } from './runnerPython.ts';

export function embeddedPlace(
  layout: HomeLayout,
  endpoints: Endpoints,
  project: string,
): Promise<RunnerPlace> {
  const { eventLog, pipelineLock, checkpoints } = layout;
  return Promise.resolve({
    prepare: async () => {
      await Promise.all(
        [eventLog, pipelineLock, checkpoints].map((path) => mkdir(dirname(path), { recursive: true })),
      );
      const python = runnerPython(layout);
      return {
        command: python,
        args: ['-m', 'runner.run'],
        cwd: join(resourceFolder(), 'sandbox'),
        env: { ...compiledOnce(python), PYTHONUNBUFFERED: '1' },
      };
    },
    apart: false,
    request: {
      sparkRemote: endpoints.sparkConnect,
      project,
      storage: checkpoints,
      eventLog,
      lockFile: pipelineLock,
    },
    bootstrap: endpoints.bootstrap,
    registryUrl: endpoints.registryUrl,
    name: 'embedded',
    tableVersions: (tables) => tableVersions(layout.warehouse, tables),
  });
}
