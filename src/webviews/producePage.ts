/** Produces to a topic: generated orders with live dials, or one message by a form. */
import type { GeneratorLook, OpenedProduce, ProduceCalls } from '../wire/produce.ts';
import { button, element } from './dom.ts';
import { createChoice, labelled } from './forms.ts';
import { createGeneratorForm } from './generatorForm.ts';
import { createGeneratorLive } from './generatorLive.ts';
import { connect, isAborted, t, toFailure } from './host.ts';
import { createLater, createPull } from './pull.ts';
import { createMessageTab } from './messageTab.ts';
import { showBadge } from './connectionBadge.ts';
import { createTabs } from './tabs.ts';

/** Milliseconds between two looks while something runs, and until a change is told to the host. */
const LOOK = 200;
const SET = 150;

const host = connect<ProduceCalls>({
  changed: () => {
    open();
  },
});

let opened: OpenedProduce | undefined;
let settled = false;
let running = false;

const pull = createPull(look, LOOK);
const open = createPull(load, 0);
const set = createLater(() => void change(), SET);

const title = element('h1');
const choice = createChoice<string>([]);
choice.element.addEventListener('change', () => {
  message.leave();
  void host.call('choose', { topic: choice.value }).catch(fail).then(open);
});

const live = createGeneratorLive({
  onStart: () => void start(),
  onPause: () => void act('pause'),
  onResume: () => void act('resume'),
  onStop: () => void act('stop'),
  onShow: () => void act('showSent'),
  onCommand: (id) => void host.call('command', { id }).catch(fail),
});
const form = createGeneratorForm({
  typicalShare: () => opened?.typicalShare ?? 0,
  onChange: set,
  onSubmit: () => void start(),
});
const elsewhere = element('div', { class: 'elsewhere' });
const generator = element('div', { class: 'pane' }, elsewhere, live.element, form.element);
const message = createMessageTab(host);
const tabs = createTabs(
  t('How to produce'),
  [
    { name: 'generator', label: t('Generator'), panel: generator },
    { name: 'message', label: t('Message'), panel: message.element },
  ],
  () => undefined,
);

document
  .querySelector('main')
  ?.replaceChildren(
    element(
      'header',
      { class: 'toolbar' },
      title,
      element('div', { class: 'facts' }),
      labelled(t('Topic'), choice.element),
    ),
    tabs.list,
    ...tabs.panels,
  );

async function load(): Promise<void> {
  try {
    const before = opened?.topic;
    opened = await host.call('opened', null);
    showBadge(opened.connection);
    show(opened);
    // The generator's orders fit only their own topics.
    if (before === undefined && !opened.orderTopics.includes(opened.topic)) tabs.show('message');
    pull();
    await message.show(opened.topic);
  } catch (error) {
    fail(error);
  }
}

function show({ topic, topics, orderTopics, faults, settings }: OpenedProduce): void {
  title.textContent = t('Produce to {0}', topic);
  tabs.only(orderTopics.length === 0 ? 'message' : undefined);
  document.title = title.textContent;
  choice.element.replaceChildren(
    ...topics.map((name) => {
      const option = element('option', {}, name);
      option.value = name;
      return option;
    }),
  );
  choice.value = topic;
  arrange();
  elsewhere.replaceChildren(
    element('p', {}, t('The generator makes orders, and they go to topics of their own.')),
    element(
      'div',
      { class: 'buttons' },
      ...orderTopics.map((name) =>
        button(t('Produce to {0}', name), () => {
          choice.value = name;
          choice.element.dispatchEvent(new Event('change'));
        }),
      ),
    ),
  );
  // What a person sets here is newer than what the host remembers.
  if (!settled) form.show(faults, settings);
  settled = true;
}

/** Of a topic for other things, only what runs is shown. */
function arrange(): void {
  const fits = opened?.orderTopics.includes(opened.topic) ?? false;
  form.element.hidden = !fits;
  elsewhere.hidden = fits;
  live.element.hidden = !fits && !running;
}

async function look(): Promise<void> {
  try {
    tell(await host.call('look', null));
  } catch (error) {
    fail(error);
  }
}

function tell(now: GeneratorLook): void {
  live.show(now);
  form.tell(now);
  running = now.phase === 'running' || now.phase === 'paused' || now.phase === 'stopping';
  arrange();
  if (running) pull();
}

async function start(): Promise<void> {
  const settings = form.read(true);
  if (!settings || !opened) return;
  try {
    live.fail(undefined);
    await host.call('start', { topic: opened.topic, settings });
  } catch (error) {
    fail(error);
  }
  pull();
}

async function act(call: 'pause' | 'resume' | 'stop' | 'showSent'): Promise<void> {
  try {
    const done = host.call(call, null);
    pull();
    await done;
  } catch (error) {
    fail(error);
  }
  pull();
}

async function change(): Promise<void> {
  const settings = form.read(false);
  if (!settings) return;
  try {
    await host.call('set', settings);
    form.refuse(undefined);
  } catch (error) {
    const failure = toFailure(error);
    if (failure.code === 'bad-faults') form.refuse(failure.message);
    else fail(error);
  }
}

function fail(error: unknown): void {
  if (!isAborted(error)) live.fail(toFailure(error));
}

open();
