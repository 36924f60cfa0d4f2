/** Order lines as rows of a CSV file in the shape of the data set, both ways. */
import { isoDate } from './dates.ts';
import { fromUnscaled, toUnscaled } from './decimal.ts';
import { UserError } from './errors.ts';
import type { Item } from './faultyStream.ts';
import { t } from './l10n.ts';
import type { OrderLine } from './orders.ts';
import { remember } from './remember.ts';

export const CSV_HEADER = [
  'TransactionNo',
  'Date',
  'ProductNo',
  'ProductName',
  'Price',
  'Quantity',
  'CustomerNo',
  'Country',
] as const;
type ColumnName = (typeof CSV_HEADER)[number];

const PRICE_SCALE = 2;
/** decimal(10,2) */
const PRICE_LIMIT = 10_000_000_000n;
const INT32 = { least: -2_147_483_648, most: 2_147_483_647 };

/** A row becomes a line, or the reason why the schema cannot hold it. */
export type RowReader = (
  fields: readonly string[],
) => { readonly line: OrderLine } | { readonly reason: string };

function readPrice(text: string): string | undefined {
  const unscaled = toUnscaled(text.trim(), PRICE_SCALE);
  if (unscaled === undefined || unscaled <= -PRICE_LIMIT || unscaled >= PRICE_LIMIT) return undefined;
  return fromUnscaled(unscaled, PRICE_SCALE);
}

function readDate(text: string): string | undefined {
  const [, month, day, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text.trim()) ?? [];
  return isoDate(Number(year), Number(month), Number(day));
}

function readQuantity(text: string): number | undefined {
  if (!/^[+-]?\d+$/.test(text.trim())) return undefined;
  const value = Number(text);
  return value >= INT32.least && value <= INT32.most ? value : undefined;
}

/** The file writes a missing customer as nothing or `NA`. */
const readCustomer = (text: string): string | null => (text === '' || text === 'NA' ? null : text);

/** Reads rows under a header; columns may stand in any order. Throws UserError `missing-column`. */
export function createRowReader(header: readonly string[], file: string): RowReader {
  const names = header.map((name) => name.trim().toLowerCase());
  const missing = CSV_HEADER.filter((name) => !names.includes(name.toLowerCase()));
  if (missing.length > 0) {
    throw new UserError('missing-column', t('{0} has no column {1}.', file, missing.join(', ')), {
      hint: t('The first line must name these columns: {0}', CSV_HEADER.join(',')),
    });
  }
  const at = Object.fromEntries(
    CSV_HEADER.map((name) => [name, names.indexOf(name.toLowerCase())]),
  ) as Record<ColumnName, number>;

  const dateOf = remember(readDate);
  const priceOf = remember(readPrice);

  return (fields) => {
    if (fields.length !== header.length) {
      return { reason: t('{0} columns instead of {1}', fields.length, header.length) };
    }
    const field = (name: ColumnName): string => fields[at[name]] ?? '';
    const date = dateOf(field('Date'));
    if (date === undefined) return { reason: t('"{0}" is no date (month/day/year)', clip(field('Date'))) };
    const price = priceOf(field('Price'));
    if (price === undefined) {
      return {
        reason: t('"{0}" is no price (at most 8 digits before and 2 after the point)', clip(field('Price'))),
      };
    }
    const quantity = readQuantity(field('Quantity'));
    if (quantity === undefined) return { reason: t('"{0}" is no whole number', clip(field('Quantity'))) };
    return {
      line: {
        transactionNo: field('TransactionNo'),
        date,
        productNo: field('ProductNo'),
        productName: field('ProductName'),
        price,
        quantity,
        customerNo: readCustomer(field('CustomerNo')),
        country: field('Country'),
      },
    };
  };
}

const clip = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A row in the shape of the data set, with its line end. */
export function toCsvRow({ line, csv }: Item): string {
  const [year, month, day] = line.date.split('-').map(Number);
  const fields = [
    line.transactionNo,
    csv?.date ?? `${month ?? 0}/${day ?? 0}/${year ?? 0}`,
    line.productNo,
    line.productName,
    csv?.price ?? line.price,
    csv?.quantity ?? String(line.quantity),
    line.customerNo ?? 'NA',
    line.country,
  ];
  return `${fields.map(quote).join(',')}\n`;
}
