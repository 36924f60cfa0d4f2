/** The filter of the message viewer: a search box, and a chip for every other part. */
import type { Condition, RecordFilter, TextFilter } from '../wire/topic.ts';
import { button, element } from './dom.ts';
import type { Known } from './filterEditors.ts';
import { createFilterForm } from './filterForm.ts';
import { isFiltering, partsOf } from './filterParts.ts';
import { t } from './host.ts';
import { createSearchBox } from './searchBox.ts';

export interface TopicFilters {
  readonly nodes: readonly HTMLElement[];
  readonly chips: HTMLElement;
  /** What holds: the last that was not refused. */
  readonly filter: RecordFilter;
  show(filter: RecordFilter): void;
  readonly setTime: (time: RecordFilter['time']) => void;
  /** One part more, unless it is there. */
  add(part: { readonly condition: Condition } | { readonly text: TextFilter }): void;
  clear(): void;
  readonly focus: () => void;
}

function withOne<T>(all: readonly T[], one: T): readonly T[] {
  const same = JSON.stringify(one);
  return all.some((other) => JSON.stringify(other) === same) ? all : [...all, one];
}

export function createTopicFilters(options: {
  readonly known: () => Known;
  /** Resolves with why the filter was refused, if it was. */
  readonly apply: (filter: RecordFilter) => Promise<string | undefined>;
  readonly onLeave: () => void;
}): TopicFilters {
  /** What the search box gave when it was last not refused, and all the rest. */
  let text: TextFilter | null = null;
  let others: RecordFilter = {};
  let turn = 0;

  const whole = (first: TextFilter | null, rest: RecordFilter): RecordFilter => {
    const texts = [...(first ? [first] : []), ...(rest.texts ?? [])];
    const { texts: _, ...more } = rest;
    return texts.length > 0 ? { ...more, texts } : more;
  };
  const apply = async (nextText: TextFilter | null, next: RecordFilter): Promise<string | undefined> => {
    const mine = ++turn;
    const refused = await options.apply(whole(nextText, next));
    if (refused !== undefined || mine !== turn) return refused;
    text = nextText;
    others = next;
    showChips();
    return undefined;
  };
  const search = async (): Promise<void> => {
    const wanted = box.value;
    const refused = await apply(wanted, others);
    if (JSON.stringify(wanted) === JSON.stringify(box.value)) box.tell(refused);
  };
  const box = createSearchBox(() => void search(), options.onLeave);
  const form = createFilterForm({
    filter: () => others,
    known: options.known,
    apply: (next) => apply(text, next),
  });
  const chips = element('ul', { class: 'chips', 'aria-label': t('Filters') });
  chips.hidden = true;

  const clear = async (): Promise<void> => {
    box.value = null;
    box.tell(undefined);
    await apply(null, {});
    form.opener.focus();
  };
  const remove = async (without: RecordFilter, index: number): Promise<void> => {
    await apply(text, without);
    const left = [...chips.querySelectorAll<HTMLElement>('.chip button')];
    (left[Math.min(index, left.length - 1)] ?? form.opener).focus();
  };
  function showChips(): void {
    const parts = partsOf(others);
    chips.replaceChildren(
      ...parts.map((part, index) => {
        const label = t('Remove the filter {0}', part.text);
        const gone = button('×', () => void remove(part.without, index), {
          'aria-label': label,
          title: label,
        });
        gone.addEventListener('keydown', ({ key }) => {
          if (key === 'Delete' || key === 'Backspace') void remove(part.without, index);
        });
        return element('li', { class: 'chip' }, element('span', { title: part.text }, part.text), gone);
      }),
    );
    if (parts.length > 1) {
      const all = button(t('Clear all'), () => void clear(), { class: 'link' });
      chips.append(element('li', {}, all));
    }
    chips.hidden = parts.length === 0;
  }

  return {
    nodes: [...box.nodes, form.opener, form.panel],
    chips,
    get filter() {
      return whole(text, others);
    },
    show: (filter) => {
      const { texts = [], ...rest } = filter;
      const [first = null, ...more] = texts;
      text = box.value = first;
      others = more.length > 0 ? { ...rest, texts: more } : rest;
      showChips();
    },
    setTime: (time) => {
      const { time: _, ...rest } = others;
      if (isFiltering(time ? { time } : others)) void apply(text, time ? { ...rest, time } : rest);
    },
    add: (part) => {
      const { texts = [], conditions = [] } = others;
      const next =
        'text' in part
          ? { ...others, texts: withOne(texts, part.text) }
          : { ...others, conditions: withOne(conditions, part.condition) };
      void apply(text, next);
    },
    clear: () => void clear(),
    focus: box.focus,
  };
}
