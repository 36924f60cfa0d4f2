/** Settings of the terminal, from the environment. */
import { DEFAULT_SETTINGS, type Settings } from '../core/settings.ts';

/** ORDERS_LAKEHOUSE_PYTHON names the Python to use; the rest are defaults. */
export function settingsFromEnvironment(environment: NodeJS.ProcessEnv = process.env): Settings {
  return { ...DEFAULT_SETTINGS, python: environment['ORDERS_LAKEHOUSE_PYTHON'] ?? '' };
}
