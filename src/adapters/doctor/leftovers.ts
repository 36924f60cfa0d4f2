/** What a sandbox that died, or was killed, left behind: processes, locks and records, containers and networks. */
import { rmSync } from 'node:fs';
import { isUserError } from '../../core/errors.ts';
import type { OnEvent } from '../../core/events.ts';
import { t } from '../../core/l10n.ts';
import { projectName, readRecord } from '../docker/record.ts';
import { endAll } from '../embedded/supervisorProcess.ts';
import { readJson } from '../files.ts';
import type { HomeLayout } from '../home.ts';
import { inTurn } from '../homeLock.ts';
import { isAlive, type ProcessIdentity } from '../processIdentity.ts';
import { readState } from '../supervisor/stateFile.ts';
import type { Check, Found } from './check.ts';
import type { FoundDocker } from './dockerLook.ts';

/** Parts that live although the process that watches over them does not. */
export function orphans(layout: HomeLayout): readonly { readonly name: string; readonly pid: number }[] {
  const state = readState(layout.state);
  if (!state || isAlive(state.supervisor)) return [];
  return state.parts.flatMap(({ name, process }) =>
    process && isAlive(process) ? [{ name, pid: process.pid }] : [],
  );
}

/** Records and locks of processes that are gone. They stop nobody, a next start passes over them. */
export function staleFiles(layout: HomeLayout): readonly string[] {
  const state = readState(layout.state);
  const dead = [layout.upLock, layout.stopRequest, layout.pipelineLock].filter((path) => {
    const holder = readJson(path) as ProcessIdentity | undefined;
    return holder !== undefined && !isAlive(holder);
  });
  const record = state && !isAlive(state.supervisor) && orphans(layout).length === 0 ? [layout.state] : [];
  return [...record, ...dead];
}

export interface ComposeLeftovers {
  readonly containers: readonly { readonly id: string; readonly name: string; readonly state: string }[];
  readonly networks: readonly { readonly id: string; readonly name: string }[];
}

const NOTHING: ComposeLeftovers = { containers: [], networks: [] };

/** Of this home's project, when no start of this home wants them. Volumes hold data and are none. */
export async function composeLeftovers(
  layout: HomeLayout,
  { client }: FoundDocker,
): Promise<ComposeLeftovers> {
  const record = readRecord(layout.docker);
  if (record?.wanted) return NOTHING;
  const filters = { label: [`com.docker.compose.project=${record?.project ?? projectName(layout.home)}`] };
  const [containers, networks] = await Promise.all([
    client.listContainers({ all: true, filters }),
    client.listNetworks({ filters }),
  ]);
  return {
    containers: containers.map(({ Id, Names, State }) => ({
      id: Id,
      name: Names[0]?.replace(/^\//, '') ?? Id.slice(0, 12),
      state: State,
    })),
    networks: networks.map(({ Id, Name }) => ({ id: Id, name: Name })),
  };
}

function processesFound(layout: HomeLayout): Found {
  const alive = orphans(layout);
  if (alive.length > 0) {
    const names = alive.map(({ name, pid }) => t('{0} (process {1})', name, pid)).join(', ');
    return {
      status: 'warning',
      evidence: t('Left by a sandbox whose watching process was ended: {0}', names),
      fix: t('End them, or start the sandbox again: orders-lakehouse up ends them first.'),
      mend: { kind: 'mend', id: 'leftovers', label: t('End them') },
    };
  }
  const files = staleFiles(layout);
  if (files.length === 0) return { status: 'ok', evidence: t('Nothing of a dead sandbox is left') };
  return {
    status: 'ok',
    evidence: t('Nothing runs; records of a sandbox that died lie here: {0}', files.join(', ')),
    fix: t("They stand in nobody's way; the next start replaces them."),
    mend: { kind: 'mend', id: 'leftovers', label: t('Tidy up') },
  };
}

function containersFound({ containers, networks }: ComposeLeftovers): readonly Found[] {
  if (containers.length + networks.length === 0) return [];
  const names = [
    ...containers.map(({ name, state }) => `${name} (${state})`),
    ...networks.map(({ name }) => name),
  ];
  return [
    {
      status: 'warning',
      evidence: t('Containers and networks of this sandbox that no start wants: {0}', names.join(', ')),
      fix: t('Remove them; the data in the volumes stays.'),
      mend: { kind: 'mend', id: 'containers', label: t('Remove them') },
    },
  ];
}

export const leftoversCheck = (): Check => ({
  id: 'leftovers',
  title: t('Leftovers'),
  look: async ({ layout, docker }) => [
    ...(docker && !isUserError(docker) ? containersFound(await composeLeftovers(layout, docker)) : []),
    processesFound(layout),
  ],
});

/** A start that is going on is waited for, not sent away: it may want what was left. */
const afterOthers = (layout: HomeLayout, onEvent: OnEvent, work: () => Promise<void>): Promise<void> =>
  inTurn(layout, onEvent, new AbortController().signal, work);

/** What lives under a supervisor is left alone, also one that came in meanwhile. */
export function endLeftovers(layout: HomeLayout, onEvent: OnEvent): Promise<void> {
  return afterOthers(layout, onEvent, async () => {
    if (orphans(layout).length > 0) await endAll(layout, onEvent);
    for (const path of staleFiles(layout)) rmSync(path, { force: true });
  });
}

const STOP_SECONDS = 60;

export function removeContainers(layout: HomeLayout, docker: FoundDocker, onEvent: OnEvent): Promise<void> {
  return afterOthers(layout, onEvent, async () => {
    const { containers, networks } = await composeLeftovers(layout, docker);
    await Promise.all(
      containers.map(async ({ id, state }) => {
        const container = docker.patient.getContainer(id);
        // In peace, so that what it holds is written.
        if (state === 'running') await container.stop({ t: STOP_SECONDS });
        await container.remove({ force: true });
      }),
    );
    for (const { id } of networks) await docker.patient.getNetwork(id).remove();
  });
}
