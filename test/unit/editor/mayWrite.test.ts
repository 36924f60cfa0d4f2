/** Nothing of the editor writes into a workspace, or starts or ends something there, without the one question. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', '..', '..', 'src', 'editor');
/** Calls of the port, and of what core makes of it, that change something there. */
const WRITES =
  /\bruns\s*\.(cancel|submit)\(|\b(pipelines|jobs|files|scopes|governed)\s*\.(start|stop|create|reset|edit|update|delete|put|import)\(|\bapplyNotebook\(|\bapplyLakehouse\(|\.query\(statement/;
const ASKS = /\b(mayWrite|mayCancelRun|mayDeploy)\(/;
/** Done by a session that its page lets begin; the page asks. */
const ASKED_BEFORE = ['deployWork.ts'];

describe('what writes into a workspace', () => {
  const sources = readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
  const writing = sources.filter(({ text }) => WRITES.test(text));

  it('asks first', () => {
    assert.deepEqual(
      writing.map(({ name }) => name),
      [
        'cloudCommands.ts',
        'cloudRunPanel.ts',
        'deployWork.ts',
        'notebookCommands.ts',
        'notebookDeploy.ts',
        'sqlFiles.ts',
        'updatePanel.ts',
      ],
    );
    const silent = writing.filter(({ name, text }) => !ASKED_BEFORE.includes(name) && !ASKS.test(text));
    assert.deepEqual(
      silent.map(({ name }) => name),
      [],
    );
    assert.match(sources.find(({ name }) => name === 'deployPanel.ts')?.text ?? '', /await mayDeploy\(/);
  });

  it('asks by one function', () => {
    const deciding = sources.filter(({ text }) => /function (mayWrite|mustMayWrite)\b/.test(text));
    assert.deepEqual(
      deciding.map(({ name }) => name),
      ['mayWrite.ts'],
    );
  });
});
