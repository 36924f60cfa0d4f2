/** Asks how many orders, how fast and how bad; remembers the answers. */
import * as vscode from 'vscode';
import { Cancelled, messageOf } from '../core/errors.ts';
import { faultsFor, parseFaults, TYPICAL_SHARE } from '../core/faults.ts';
import { t } from '../core/l10n.ts';
import { askText as ask } from './ask.ts';

export interface ProduceAnswers {
  readonly count: number;
  /** Lines a second; undefined: as fast as it goes. */
  readonly rate: number | undefined;
  /** A fault spec; empty: only good lines. */
  readonly faults: string;
}

const REMEMBERED = 'produce.answers';
const FIRST: ProduceAnswers = { count: 1000, rate: undefined, faults: '' };

export const TYPICAL_FAULTS = faultsFor('message')
  .map((name) => `${name}=${100 * TYPICAL_SHARE}%`)
  .join(',');

/** A whole number in a range, with or without separators; undefined when it is none. */
export function parseCount(text: string, max: number): number | undefined {
  const digits = text.replace(/[\s.,_]/g, '');
  if (!/^\d{1,12}$/.test(digits)) return undefined;
  const value = Number(digits);
  return value >= 1 && value <= max ? value : undefined;
}

async function askCount(before: number): Promise<number> {
  const max = 100_000_000;
  const text = await ask({
    title: t('Produce orders (1/3)'),
    prompt: t('How many order lines?'),
    value: String(before),
    validateInput: (input) =>
      parseCount(input, max) === undefined
        ? t('A whole number from 1 to {0}', max.toLocaleString(vscode.env.language))
        : undefined,
  });
  return parseCount(text, max) ?? before;
}

async function askRate(before: number | undefined): Promise<number | undefined> {
  const max = 1_000_000;
  const text = await ask({
    title: t('Produce orders (2/3)'),
    prompt: t('How many lines a second? Empty: as fast as it goes.'),
    value: before === undefined ? '' : String(before),
    validateInput: (input) =>
      input.trim() !== '' && parseCount(input, max) === undefined
        ? t('A whole number from 1 to {0}', max.toLocaleString(vscode.env.language))
        : undefined,
  });
  return text === '' ? undefined : parseCount(text, max);
}

async function askFaults(before: string): Promise<string> {
  interface Choice extends vscode.QuickPickItem {
    readonly spec: string | undefined;
  }
  const custom = before !== '' && before !== TYPICAL_FAULTS;
  const choices: Choice[] = [
    { label: t('None'), description: t('only good lines'), spec: '' },
    {
      label: t('A few of each'),
      description: t('0.5% of each'),
      detail: faultsFor('message').join(', '),
      spec: TYPICAL_FAULTS,
    },
    ...(custom ? [{ label: t('As last time'), description: before, spec: before }] : []),
    { label: t('Let me write them…'), spec: undefined },
  ];
  const chosen = await vscode.window.showQuickPick(choices, {
    title: t('Produce orders (3/3)'),
    placeHolder: t('Which faults shall the orders have?'),
    ignoreFocusOut: true,
  });
  if (!chosen) throw new Cancelled();
  if (chosen.spec !== undefined) return chosen.spec;
  return ask({
    title: t('Produce orders (3/3)'),
    prompt: t('Faults and their shares'),
    value: before === '' ? TYPICAL_FAULTS : before,
    validateInput: (input) => {
      try {
        parseFaults(input, 'message');
        return undefined;
      } catch (error) {
        return messageOf(error);
      }
    },
  });
}

/** Throws Cancelled when the person gives up. */
export async function askProduce(memento: vscode.Memento): Promise<ProduceAnswers> {
  const before = { ...FIRST, ...memento.get<Partial<ProduceAnswers>>(REMEMBERED) };
  const count = await askCount(before.count);
  const rate = await askRate(before.rate);
  const faults = await askFaults(before.faults);
  const answers = { count, rate, faults };
  await memento.update(REMEMBERED, answers);
  return answers;
}
