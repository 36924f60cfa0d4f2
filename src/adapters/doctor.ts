/** Looks at what the sandbox needs of this machine, and mends what it can. A file of its own in dist/, loaded at first use. */
import type { Finding } from '../core/doctor.ts';
import { isUserError, type UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Doctor } from '../core/ports.ts';
import type { RuntimeName, SandboxStatus } from '../core/sandbox.ts';
import type { Settings } from '../core/settings.ts';
import { stoppedStatus } from './docker/status.ts';
import { cacheCheck } from './doctor/cache.ts';
import { certificatesCheck } from './doctor/certificates.ts';
import { lookWith, type Check } from './doctor/check.ts';
import { clockCheck } from './doctor/clock.ts';
import { diskCheck } from './doctor/disk.ts';
import { composeCheck, dockerCheck } from './doctor/docker.ts';
import { examine, orUserError } from './doctor/examine.ts';
import { homeCheck } from './doctor/home.ts';
import { imagesCheck, oldImagesCheck } from './doctor/images.ts';
import { javaCheck } from './doctor/java.ts';
import { leftoversCheck } from './doctor/leftovers.ts';
import { mavenCheck } from './doctor/maven.ts';
import { memoryCheck } from './doctor/memory.ts';
import { mend } from './doctor/mend.ts';
import { mirrorsCheck, proxiesCheck } from './doctor/network.ts';
import { portsCheck } from './doctor/ports.ts';
import { pythonCheck } from './doctor/python.ts';
import { runtimeCheck } from './doctor/runtime.ts';
import { sandboxCheck } from './doctor/sandbox.ts';
import { signInCheck } from './doctor/signIn.ts';
import { windowsPortsCheck } from './doctor/windowsPorts.ts';
import type { HomeLayout } from './home.ts';

export interface DoctorOptions {
  readonly layout: HomeLayout;
  readonly settings: Settings;
  /** The runtime that a start would be told, by its option, the setting or the environment. */
  readonly setting: (asked?: Settings['runtime']) => Settings['runtime'];
  /** The runtime that holds the home's data. */
  readonly held: () => RuntimeName | undefined;
  readonly status: () => Promise<SandboxStatus>;
}

/** In the order in which a start needs them. */
const checks = (signal: AbortSignal): readonly Check[] => [
  sandboxCheck(),
  runtimeCheck(),
  homeCheck(),
  dockerCheck(),
  composeCheck(),
  imagesCheck(),
  pythonCheck(),
  javaCheck(),
  mavenCheck(signal),
  mirrorsCheck(),
  proxiesCheck(),
  certificatesCheck(),
  portsCheck(),
  windowsPortsCheck(),
  memoryCheck(),
  diskCheck(),
  clockCheck(),
  leftoversCheck(),
  cacheCheck(),
  oldImagesCheck(),
  signInCheck(),
];

const stateUnknown = ({ message }: UserError): Finding => ({
  id: 'sandbox',
  title: t('Sandbox'),
  status: 'problem',
  evidence: t('Its state cannot be told: {0}', message),
});

export function createDoctor({ layout, settings, setting, held, status }: DoctorOptions): Doctor {
  return {
    async look(signal, asked) {
      const known = await orUserError(status);
      const now = isUserError(known) ? stoppedStatus(layout.home) : known;
      const question = { layout, settings, status: now, setting: setting(asked), held };
      const examined = await examine(question, signal);
      const found = await Promise.all(checks(signal).map((check) => lookWith(check, examined)));
      signal.throwIfAborted();
      if (!isUserError(known)) return found.flat();
      return [stateUnknown(known), ...found.flat().filter(({ id }) => id !== 'sandbox')];
    },
    mend: (what, onEvent) => mend(what, { layout, settings }, onEvent),
  };
}
