/** Values of a topic's settings: read, checked, told in plain words, and changed without losing another. */
import { UserError } from './errors.ts';
import { isInt64 } from './int64.ts';
import { t } from './l10n.ts';
import type { ConfigEntry } from './topicDetails.ts';
import {
  isUnlimited,
  topicSetting,
  TOPIC_SETTING_NAMES,
  type SettingKind,
  type TopicSetting,
} from './topicSettings.ts';

export type Configs = Readonly<Record<string, string>>;

export interface ConfigChange {
  readonly set: Configs;
  /** Back to what the broker has. */
  readonly unset: readonly string[];
}

const UNITS: Partial<Record<SettingKind, string>> = { ms: ' ms', bytes: ' B' };
const DURATIONS = [
  ['d', 86_400_000n],
  ['h', 3_600_000n],
  ['min', 60_000n],
  ['s', 1000n],
] as const;
const SIZES = [
  ['GiB', 1_073_741_824n],
  ['MiB', 1_048_576n],
  ['KiB', 1024n],
] as const;

/** In the largest unit that holds it exactly; undefined when that is the smallest. */
function inUnits(value: string, units: readonly (readonly [string, bigint])[]): string | undefined {
  const whole = BigInt(value);
  const fitting = units.find(([, size]) => whole !== 0n && whole % size === 0n);
  return fitting && `${whole / fitting[1]} ${fitting[0]}`;
}

/** What a value means: `7 d`, `no limit`; undefined where the value says it itself. */
function plainly(setting: TopicSetting, value: string): string | undefined {
  if (!isInt64(value)) return undefined;
  if (isUnlimited(setting, value)) return t('no limit');
  if (setting.kind === 'ms') return inUnits(value, DURATIONS);
  return setting.kind === 'bytes' ? inUnits(value, SIZES) : undefined;
}

/** `604800000 ms (7 d)`; a dash for what is not told. */
export function configText(name: string, value: string | null): string {
  if (value === null) return '–';
  const setting = topicSetting(name);
  if (!setting) return value === '' ? t('(empty)') : value;
  const plain = plainly(setting, value);
  const unit = isUnlimited(setting, value) ? '' : (UNITS[setting.kind] ?? '');
  return `${value}${unit}${plain === undefined ? '' : ` (${plain})`}`;
}

/** What a setting takes, in words. */
export function allowedText({ kind, values = [], least, unlimited = false }: TopicSetting): string {
  switch (kind) {
    case 'choice':
      return t('One of: {0}', values.join(', '));
    case 'choices':
      return t('One or more of, with commas: {0}', values.join(', '));
    case 'ratio':
      return t('A number from 0 to 1, as in 0.5');
    case 'ms':
      return unlimited
        ? t('Milliseconds; -1 for no limit')
        : t('Milliseconds, a whole number from {0}', least ?? '0');
    case 'bytes':
      return unlimited ? t('Bytes; -1 for no limit') : t('Bytes, a whole number from {0}', least ?? '0');
    case 'number':
      return t('A whole number from {0}', least ?? '0');
  }
}

function fits({ kind, values = [], least = '0' }: TopicSetting, value: string): boolean {
  switch (kind) {
    case 'choice':
      return values.includes(value);
    case 'choices':
      return value.split(',').every((one) => values.includes(one.trim()));
    case 'ratio':
      return /^\d+(\.\d+)?$/.test(value) && Number(value) <= 1;
    case 'ms':
    case 'bytes':
    case 'number':
      return isInt64(value) && BigInt(value) >= BigInt(least);
  }
}

/** Why a value cannot be, for a person; undefined when it can, or when only the broker knows. */
export function configProblem(name: string, value: string): string | undefined {
  const setting = topicSetting(name);
  return setting && !fits(setting, value.trim()) ? allowedText(setting) : undefined;
}

/** As the broker tells it afterwards. */
const tidy = (value: string): string => value.trim().replace(/\s*,\s*/g, ',');

/** Throws UserError `bad-config`. */
export function mustBeConfigs(configs: Configs): void {
  for (const [name, value] of Object.entries(configs)) {
    const problem = configProblem(name, value);
    if (problem === undefined) continue;
    throw new UserError('bad-config', t('{0} cannot be "{1}".', name, value), { hint: problem });
  }
}

/** `retention.ms=86400000`. Throws UserError `bad-config`. */
export function parseConfig(text: string): readonly [name: string, value: string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  throw new UserError('bad-config', t('"{0}" is no setting with a value.', text), {
    hint: t('For example: retention.ms=86400000'),
  });
}

/** A change as it is sent: nothing is both set and unset. Throws UserError `unknown-config`, `bad-config`. */
export function tidyChange(entries: readonly ConfigEntry[], { set, unset }: ConfigChange): ConfigChange {
  const known = new Set(entries.map(({ name }) => name));
  for (const name of [...Object.keys(set), ...unset]) {
    if (!known.has(name)) throw unknownConfig(name);
  }
  mustBeConfigs(set);
  return {
    set: Object.fromEntries(Object.entries(set).map(([name, value]) => [name, tidy(value)])),
    unset: [...new Set(unset)].filter((name) => !Object.hasOwn(set, name)),
  };
}

/**
 * All that the topic shall have of its own after a change. Kafka's older call to alter takes away what it does not name,
 * so what stays is named too. Throws UserError `unknown-config`, `bad-config`.
 */
export function nextConfigs(topic: string, entries: readonly ConfigEntry[], change: ConfigChange): Configs {
  const { set, unset } = tidyChange(entries, change);
  const kept = entries.filter(({ own, name }) => own && !unset.includes(name));
  const untold = kept.find(({ name, value }) => value === null && !Object.hasOwn(set, name));
  if (untold) {
    // Sent without it, the call would take it away in silence.
    throw new UserError('untold-config', t('{0} of {1} is kept secret by the broker.', untold.name, topic), {
      hint: t('Name it in the same change, with a value of its own.'),
    });
  }
  return { ...Object.fromEntries(kept.map(({ name, value }) => [name, value ?? ''])), ...set };
}

const NO_LIMIT = 1n << 63n;
const limitOf = (value: string): bigint => (value.startsWith('-') ? NO_LIMIT : BigInt(value));
const policiesOf = (value: string): readonly string[] => value.split(',').map((one) => one.trim());

/** Settings of a change by which Kafka may delete messages that it keeps now. */
export function deletingChanges(entries: readonly ConfigEntry[], change: ConfigChange): readonly string[] {
  return entries
    .filter(({ name, value, fallback }) => {
      const next = change.unset.includes(name) ? fallback : change.set[name]?.trim();
      if (value === null || next === null || next === undefined) return false;
      if (name === 'cleanup.policy') {
        return policiesOf(next).some((policy) => !policiesOf(value).includes(policy));
      }
      if (name !== 'retention.ms' && name !== 'retention.bytes') return false;
      return isInt64(next) && isInt64(value) && limitOf(next) < limitOf(value);
    })
    .map(({ name }) => name);
}

/** What to ask before such a change. */
export const deletingQuestion = (names: readonly string[]): string =>
  t('Kafka may delete messages by {0}. Change it?', names.join(', '));

function unknownConfig(name: string): UserError {
  return new UserError('unknown-config', t('Topics have no setting {0}.', name), {
    hint: t('The usual ones: {0}', TOPIC_SETTING_NAMES.slice(0, 6).join(', ')),
  });
}

/** Own settings first, then the usual ones in the order of the table, then the rest. */
export function inReadingOrder(entries: readonly ConfigEntry[]): readonly ConfigEntry[] {
  const place = ({ name, own }: ConfigEntry): number => {
    const index = TOPIC_SETTING_NAMES.indexOf(name);
    return (own ? 0 : 1000) + (index < 0 ? 500 : index);
  };
  return entries.toSorted((one, other) => place(one) - place(other) || (one.name < other.name ? -1 : 1));
}

/** Why a topic cannot have this name; undefined when it can. */
export function topicNameProblem(name: string): string | undefined {
  if (/^[A-Za-z0-9._-]{1,249}$/.test(name) && name !== '.' && name !== '..') return undefined;
  return t('A name has up to 249 letters without accents, digits, dots, dashes and underscores.');
}
