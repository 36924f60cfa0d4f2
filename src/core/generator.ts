/**
 * The story of a shop: customers who come back, baskets, prices that hold, seasons, and cancellations of earlier
 * orders. The seed and the clock's day determine the stream; how far it is read does not.
 */
import { COUNTRIES, COUNTRY_WEIGHTS, createProducts, type Product } from './assortment.ts';
import { fromDays, toDays } from './dates.ts';
import type { OrderLine } from './orders.ts';
import { createRandom, cumulate, pickByWeight, type Random } from './random.ts';

/** The story covers this many days, the last one being the clock's; then it is told again with new orders. */
export const STORY_DAYS = 373;
const FIRST_TRANSACTION = 536_365;
const LAST_TRANSACTION = 999_999;
const ORDERS_PER_DAY = 8;
const CANCELLED_SHARE = 0.03;
/** How many orders back a cancellation may reach. */
const REMEMBERED_ORDERS = 400;
const NEW_CUSTOMER = 0.25;
const MAX_CUSTOMERS = 6000;

/** January to December: the run-up to Christmas is the season. */
const MONTH_WEIGHTS = [0.75, 0.7, 0.85, 0.8, 0.95, 0.9, 0.9, 0.9, 1.15, 1.3, 1.65, 1.15];
/** Sunday to Saturday. */
const WEEKDAY_WEIGHTS = [0.8, 1, 1.1, 1.1, 1.25, 1.1, 0.65];

interface Customer {
  readonly customerNo: string;
  readonly country: string;
  /** How eager to come back; a few buy most. */
  readonly weight: number;
}

interface Shop {
  readonly random: Random;
  readonly products: readonly Product[];
  readonly popularity: readonly number[];
  readonly customers: Customer[];
  nextTransaction: number;
}

function openShop(seed: number): Shop {
  const random = createRandom(seed);
  const products = createProducts(random);
  return {
    random,
    products,
    popularity: cumulate(products.map((_, index) => 1 / (index + 12))),
    customers: [],
    nextTransaction: FIRST_TRANSACTION + random.integer(0, 200_000),
  };
}

function customerOf({ random, customers }: Shop): Customer {
  if (customers.length > 0 && (customers.length >= MAX_CUSTOMERS || !random.chance(NEW_CUSTOMER))) {
    const [one, other] = [random.pick(customers), random.pick(customers)];
    return one.weight >= other.weight ? one : other;
  }
  const customer = {
    customerNo: String(12_346 + customers.length),
    country: COUNTRIES[pickByWeight(random, COUNTRY_WEIGHTS)] ?? '',
    weight: random.next(),
  };
  customers.push(customer);
  return customer;
}

/** Mostly a few lines, sometimes a reseller's long list. */
function basketSize(random: Random): number {
  return random.chance(0.06) ? random.integer(12, 30) : 1 + Math.floor(random.next() ** 2 * 9);
}

function quantityOf(random: Random): number {
  return random.chance(0.3) ? random.pick([6, 10, 12, 24, 48, 100]) : random.integer(1, 12);
}

function buy(shop: Shop, date: string): readonly OrderLine[] {
  const { random, products, popularity } = shop;
  const { customerNo, country } = customerOf(shop);
  const transactionNo = String(shop.nextTransaction);
  shop.nextTransaction = shop.nextTransaction === LAST_TRANSACTION ? 100_000 : shop.nextTransaction + 1;
  const basket = new Set<Product>();
  for (let wanted = basketSize(random); wanted > 0; wanted -= 1) {
    const product = products[pickByWeight(random, popularity)];
    if (product) basket.add(product);
  }
  return [...basket].map(({ productNo, productName, price }) => ({
    transactionNo,
    date,
    productNo,
    productName,
    price,
    quantity: quantityOf(random),
    customerNo,
    country,
  }));
}

/** Takes back some lines of an order, whole or in part. */
function cancel(random: Random, order: readonly OrderLine[], date: string): readonly OrderLine[] {
  const some = order.filter(() => random.chance(0.5));
  return (some.length > 0 ? some : order.slice(0, 1)).map((line) => ({
    ...line,
    transactionNo: `C${line.transactionNo}`,
    date,
    quantity: -(random.chance(0.6) ? line.quantity : random.integer(1, line.quantity)),
  }));
}

function ordersOf(day: number, random: Random): number {
  const date = new Date(day * 86_400_000);
  const weight = (MONTH_WEIGHTS[date.getUTCMonth()] ?? 1) * (WEEKDAY_WEIGHTS[date.getUTCDay()] ?? 1);
  return Math.max(1, Math.round(ORDERS_PER_DAY * weight * (0.7 + random.next() * 0.6)));
}

/** Order lines without end; those of one order come together. `clock` is the shop's today, in milliseconds. */
export function* generateOrders(seed: number, clock: number): Generator<OrderLine, never> {
  const shop = openShop(seed);
  const { random } = shop;
  const today = toDays(new Date(clock).toISOString().slice(0, 10));
  for (;;) {
    /** Each order can be cancelled once. */
    const cancellable: (readonly OrderLine[])[] = [];
    for (let day = today - STORY_DAYS + 1; day <= today; day += 1) {
      const date = fromDays(day);
      for (let left = ordersOf(day, random); left > 0; left -= 1) {
        const order = buy(shop, date);
        yield* order;
        cancellable.push(order);
        if (cancellable.length > REMEMBERED_ORDERS) cancellable.shift();
        if (!random.chance(CANCELLED_SHARE)) continue;
        const [taken] = cancellable.splice(random.integer(0, cancellable.length - 1), 1);
        if (taken) yield* cancel(random, taken, date);
      }
    }
  }
}
