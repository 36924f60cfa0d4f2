import assert from 'node:assert/strict';
import {
  followRun,
  pollDelayMs,
  stateText,
  taskOutcome,
} from '../../../../src/core/databricks/notebookRun.ts';
import { notebookOf } from '../../../../src/core/databricks/notebooks.ts';
import type { Run, RunOutput, RunState } from '../../../../src/core/databricks/ports.ts';
import { UserError } from '../../../../src/core/errors.ts';

const state = (life: string, code = '', type = code): RunState => ({ life, code, type, message: '' });
const run = (now: RunState): Run => ({
  id: '1',
  jobId: '2',
  name: 'orders',
  state: now,
  startedMs: 1,
  endedMs: 0,
  url: '',
  parameters: {},
  tasks: [],
});

describe('a run of a notebook, followed', () => {
  it('tells each state once, waits ever longer, and ends with it', async () => {
    const lives = ['PENDING', 'RUNNING', 'RUNNING', 'RUNNING', 'TERMINATED'];
    const waits: number[] = [];
    const told: string[] = [];
    let looks = 0;
    const end = await followRun(
      { get: () => Promise.resolve(run(state(lives[looks++] ?? 'TERMINATED'))) },
      '1',
      (now) => told.push(now.state.life),
      new AbortController().signal,
      {
        sleep: (milliseconds) => {
          waits.push(milliseconds);
          return Promise.resolve();
        },
      },
    );
    assert.equal(end?.state.life, 'TERMINATED');
    assert.deepEqual(told, ['PENDING', 'RUNNING', 'TERMINATED']);
    assert.deepEqual(
      waits,
      waits.toSorted((one, other) => one - other),
    );
    assert.equal(new Set(waits).size, 4);
    assert.equal(pollDelayMs(100), 10_000);
  });

  it('stops asking when the person stops waiting', async () => {
    const controller = new AbortController();
    let looks = 0;
    const following = followRun(
      {
        get: () => {
          looks += 1;
          return Promise.resolve(run(state('RUNNING')));
        },
      },
      '1',
      () => {
        controller.abort();
      },
      controller.signal,
    );
    await assert.rejects(following, { name: 'Cancelled' });
    assert.equal(looks, 1);
  });

  it('goes on when the workspace does not answer for a while', async () => {
    let looks = 0;
    const end = await followRun(
      {
        get: () =>
          (looks += 1) < 10
            ? Promise.reject(new UserError('workspace-unreachable', 'gone'))
            : Promise.resolve(run(state('TERMINATED'))),
      },
      '1',
      () => undefined,
      new AbortController().signal,
      { sleep: () => Promise.resolve() },
    );
    assert.equal(end?.state.life, 'TERMINATED');
  });

  it('is told in words', () => {
    for (const [now, words] of [
      [state('QUEUED'), 'queued'],
      [state('PENDING'), 'waiting for compute'],
      [state('TERMINATED', 'SUCCESS'), 'succeeded'],
      [state('TERMINATED', 'USER_CANCELED', 'SUCCESS'), 'cancelled'],
      [state('TERMINATED', 'RUN_EXECUTION_ERROR', 'CLIENT_ERROR'), 'failed'],
      [state('TERMINATED', 'CLUSTER_ERROR', 'CLOUD_FAILURE'), 'failed: CLUSTER_ERROR'],
      [state('INTERNAL_ERROR', '', ''), 'failed'],
      [state('SOMETHING_NEW'), 'something_new'],
    ] as const) {
      assert.equal(stateText(now), words);
    }
  });
});

describe('what a task gave', () => {
  const notebook = notebookOf('a.py', '# Databricks notebook source\nx = 1\nprint(y)\n');
  const task = { id: '7', state: state('TERMINATED') };
  const given = (output: RunOutput, views: () => Promise<never[]> = () => Promise.resolve([])) =>
    taskOutcome({ output: () => Promise.resolve(output), views }, task, notebook);

  it('has the line of its error, and asks for the notebook only when it must', async () => {
    let asked = 0;
    const views = (): Promise<never[]> => {
      asked += 1;
      return Promise.reject(new UserError('workspace-refused', 'gone'));
    };
    const known = await given({ error: 'x', trace: 'File <command-1>, line 2\n----> 2 print(y)' }, views);
    assert.deepEqual(known.place, { known: true, cell: 1, line: 2, lineInCell: 2 });
    assert.equal(asked, 0);
    const unknown = await given({ error: 'x', trace: 'File <command-1>, line 2' }, views);
    assert.deepEqual(unknown.place, { known: false, lineInCell: 2, cells: [] });
    assert.equal(asked, 1);
    assert.equal((await given({ result: 'ok' }, views)).place, undefined);
    assert.equal(asked, 1);
  });

  it('is nothing for a kind of task that has no output', async () => {
    const refuse = (code: string) =>
      taskOutcome(
        { output: () => Promise.reject(new UserError(code, 'no')), views: () => Promise.resolve([]) },
        task,
      );
    assert.deepEqual(await refuse('workspace-refused'), {});
    await assert.rejects(refuse('login-refused'), { code: 'login-refused' });
  });
});
