/** Asks how fast messages are sent again. */
import { t } from '../core/l10n.ts';
import type { Pace } from '../core/replay.ts';
import { askOne, askText } from './ask.ts';
import { count } from './numbers.ts';
import { parseCount } from './produceForm.ts';

const MOST_A_SECOND = 1_000_000;
const MOST_FACTOR = 1_000_000;

const factorOf = (text: string): number | undefined => {
  const factor = Number(text.trim().replace(',', '.'));
  return factor > 0 && factor <= MOST_FACTOR ? factor : undefined;
};

export async function askPace(title: string, question: string): Promise<Pace> {
  const by = await askOne(
    [
      { label: t('As fast as it goes'), value: 'speed' },
      { label: t('At a rate…'), description: t('so many a second'), value: 'rate' },
      { label: t('As it was'), description: t('with the same time between them'), value: 'same' },
      { label: t('Faster or slower than it was…'), value: 'times' },
    ] as const,
    { title, placeHolder: question },
  );
  switch (by) {
    case 'speed':
      return { by };
    case 'same':
      return { by: 'times', factor: 1 };
    case 'rate': {
      const wrong = t('A whole number from 1 to {0}', count(MOST_A_SECOND));
      const text = await askText({
        title,
        prompt: t('How many messages a second?'),
        validateInput: (input) => (parseCount(input, MOST_A_SECOND) === undefined ? wrong : undefined),
      });
      return { by, perSecond: parseCount(text, MOST_A_SECOND) ?? 1 };
    }
    case 'times': {
      const text = await askText({
        title,
        prompt: t('How many times as fast? 10 is ten times as fast, 0.5 half as fast.'),
        value: '10',
        validateInput: (input) => (factorOf(input) === undefined ? t('A number above 0') : undefined),
      });
      return { by, factor: factorOf(text) ?? 1 };
    }
  }
}
