/** The message viewer: newest first; older ones load as one scrolls. */
import type { MessageLine, TopicCalls, TopicInfo } from '../wire/topic.ts';
import { createDetail } from './detail.ts';
import { button } from './dom.ts';
import { createFrame } from './frame.ts';
import { createGrid, type GridColumn } from './grid.ts';
import { connect, count, isAborted, t, toFailure } from './host.ts';
import { createNotice } from './notice.ts';

const PAGE_SIZE = 200;
/** Rows left below the visible ones when the next page is asked for. */
const AHEAD = 50;

const columns: readonly GridColumn<MessageLine>[] = [
  {
    id: 'timestamp',
    title: t('Time (UTC)'),
    text: ({ timestamp }) => timestamp.replace('T', ' ').replace('Z', ''),
  },
  { id: 'partition', title: t('Partition'), align: 'end', text: ({ partition }) => String(partition) },
  { id: 'offset', title: t('Offset'), align: 'end', text: ({ offset }) => offset },
  { id: 'key', title: t('Key'), text: ({ key }) => key },
  {
    id: 'value',
    title: t('Value'),
    grows: true,
    text: ({ preview, error }) => (error === undefined ? preview : `⚠ ${error}`),
    class: ({ error }) => (error === undefined ? 'code' : 'bad'),
  },
];

const host = connect<TopicCalls>({
  changed: () => {
    void onChanged();
  },
});
const title = document.title;
const notice = createNotice();
const copy = (text: string): void => void host.call('copy', text);
const detail = createDetail(copy, () => {
  grid.element.focus();
});
const grid = createGrid<MessageLine>({
  label: t('Messages of {0}, newest first', title),
  by: 'rows',
  row: (index) => messages[index],
  onVisible: (_first, last) => {
    if (next !== undefined && last >= messages.length - AHEAD) void loadOlder();
  },
  onOpen: (index) => void open(index),
  onSort: () => undefined,
  onCopy: copy,
});
const frame = createFrame({
  title,
  buttons: [button(t('Refresh'), () => void reload(), { class: 'secondary' })],
  staleText: t('New messages'),
  content: [grid.element, notice.element],
  detail: detail.element,
});

let messages: MessageLine[] = [];
let next: string | undefined;
let info: TopicInfo | undefined;
let failed = false;
let loading: AbortController | undefined;

const command = (id: string, label: string) => ({
  label,
  onClick: () => void host.call('command', { id: `ordersLakehouse.${id}` }).catch(fail),
});

function fail(error: unknown): void {
  if (isAborted(error)) return;
  failed = true;
  const failure = toFailure(error);
  const { action } = failure;
  grid.element.hidden = true;
  notice.failed(failure, [
    ...(action
      ? [
          {
            label: action.title,
            onClick: () => void host.call('command', { id: action.command }).catch(fail),
          },
        ]
      : []),
    { label: t('Try again'), onClick: () => void reload() },
  ]);
}

function showFacts(): void {
  if (!info) return;
  frame.facts(
    t(
      '{0} of {1} messages · {2} partitions',
      count(messages.length),
      count(Math.max(info.messages, messages.length)),
      info.partitions,
    ),
  );
}

async function reload(): Promise<void> {
  loading?.abort();
  const mine = (loading = new AbortController());
  failed = false;
  frame.stale(false);
  detail.hide();
  if (messages.length === 0) notice.loading(t('Reading {0}…', title));
  try {
    const [facts, page] = await Promise.all([
      host.call('info', null, mine.signal),
      host.call('messages', { limit: PAGE_SIZE }, mine.signal),
    ]);
    info = facts;
    messages = [...page.messages];
    next = page.next;
    notice.hide();
    grid.element.hidden = messages.length === 0;
    if (messages.length === 0) {
      notice.empty(t('No messages in {0} yet.', title), [
        command('produce', t('Produce orders')),
        command('importCsv', t('Import a CSV file')),
      ]);
    }
    grid.setColumns(columns, messages);
    grid.setRows(messages.length, info.messages);
    grid.toTop();
    showFacts();
  } catch (error) {
    fail(error);
  } finally {
    if (loading === mine) loading = undefined;
  }
}

async function loadOlder(): Promise<void> {
  if (loading || next === undefined) return;
  const mine = (loading = new AbortController());
  try {
    const page = await host.call('messages', { before: next, limit: PAGE_SIZE }, mine.signal);
    messages.push(...page.messages);
    next = page.next;
    grid.setRows(messages.length, Math.max(info?.messages ?? 0, messages.length));
    showFacts();
  } catch (error) {
    fail(error);
  } finally {
    if (loading === mine) loading = undefined;
  }
}

async function open(index: number): Promise<void> {
  const line = messages[index];
  if (!line) return;
  try {
    const message = await host.call('message', { partition: line.partition, offset: line.offset });
    detail.show({
      title: t('Partition {0}, offset {1}', message.partition, message.offset),
      ...(message.error === undefined ? {} : { error: message.error }),
      fields: [
        { name: t('Time (UTC)'), value: message.timestamp },
        { name: t('Key'), value: message.key },
        { name: t('Schema id'), value: message.schemaId === null ? null : String(message.schemaId) },
        ...Object.entries(message.headers).map(([name, value]) => ({ name: t('Header {0}', name), value })),
      ],
      json: {
        title: message.error === undefined ? t('Value') : t('Value (bytes in base64)'),
        text: message.json,
      },
    });
  } catch (error) {
    fail(error);
  }
}

async function onChanged(): Promise<void> {
  if (failed || messages.length === 0) {
    await reload();
    return;
  }
  try {
    const facts = await host.call('info', null);
    frame.stale(facts.messages !== info?.messages);
  } catch (error) {
    // What is loaded stays readable; a refresh tells what is wrong.
    if (!isAborted(error)) frame.stale(true);
  }
}

void reload();
