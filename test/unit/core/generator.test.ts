import assert from 'node:assert/strict';
import fc from 'fast-check';
import { generateOrders, STORY_DAYS } from '../../../src/core/generator.ts';
import type { OrderLine } from '../../../src/core/orders.ts';

const CLOCK = Date.UTC(2026, 10, 24, 9, 30);

function take(seed: number, count: number, clock = CLOCK): OrderLine[] {
  const lines = generateOrders(seed, clock);
  return Array.from({ length: count }, () => lines.next().value);
}

/** The share of the items that a condition holds for. */
const share = <T>(items: readonly T[], holds: (item: T) => boolean): number =>
  items.filter(holds).length / items.length;

describe('the generator', () => {
  const lines = take(7, 30_000);
  const sales = lines.filter(({ transactionNo }) => !transactionNo.startsWith('C'));
  const cancellations = lines.filter(({ transactionNo }) => transactionNo.startsWith('C'));

  it('gives the same stream for the same seed and clock, however far it is read', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 400 }), (seed, count) => {
        assert.deepEqual(take(seed, 400).slice(0, count), take(seed, count));
      }),
      { numRuns: 20 },
    );
  });

  it('gives another stream for another seed', () => {
    assert.notDeepEqual(take(1, 50), take(2, 50));
  });

  it('keeps to the rules of an order line', () => {
    for (const line of lines) {
      assert.match(line.transactionNo, /^C?\d{6}$/);
      assert.match(line.date, /^\d{4}-\d\d-\d\d$/);
      assert.match(line.price, /^\d+\.\d\d$/);
      assert.ok(Number(line.price) > 0);
      assert.ok(Number.isInteger(line.quantity) && line.quantity !== 0);
      assert.equal(line.quantity < 0, line.transactionNo.startsWith('C'));
      assert.match(line.customerNo ?? '', /^\d{5}$/);
      assert.ok(line.country && line.productNo && line.productName);
    }
  });

  it('ends no day after the clock and begins none before the story', () => {
    const dates = lines.map(({ date }) => date).sort();
    assert.equal(dates.at(-1), '2026-11-24');
    assert.equal(dates[0], new Date(CLOCK - (STORY_DAYS - 1) * 86_400_000).toISOString().slice(0, 10));
  });

  it('goes through the year day by day', () => {
    const first = lines.slice(0, 10_000).map(({ date }) => date);
    assert.deepEqual(first, [...first].sort());
  });

  it('cancels only what was bought before, not more of it, and no order twice', () => {
    const bought = new Map<string, OrderLine>();
    const cancelled = new Set<string>();
    let open = '';
    for (const line of lines) {
      const key = `${line.transactionNo.replace('C', '')} ${line.productNo}`;
      if (!line.transactionNo.startsWith('C')) {
        bought.set(key, line);
        continue;
      }
      if (line.transactionNo !== open) {
        assert.ok(!cancelled.has(line.transactionNo), `${line.transactionNo} is cancelled twice`);
        cancelled.add(line.transactionNo);
        open = line.transactionNo;
      }
      const sale = bought.get(key);
      assert.ok(sale, `${key} was not bought before`);
      assert.ok(-line.quantity <= sale.quantity);
      assert.ok(line.date >= sale.date);
      assert.deepEqual(
        { ...line, transactionNo: '', date: '', quantity: 0 },
        { ...sale, transactionNo: '', date: '', quantity: 0 },
      );
    }
    const rate = cancellations.length / lines.length;
    assert.ok(rate > 0.005 && rate < 0.05, String(rate));
  });

  it('lets price and name of a product hold', () => {
    const known = new Map<string, string>();
    for (const { productNo, productName, price } of lines) {
      const value = `${productName} ${price}`;
      assert.equal(known.get(productNo) ?? value, value);
      known.set(productNo, value);
    }
    assert.ok(known.size > 100);
    assert.equal(new Set(known.values()).size, known.size);
  });

  it('has customers who come back, each from one country', () => {
    const orders = new Map<string, Set<string>>();
    const countries = new Map<string, Set<string>>();
    for (const { customerNo, transactionNo, country } of sales) {
      assert.ok(customerNo);
      orders.set(customerNo, (orders.get(customerNo) ?? new Set()).add(transactionNo));
      countries.set(customerNo, (countries.get(customerNo) ?? new Set()).add(country));
    }
    assert.ok(share([...orders.values()], ({ size }) => size > 1) > 0.5);
    assert.ok([...countries.values()].every(({ size }) => size === 1));
  });

  it('has baskets of several different products', () => {
    const baskets = new Map<string, string[]>();
    for (const { transactionNo, productNo } of sales) {
      baskets.set(transactionNo, [...(baskets.get(transactionNo) ?? []), productNo]);
    }
    const sizes = [...baskets.values()];
    assert.ok(share(sizes, ({ length }) => length > 1) > 0.6);
    assert.ok(sizes.some(({ length }) => length >= 12));
    assert.ok(sizes.every((products) => new Set(products).size === products.length));
  });

  it('repeats no line, so that only a fault makes a duplicate', () => {
    assert.equal(new Set(lines.map((line) => JSON.stringify(line))).size, lines.length);
  });

  it('sells most to the United Kingdom, and to many others', () => {
    const home = share(sales, ({ country }) => country === 'United Kingdom');
    assert.ok(home > 0.8 && home < 0.97, String(home));
    assert.ok(new Set(sales.map(({ country }) => country)).size > 10);
  });

  it('sells more before Christmas than in the quiet months', () => {
    const of = (month: string): number => sales.filter(({ date }) => date.slice(5, 7) === month).length;
    assert.ok(of('10') > of('02'));
    assert.ok(of('10') > of('04'));
  });
});
