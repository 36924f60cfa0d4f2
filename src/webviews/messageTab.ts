/** The tab that sends one message: its form, what can be done with it, and where what was sent is. */
import type { OpenedMessage, ProduceCalls, SentMessage } from '../wire/produce.ts';
import type { Failure } from '../wire/rpc.ts';
import { button, element } from './dom.ts';
import { commandOf, count, isAborted, t, toFailure, type Host } from './host.ts';
import { createMessageForm, type MessageFormView } from './messageForm.ts';
import { createLater } from './pull.ts';

/** Milliseconds until a change is kept. */
const KEEP = 500;

export interface MessageTab {
  readonly element: HTMLElement;
  /** Shows the form of a topic; the same one stays as it is unless its schemas are others. */
  show(topic: string): Promise<void>;
  /** Takes the form away: nothing goes to the topic of before while another one is not there yet. */
  leave(): void;
}

const schemasOf = ({ key, value }: OpenedMessage): string =>
  JSON.stringify([key, value].map((part) => part && [part.subject, part.version, part.type]));

export function createMessageTab(host: Host<ProduceCalls>): MessageTab {
  let opened: OpenedMessage | undefined;
  let form: MessageFormView | undefined;
  let last: (SentMessage & { readonly topic: string }) | undefined;
  let sending = false;

  let changed = false;

  const keepNow = (): void => {
    if (changed && opened && form) void call(host.call('keep', { topic: opened.topic, draft: form.now }));
    changed = false;
  };
  const keepLater = createLater(keepNow, KEEP);
  const keep = (): void => {
    changed = true;
    keepLater();
  };
  const trouble = element('div', { class: 'error trouble', role: 'alert' });
  const news = element('span', { class: 'news', role: 'status', 'aria-live': 'polite' });
  const show = button(t('Show'), () => {
    if (last) void call(host.call('showMessage', last));
  });
  trouble.hidden = show.hidden = true;
  const send = button(t('Send'), () => void submit(false), {
    class: 'primary',
    title: t('Sends it, and begins anew with a sample (Ctrl+Enter)'),
  });
  const sendAndKeep = button(t('Send and keep'), () => void submit(true), {
    title: t('Sends it, and leaves the form as it is'),
  });
  const asDocument = button(
    t('As a document'),
    () => {
      if (opened && form) void call(host.call('asDocument', { topic: opened.topic, draft: form.now }));
    },
    { title: t('Opens it as a document, which can be kept and sent again') },
  );
  const sample = button(
    t('Fill with a sample'),
    () => {
      form?.sample();
      keep();
    },
    { title: t('Takes away what was written') },
  );
  const place = element('div');
  const root = element(
    'div',
    { class: 'pane' },
    element('div', { class: 'entry send-bar' }, send, sendAndKeep, asDocument, sample, news, show),
    trouble,
    place,
  );

  const fail = (failure: Failure | undefined): void => {
    trouble.hidden = !failure;
    const { action, message, hint } = failure ?? {};
    trouble.replaceChildren(
      ...[message, hint].flatMap((text) => (text === undefined ? [] : [element('p', {}, text)])),
      ...(action ? [button(action.title, () => void call(host.call('command', commandOf(action))))] : []),
    );
  };
  /** What went wrong stands above the form, which stays. */
  const call = async <T>(work: Promise<T>): Promise<T | undefined> => {
    try {
      const result = await work;
      fail(undefined);
      return result;
    } catch (error) {
      if (!isAborted(error)) fail(toFailure(error));
      return undefined;
    }
  };
  const arm = (): void => {
    for (const one of [send, sendAndKeep]) one.ariaDisabled = sending || !form ? 'true' : null;
    for (const one of [asDocument, sample]) one.ariaDisabled = form ? null : 'true';
  };
  const leave = (): void => {
    keepNow();
    opened = form = undefined;
    place.replaceChildren();
    news.textContent = '';
    show.hidden = true;
    arm();
  };
  const submit = async (stays: boolean): Promise<void> => {
    if (sending || !opened || !form) return;
    const { topic } = opened;
    show.hidden = true;
    news.textContent = '';
    const draft = form.read();
    if (!draft) {
      news.textContent = t('Not sent: something is not in order.');
      return;
    }
    sending = true;
    const mine = form;
    arm();
    const result = await call(host.call('send', { topic, draft }));
    sending = false;
    arm();
    if (!result) return;
    if ('findings' in result) {
      if (mine !== form) return;
      news.textContent = t('Not sent: something is not in order.');
      mine.tell(result.findings);
      return;
    }
    const { partition, offset } = result.sent;
    last = { topic, partition, offset };
    news.textContent = t('Sent to {0}: partition {1}, offset {2}', topic, partition, count(BigInt(offset)));
    show.setAttribute('aria-label', t('Show partition {0}, offset {1}', partition, count(BigInt(offset))));
    show.hidden = false;
    if (!stays) mine.sample();
  };
  root.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void submit(false);
  });

  arm();
  return {
    element: root,
    leave,
    show: async (topic) => {
      if (opened?.topic !== topic) leave();
      const next = await call(host.call('message', { topic }));
      if (!next) return;
      const stays = opened?.topic === topic && schemasOf(opened) === schemasOf(next);
      opened = next;
      if (stays) return;
      form = createMessageForm(next, keep);
      form.element.addEventListener('submit', (event) => {
        event.preventDefault();
      });
      place.replaceChildren(form.element);
      arm();
    },
  };
}
