/** Which part of a topic is read, and how much of it is held. */
import type { ReadEnd, ReadStart, SessionState } from '../wire/topic.ts';
import { element } from './dom.ts';
import {
  createChoice,
  createProblem,
  labelled,
  NO_OFFSET,
  NO_TIME,
  offsetOf,
  textInput,
  timeInput,
} from './forms.ts';
import { count, t } from './host.ts';
import { inputText, inputTime } from './utc.ts';

export const NEWEST = { from: 'newest', count: 10_000 } as const satisfies ReadStart;
export const LIMIT_BYTES = 256 * 1024 * 1024;
const CAPACITIES = ['10000', '100000', '1000000'] as const;

export interface Range {
  readonly start: ReadStart;
  readonly end: ReadEnd;
  /** Messages that are held at most. */
  readonly records: number;
}

export const FIRST_RANGE: Range = { start: NEWEST, end: { until: 'forever' }, records: 1_000_000 };

export interface RangeForm {
  readonly element: HTMLFormElement;
  /** Takes what is read now. */
  show(range: Range): void;
  /** Says what was let go. */
  tell(state: SessionState): void;
}

type Given<K extends string> = { readonly kind: K; readonly timestampMs: number; readonly offset: string };

/** One end of the range: a choice, and beside it the time or offset that it needs. */
function createBound<K extends string>(
  label: string,
  names: { readonly time: string; readonly offset: string },
  options: readonly (readonly [K | 'time' | 'offset', string])[],
) {
  const choice = createChoice<K | 'time' | 'offset'>(options);
  const time = timeInput(names.time);
  const offset = textInput({ 'aria-label': names.offset });
  offset.inputMode = 'numeric';
  offset.size = 10;
  const problem = createProblem(time, offset);
  const zone = element('span', { class: 'unit', 'aria-hidden': 'true' }, 'UTC');
  const settle = (): void => {
    time.hidden = zone.hidden = choice.value !== 'time';
    offset.hidden = choice.value !== 'offset';
    problem.tell(undefined);
  };
  choice.element.addEventListener('change', () => {
    settle();
    if (choice.value === 'time') time.focus();
    if (choice.value === 'offset') offset.focus();
  });
  return {
    nodes: [labelled(label, choice.element), time, zone, offset, problem.element],
    problem,
    set: (kind: K | 'time' | 'offset', given: ReadStart | ReadEnd): void => {
      choice.value = kind;
      if ('timestampMs' in given) time.value = inputText(given.timestampMs);
      if ('offset' in given) offset.value = given.offset;
      settle();
    },
    /** Undefined, and told, when the answer is none. */
    read: (): Given<K | 'time' | 'offset'> | undefined => {
      const kind = choice.value;
      const timestampMs = inputTime(time.value);
      const number = offsetOf(offset.value);
      const wrong =
        kind === 'time' && timestampMs === undefined
          ? NO_TIME()
          : kind === 'offset' && number === null
            ? NO_OFFSET()
            : undefined;
      problem.tell(wrong);
      if (wrong !== undefined) (kind === 'time' ? time : offset).focus();
      return wrong === undefined ? { kind, timestampMs: timestampMs ?? 0, offset: number ?? '' } : undefined;
    },
  };
}

export function createRangeForm(onRead: (range: Range) => void): RangeForm {
  let newest: Extract<ReadStart, { from: 'newest' }> = NEWEST;
  const from = createBound<'newest' | 'beginning' | 'end'>(
    t('From'),
    { time: t('From this time (UTC)'), offset: t('From this offset') },
    [
      ['newest', t('Newest {0}', count(newest.count))],
      ['beginning', t('Beginning')],
      ['end', t('Now (only new ones)')],
      ['time', t('Time…')],
      ['offset', t('Offset…')],
    ],
  );
  const until = createBound<'forever' | 'now'>(
    t('Until'),
    { time: t('Until this time (UTC)'), offset: t('Until this offset') },
    [
      ['forever', t('Forever (live)')],
      ['now', t('Now')],
      ['time', t('Time…')],
      ['offset', t('Offset…')],
    ],
  );
  const capacity = createChoice(
    CAPACITIES.map((size) => [size, count(Number(size))] as const),
    {
      title: t(
        'When it is full (at {0} MB at the latest), the oldest are let go.',
        LIMIT_BYTES / 1024 / 1024,
      ),
    },
  );
  const gone = element('span', { class: 'gone' });
  const form = element(
    'form',
    { class: 'filters range', 'aria-label': t('What is read') },
    ...from.nodes,
    ...until.nodes,
    labelled(t('Hold up to'), capacity.element),
    element('button', { type: 'submit', class: 'secondary' }, t('Read')),
    gone,
  );
  form.noValidate = true;

  const startOf = ({ kind, timestampMs, offset }: NonNullable<ReturnType<typeof from.read>>): ReadStart => {
    switch (kind) {
      case 'newest':
        return newest;
      case 'time':
        return { from: 'time', timestampMs };
      case 'offset':
        return { from: 'offset', offset };
      case 'beginning':
      case 'end':
        return { from: kind };
    }
  };
  const endOf = ({ kind, timestampMs, offset }: NonNullable<ReturnType<typeof until.read>>): ReadEnd => {
    switch (kind) {
      case 'time':
        return { until: 'time', timestampMs };
      case 'offset':
        return { until: 'offset', offset };
      case 'forever':
      case 'now':
        return { until: kind };
    }
  };
  const isBackwards = (start: ReadStart, end: ReadEnd): boolean =>
    (start.from === 'time' && end.until === 'time' && end.timestampMs <= start.timestampMs) ||
    (start.from === 'offset' && end.until === 'offset' && BigInt(end.offset) <= BigInt(start.offset));

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const first = from.read();
    const last = until.read();
    if (!first || !last) return;
    const start = startOf(first);
    const end = endOf(last);
    if (isBackwards(start, end)) until.problem.tell(t('The end is not after the start.'));
    else onRead({ start, end, records: Number(capacity.value) });
  });

  return {
    element: form,
    show: ({ start, end, records }) => {
      if (start.from === 'newest') {
        newest = start;
        const option = form.querySelector('option');
        if (option) option.textContent = t('Newest {0}', count(newest.count));
      }
      // Where an earlier reading stood is no choice of a person's.
      from.set(start.from === 'cursors' ? 'newest' : start.from, start);
      until.set(end.until, end);
      capacity.value = CAPACITIES.find((size) => Number(size) === records) ?? '1000000';
    },
    tell: ({ first }) => {
      gone.textContent =
        first === 0
          ? ''
          : first === 1
            ? t('1 older one was let go')
            : t('{0} older ones were let go', count(first));
    },
  };
}
