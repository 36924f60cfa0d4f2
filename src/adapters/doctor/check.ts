/** A check looks at one thing of the machine, without changing it, and says what it found. */
import type { Finding } from '../../core/doctor.ts';
import { isCancelled, isUserError, messageOf, type UserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import type { RuntimeName, SandboxStatus } from '../../core/sandbox.ts';
import type { Settings } from '../../core/settings.ts';
import type { Python } from '../embedded/python.ts';
import type { Missing } from '../embedded/targets.ts';
import type { Versions } from '../embedded/versions.ts';
import type { HomeLayout } from '../home.ts';
import type { DockerLook } from './dockerLook.ts';
import type { Probed } from './probe.ts';

/** What the checks look at; each question is asked once, however many checks want its answer. */
export interface Examined {
  readonly layout: HomeLayout;
  readonly cache: string;
  readonly settings: Settings;
  readonly versions: Versions;
  readonly status: SandboxStatus;
  /** What a start would take, and the sentence that says why. */
  readonly runtime: RuntimeName;
  readonly why: string;
  /** Docker that cannot be used is a problem only for who needs it. */
  readonly needsDocker: boolean;
  /** Undefined when nobody means Docker. */
  readonly docker: DockerLook | undefined;
  readonly python: Python | UserError;
  /** What a start without Docker would fetch. */
  readonly missing: Missing;
  /** Whether the addresses answer that a start would fetch from. */
  readonly network: () => Promise<readonly Probed[]>;
}

export type Found = Omit<Finding, 'id' | 'title'>;

export interface Check {
  readonly id: string;
  readonly title: string;
  readonly look: (examined: Examined) => readonly Found[] | Promise<readonly Found[]>;
}

/** What a person can mend is a problem; a check that fails by itself says so and hides no other. */
export async function lookWith(check: Check, examined: Examined): Promise<readonly Finding[]> {
  const { id, title } = check;
  try {
    return (await check.look(examined)).map((found) => ({ id, title, ...found }));
  } catch (error) {
    if (isCancelled(error)) throw error;
    if (isUserError(error)) return [{ id, title, ...foundIn(error, 'problem') }];
    return [
      { id, title, status: 'warning', evidence: t('This could not be looked at: {0}', messageOf(error)) },
    ];
  }
}

export const foundIn = (error: UserError, status: Found['status']): Found => ({
  status,
  evidence: error.message,
  ...(error.hint === undefined ? {} : { fix: error.hint }),
});

export const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);
