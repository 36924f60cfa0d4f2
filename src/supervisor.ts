/** The process that keeps a sandbox's parts running; one for each home, detached from who started it. */
import { readFileSync, rmSync } from 'node:fs';
import { messageOf } from './core/errors.ts';
import { loadLanguage } from './adapters/language.ts';
import { identityOf } from './adapters/processIdentity.ts';
import type { Launch } from './adapters/supervisor/launch.ts';
import { supervisePart, type Part } from './adapters/supervisor/part.ts';
import { writeState, type StateFile } from './adapters/supervisor/stateFile.ts';

function main(): void {
  const [launchFile = '', locale = ''] = process.argv.slice(2);
  loadLanguage(locale);
  const launch = JSON.parse(readFileSync(launchFile, 'utf8')) as Launch;
  const supervisor = identityOf(process.pid);
  if (!supervisor) throw new Error('the supervisor does not see itself');

  let stopping = false;
  let parts: readonly Part[] = [];
  const save = (): void => {
    const records = parts.map((part) => part.record);
    const started = records.length > 0 && records.every((record) => record.state !== 'starting');
    const phase: StateFile['phase'] = stopping ? 'stopping' : started ? 'running' : 'starting';
    const state: StateFile = { supervisor, phase, endpoints: launch.endpoints, parts: records };
    try {
      writeState(launch.stateFile, state);
    } catch (error) {
      // A full disk must not end the watch over the parts.
      process.stderr.write(`the state could not be written: ${messageOf(error)}\n`);
    }
  };
  const changed = (): void => {
    // The parts report their first state before all of them are there.
    if (parts.length > 0) save();
  };
  parts = launch.parts.map((spec) => supervisePart(spec, changed));
  save();

  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void Promise.all(parts.map((part) => part.stop())).then(() => {
      rmSync(launch.stateFile, { force: true });
      process.exit(0);
    });
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  process.on('SIGHUP', () => undefined);
  // Keeps the process alive when every part has failed, so that status can tell why.
  setInterval(() => undefined, 60_000);
}

main();
