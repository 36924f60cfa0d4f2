import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeAtomically } from '../../../src/adapters/files.ts';
import { homeLayout } from '../../../src/adapters/home.ts';
import { watchFile, watchHome } from '../../../src/adapters/homeWatch.ts';
import { until } from '../../live/support/until.ts';

describe('the watch over a home', () => {
  let home: string;
  let heard: string[];
  let end: () => void;
  const layout = () => homeLayout(home);
  const heardOf = (...wanted: string[]) =>
    until(wanted.join(', '), () => wanted.every((one) => heard.includes(one)));

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'orders-watch-'));
    heard = [];
  });
  afterEach(() => {
    end();
    rmSync(home, { recursive: true, force: true });
  });
  const watch = (): void => {
    const ends = [
      watchHome(home, { run: () => heard.push('run') }, 20),
      watchFile(layout().state, () => heard.push('state'), 20),
    ];
    end = () => {
      for (const one of ends) one();
    };
  };
  /** The watch begins a moment later; what is written over and over is seen once it has begun. */
  const untilWatched = async (path: string, wanted: string): Promise<void> => {
    let times = 0;
    await until(`${wanted} watched`, () => {
      writeAtomically(path, String(times++));
      return heard.includes(wanted);
    });
  };

  it('tells the end of a run, and the state of the sandbox, each by itself', async () => {
    for (const folder of [layout().run, layout().data]) mkdirSync(folder);
    watch();
    await untilWatched(layout().lastRun, 'run');
    assert.ok(!heard.includes('state'));
    await untilWatched(layout().state, 'state');
    heard.length = 0;
    writeFileSync(join(layout().data, 'other.json'), '{}');
    writeAtomically(layout().state, 'the next');
    await heardOf('state');
    assert.deepEqual([...new Set(heard)], ['state']);
  });

  it('waits for the folders of a home that is new', async () => {
    watch();
    mkdirSync(layout().data);
    await untilWatched(layout().lastRun, 'run');
  });

  it('goes on after a reset', async () => {
    mkdirSync(layout().data);
    watch();
    await untilWatched(layout().lastRun, 'run');
    heard.length = 0;
    rmSync(dirname(layout().lastRun), { recursive: true });
    await heardOf('run');
    heard.length = 0;
    mkdirSync(layout().data);
    await untilWatched(layout().lastRun, 'run');
  });
});
