/** Settings of the terminal, from the environment. */
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { PARTS } from '../core/sandbox.ts';
import { DEFAULT_SETTINGS, type Settings } from '../core/settings.ts';

/** `name=number` pairs, separated by commas. Throws UserError `wrong-use` for anything else. */
function pairs(variable: string, text: string, largest: number): Readonly<Record<string, number>> {
  const entries = text
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
    .map((pair): [string, number] => {
      const [, name, digits] = /^([a-z.]+)=(\d+)$/.exec(pair) ?? [];
      const value = Number(digits);
      if (name === undefined || !(value >= 1 && value <= largest)) {
        throw new UserError('wrong-use', t('{0} cannot be read: "{1}".', variable, pair), {
          hint: t('It is a list such as spark=1024,kafka=256.'),
        });
      }
      return [name, value];
    });
  return Object.fromEntries(entries);
}

function memory(text: string): Settings['memoryMiB'] {
  const given = pairs('ORDERS_LAKEHOUSE_MEMORY', text, 1024 * 1024);
  const unknown = Object.keys(given).find((name) => !(PARTS as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new UserError('wrong-use', t('There is no part called "{0}".', unknown), {
      hint: t('The parts are: {0}.', PARTS.join(', ')),
    });
  }
  return { ...DEFAULT_SETTINGS.memoryMiB, ...given };
}

/**
 * ORDERS_LAKEHOUSE_PYTHON names the Python to use, ORDERS_LAKEHOUSE_MEMORY the heaps in MiB (`spark=1024`),
 * ORDERS_LAKEHOUSE_PORTS pinned ports (`kafka.broker=9092,spark.sql=10000`); the rest are defaults.
 */
export function settingsFromEnvironment(environment: NodeJS.ProcessEnv = process.env): Settings {
  return {
    ...DEFAULT_SETTINGS,
    python: environment['ORDERS_LAKEHOUSE_PYTHON'] ?? '',
    memoryMiB: memory(environment['ORDERS_LAKEHOUSE_MEMORY'] ?? ''),
    pinnedPorts: pairs('ORDERS_LAKEHOUSE_PORTS', environment['ORDERS_LAKEHOUSE_PORTS'] ?? '', 65_535),
  };
}
