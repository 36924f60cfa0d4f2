/**
 * Faults to put into a stream on purpose, by name and share. Each faulty line breaks the one rule its fault names, so
 * that the pipeline's counts can be checked against the counts of what was sent.
 */
import { UserError } from './errors.ts';
import { t } from './l10n.ts';
import type { OrderLine } from './orders.ts';
import type { Random } from './random.ts';

/** Where a fault can be: in a message only, in a CSV file only, or in both. */
type Place = 'message' | 'csv' | 'both';

export type Damage = 'first-byte' | 'schema-id' | 'cut-short';

/** What a faulty line becomes. */
export interface Faulty {
  readonly line: OrderLine;
  /** Bytes to break once the line is encoded. */
  readonly damage?: Damage;
  /** Fields of a CSV row that no schema can hold. */
  readonly csv?: Readonly<Partial<Record<'price' | 'date' | 'quantity', string>>>;
}

interface Fault {
  /** The rule of the pipeline that it breaks; else where the line ends: duplicates, silver, or the rejects file. */
  readonly breaks: string;
  readonly place: Place;
  /** Faults on the stream itself have none. */
  readonly apply?: (line: OrderLine, random: Random) => Faulty | undefined;
}

const isCancellation = ({ transactionNo }: OrderLine): boolean => transactionNo.startsWith('C');
const change = (line: OrderLine, changes: Partial<OrderLine>): Faulty => ({ line: { ...line, ...changes } });

const table = {
  duplicate: { breaks: 'duplicates', place: 'both' },
  late: { breaks: 'silver', place: 'both' },
  messy: {
    breaks: 'silver',
    place: 'both',
    apply: (line, random) =>
      change(line, {
        productNo: ` ${line.productNo.toLowerCase()}`,
        productName: line.productName.replace(' ', random.pick(['  ', ' \t ', '\u00a0 '])),
        country: `${line.country}  `,
      }),
  },
  'missing-customer': {
    breaks: 'has_customer',
    place: 'both',
    apply: (line, random) => change(line, { customerNo: random.pick([null, '', 'NA', 'null']) }),
  },
  'bad-transaction-no': {
    breaks: 'known_transaction_no',
    place: 'both',
    apply: (line, random) => {
      const digits = line.transactionNo.replace('C', '');
      const bad = random.pick([digits.slice(1), `${digits}0`, `${digits.slice(0, 3)}X${digits.slice(4)}`]);
      return change(line, { transactionNo: isCancellation(line) ? `C${bad}` : bad });
    },
  },
  'missing-product': {
    breaks: 'has_product',
    place: 'both',
    apply: (line, random) => change(line, { productNo: random.pick(['', '  ']) }),
  },
  'bad-price': {
    breaks: 'positive_price',
    place: 'both',
    apply: (line, random) => change(line, { price: random.pick(['0.00', `-${line.price}`]) }),
  },
  'zero-quantity': {
    breaks: 'non_zero_quantity',
    place: 'both',
    // A cancellation of nothing would break the rule of signs as well.
    apply: (line) => (isCancellation(line) ? undefined : change(line, { quantity: 0 })),
  },
  'wrong-sign': {
    breaks: 'sign_matches_kind',
    place: 'both',
    apply: (line) => change(line, { quantity: -line.quantity }),
  },
  'future-date': {
    breaks: 'has_date',
    place: 'both',
    // Far enough for any clock of the broker, and the same for the same seed.
    apply: (line, random) =>
      change(line, { date: `${random.integer(2900, 2999)}${line.date.slice(4, 8)}01` }),
  },
  'missing-country': {
    breaks: 'has_country',
    place: 'both',
    apply: (line, random) => change(line, { country: random.pick(['', '  ']) }),
  },
  undecodable: {
    breaks: 'decodable',
    place: 'message',
    apply: (line, random) => ({
      line,
      damage: random.pick<Damage>(['first-byte', 'schema-id', 'cut-short']),
    }),
  },
  unsendable: {
    breaks: 'rejects',
    place: 'csv',
    apply: (line, random) => ({
      line,
      csv: random.pick([
        { price: 'n/a' },
        { price: `${line.price}5` },
        { date: '31/31/2019' },
        { date: 'yesterday' },
        { quantity: 'many' },
        { quantity: '1.5' },
      ]),
    }),
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof table;
export const FAULTS: Readonly<Record<FaultName, Fault>> = table;
export const FAULT_NAMES = Object.keys(FAULTS) as readonly FaultName[];

/** A little of everything that can go wrong: the share of each. */
export const TYPICAL_SHARE = 0.005;

/** Fault → share of the lines, in [0, 1]. */
export type FaultShares = ReadonlyMap<FaultName, number>;

/** How many of each fault. */
export type FaultCounts = Readonly<Partial<Record<FaultName, number>>>;

const isFaultName = (name: string): name is FaultName => Object.hasOwn(FAULTS, name);

/** The faults that a place allows. */
export const faultsFor = (place: 'message' | 'csv'): readonly FaultName[] =>
  FAULT_NAMES.filter((name) => FAULTS[name].place === 'both' || FAULTS[name].place === place);

/** Throws UserError `bad-faults` for shares that are none, or more than everything together. */
export function checkShares(shares: FaultShares): FaultShares {
  const all = [...shares.values()];
  if (!all.every((share) => share >= 0) || all.reduce((sum, share) => sum + share, 0) > 1 + 1e-9) {
    throw new UserError('bad-faults', t('The shares of the faults are more than 100% together.'));
  }
  return shares;
}

/** Reads `duplicate=1%,late=0.5%`; shares may also be fractions (`0.01`). Throws UserError `bad-faults`. */
export function parseFaults(spec: string, place: 'message' | 'csv'): FaultShares {
  const wrong = (message: string): UserError =>
    new UserError('bad-faults', message, {
      hint: t(
        'Faults there are: {0}. For example: {1}',
        faultsFor(place).join(', '),
        'duplicate=1%,late=0.5%',
      ),
    });
  const shares = new Map<FaultName, number>();
  for (const part of spec.split(',').map((text) => text.trim())) {
    if (part === '') continue;
    const [, name = part, number, percent] = /^([\w-]+)\s*=\s*(\d+(?:\.\d*)?|\.\d+)\s*(%?)$/.exec(part) ?? [];
    const bare = name.split('=')[0]?.trim() ?? '';
    if (!isFaultName(bare) || !faultsFor(place).includes(bare)) {
      throw wrong(t('There is no fault called "{0}".', bare));
    }
    const share = Number(number) / (percent ? 100 : 1);
    if (number === undefined || share > 1) throw wrong(t('"{0}" names no share between 0% and 100%.', part));
    if (shares.has(bare)) throw wrong(t('The fault "{0}" is named twice.', bare));
    shares.set(bare, share);
  }
  if ([...shares.values()].reduce((sum, share) => sum + share, 0) > 1 + 1e-9) {
    throw wrong(t('The shares of the faults are more than 100% together.'));
  }
  return shares;
}
