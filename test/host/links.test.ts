import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import { createLakehouse } from '../../src/adapters/lakehouse.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import type { Api } from '../../src/extension.ts';
import type { TopicView } from '../../src/wire/topic.ts';
import { until } from '../live/support/until.ts';
import { activated } from './support.ts';

/** Its name needs escaping nowhere but in a link. */
const TOPIC = 'host.links_1';
const VIEW: TopicView = {
  start: { from: 'beginning' },
  end: { until: 'now' },
  records: 10_000,
  filter: {
    texts: [{ pattern: 'ção', place: 'value', regex: false, matchCase: false }],
    conditions: [{ field: { of: 'header', path: 'origin' }, operator: '=', value: 'web' }],
  },
  order: { by: 'key', descending: true },
  fields: [{ of: 'value', path: 'customer.country' }],
  widths: { key: 222 },
};

const linkTo = (topic: string, view: unknown): vscode.Uri => {
  const packed = Buffer.from(JSON.stringify(view)).toString('base64url');
  return vscode.Uri.parse(`vscode://orders-lakehouse.orders-lakehouse/topic/${topic}?view=${packed}`);
};
const tabs = (): readonly vscode.Tab[] =>
  vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(
      ({ input }) =>
        input instanceof vscode.TabInputWebview && input.viewType.endsWith('ordersLakehouse.topicPage'),
    );

describe('a link that was opened outside', () => {
  const lakehouse = createLakehouse({ settings: DEFAULT_SETTINGS });
  let api: Api;
  /** As the page has it: it keeps what it shows. */
  const shown = (): unknown => api.room.context.workspaceState.get(`topicView/${TOPIC}`);

  before(async () => {
    api = await activated();
    await (await lakehouse.broker()).ensureTopic(TOPIC, 1);
  });
  after(async () => {
    await vscode.window.tabGroups.close(tabs());
    await vscode.commands.executeCommand('notifications.clearAll');
    await (await lakehouse.topicAdmin()).remove(TOPIC);
    await lakehouse.close();
  });

  it('shows the topic the way it names, also in place of a tab that is open', async () => {
    await api.links.handleUri(linkTo(TOPIC, VIEW));
    await until('the page', () => isDeepStrictEqual(shown(), VIEW));
    assert.deepEqual(
      tabs().map(({ label, isActive }) => [label, isActive]),
      [[TOPIC, true]],
    );
    const other: TopicView = { ...VIEW, filter: { partitions: [0] }, order: null, fields: [] };
    await api.links.handleUri(linkTo(TOPIC, other));
    await until('the other view', () => isDeepStrictEqual(shown(), other));
    assert.deepEqual(
      tabs().map(({ label }) => label),
      [TOPIC],
    );
  });

  it('opens nothing for one that is none', async () => {
    const before = tabs().length;
    for (const link of [
      linkTo(TOPIC, {
        ...VIEW,
        filter: { texts: [{ pattern: '(', place: 'key', regex: true, matchCase: true }] },
      }),
      linkTo(TOPIC, null),
      linkTo('', VIEW),
      vscode.Uri.parse('vscode://orders-lakehouse.orders-lakehouse/elsewhere'),
    ]) {
      await api.links.handleUri(link);
    }
    assert.equal(tabs().length, before);
  });
});
