/** What the generated shop sells, and to where. */
import { cumulate } from './random.ts';
import type { Random } from './random.ts';
import { fromUnscaled } from './decimal.ts';

/** Shares of the lines as in the data set, rounded; the United Kingdom has nine of ten. */
const COUNTRY_SHARES: readonly (readonly [string, number])[] = [
  ['United Kingdom', 90.5],
  ['Germany', 2.0],
  ['France', 2.0],
  ['EIRE', 1.5],
  ['Spain', 0.5],
  ['Netherlands', 0.5],
  ['Belgium', 0.4],
  ['Switzerland', 0.4],
  ['Portugal', 0.3],
  ['Australia', 0.25],
  ['Norway', 0.2],
  ['Italy', 0.2],
  ['Channel Islands', 0.15],
  ['Finland', 0.15],
  ['Cyprus', 0.1],
  ['Sweden', 0.1],
  ['Austria', 0.1],
  ['Denmark', 0.1],
  ['Japan', 0.1],
  ['Poland', 0.1],
  ['USA', 0.1],
  ['Israel', 0.05],
  ['Unspecified', 0.05],
  ['Singapore', 0.05],
  ['Iceland', 0.05],
  ['Canada', 0.03],
  ['Greece', 0.03],
  ['Malta', 0.02],
];
export const COUNTRIES: readonly string[] = COUNTRY_SHARES.map(([name]) => name);
export const COUNTRY_WEIGHTS = cumulate(COUNTRY_SHARES.map(([, share]) => share));

const QUALITIES = [
  'Vintage',
  'Retrospot',
  'Ivory',
  'Wooden',
  'Set Of 6',
  'Pack Of 12',
  'Hanging',
  'Small',
  'Large',
  'Red',
  'Blue',
  "Children's",
  'Regency',
  'Jumbo',
  'Glass',
  'Paper',
];
const THINGS = [
  'Tea Light Holder',
  'Lunch Box',
  'Cake Cases',
  'Bunting',
  'Alarm Clock',
  'Storage Bag',
  'Photo Frame',
  'Jam Making Set',
  'Picnic Basket',
  'Hot Water Bottle',
  'Coffee Mug',
  'Doormat',
  'Candle',
  'Gift Tag',
  'Umbrella',
  'Ribbon 3" Wide',
  'Cutlery Set',
  "Gardener's Gloves",
  'Wall Art',
  'Star Decoration',
  'Notebook, Lined',
  'Apron',
  'Bread Bin',
  'Toadstool Lamp',
  'Charm Bracelet',
];

export interface Product {
  readonly productNo: string;
  readonly productName: string;
  readonly price: string;
}

/** One product for each quality of each thing; number and price hold for as long as the shop does. */
export function createProducts(random: Random): readonly Product[] {
  return THINGS.flatMap((thing) =>
    QUALITIES.map((quality) => ({ productName: `${quality} ${thing}`, order: random.next() })),
  )
    .sort((one, other) => one.order - other.order)
    .map(({ productName }, index): Product => {
      // Some numbers carry a letter, as in the data set.
      const letter = random.chance(0.15) ? random.pick(['A', 'B', 'C', 'P', 'S']) : '';
      const pence = BigInt(Math.round(10 ** (2.6 + random.next() * 1.1)));
      return {
        productNo: `${21_000 + index * 7 + random.integer(0, 6)}${letter}`,
        productName,
        price: fromUnscaled(pence, 2),
      };
    });
}
