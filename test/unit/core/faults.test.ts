import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isUserError } from '../../../src/core/errors.ts';
import { FAULT_NAMES, faultsFor, parseFaults, type FaultName } from '../../../src/core/faults.ts';
import { withFaults, type Item } from '../../../src/core/faultyStream.ts';
import { generateOrders } from '../../../src/core/generator.ts';

const CLOCK = Date.UTC(2026, 0, 31);

function take(spec: string, count: number, place: 'message' | 'csv' = 'message', seed = 3): Item[] {
  const items = withFaults(generateOrders(seed, CLOCK), parseFaults(spec, place), seed);
  return Array.from({ length: count }, () => items.next().value as Item);
}

/** The rules of the pipeline, written anew from their definition: which ones a line breaks. */
function brokenRules({ line, damage }: Item): string[] {
  if (damage) return ['decodable'];
  const clean = (text: string): string => text.replace(/[ \t\r\n\u00a0]+/g, ' ').trim();
  const transactionNo = clean(line.transactionNo);
  const rules: [string, boolean][] = [
    ['known_transaction_no', /^C?[0-9]{6}$/.test(transactionNo)],
    ['has_product', clean(line.productNo) !== ''],
    ['positive_price', Number(line.price) > 0],
    ['non_zero_quantity', line.quantity !== 0],
    ['sign_matches_kind', line.quantity < 0 === transactionNo.startsWith('C')],
    ['has_date', line.date < '2100-01-01'],
    ['has_country', clean(line.country) !== ''],
    ['has_customer', !['', 'na', 'null'].includes(clean(line.customerNo ?? '').toLowerCase())],
  ];
  return rules.filter(([, holds]) => !holds).map(([name]) => name);
}

const RULE_OF: Partial<Record<FaultName, string>> = {
  'missing-customer': 'has_customer',
  'bad-transaction-no': 'known_transaction_no',
  'missing-product': 'has_product',
  'bad-price': 'positive_price',
  'zero-quantity': 'non_zero_quantity',
  'wrong-sign': 'sign_matches_kind',
  'future-date': 'has_date',
  'missing-country': 'has_country',
  undecodable: 'decodable',
};

describe('the spec of faults', () => {
  it('reads shares in percent and as fractions', () => {
    assert.deepEqual(
      [...parseFaults('duplicate=1%, late=0.5% ,undecodable=0.001', 'message')],
      [
        ['duplicate', 0.01],
        ['late', 0.005],
        ['undecodable', 0.001],
      ],
    );
    assert.equal(parseFaults('', 'message').size, 0);
  });

  it('names what is wrong, and the faults there are', () => {
    const cases: [string, RegExp][] = [
      ['dupes=1%', /dupes/],
      ['duplicate', /duplicate/],
      ['duplicate=101%', /101%/],
      ['duplicate=-1%', /duplicate=-1%/],
      ['duplicate=x', /duplicate=x/],
      ['duplicate=1%,duplicate=2%', /twice/],
      ['duplicate=60%,late=60%', /100%/],
      ['unsendable=1%', /unsendable/],
      ['toString=1%', /toString/],
    ];
    for (const [spec, message] of cases) {
      assert.throws(
        () => parseFaults(spec, 'message'),
        (error) => {
          assert.ok(isUserError(error), spec);
          assert.equal(error.code, 'bad-faults');
          assert.match(error.message, message);
          assert.match(error.hint ?? '', /undecodable/);
          return true;
        },
      );
    }
  });
});

describe('a stream with faults', () => {
  const spec = (place: 'message' | 'csv'): string =>
    faultsFor(place)
      .map((name) => `${name}=2%`)
      .join(',');

  it('breaks exactly the one rule that a fault names, and no other line breaks any', () => {
    for (const item of take(spec('message'), 30_000)) {
      const rule = item.fault && RULE_OF[item.fault];
      assert.deepEqual(brokenRules(item), rule === undefined ? [] : [rule], JSON.stringify(item));
    }
  });

  it('draws every fault by about its share', () => {
    const items = take(spec('message'), 30_000);
    for (const name of faultsFor('message')) {
      const found = items.filter(({ fault }) => fault === name).length / items.length;
      assert.ok(Math.abs(found - 0.02) < 0.006, `${name}: ${found}`);
    }
  });

  it('makes duplicates of sound lines sent before, and nothing else equal', () => {
    const seen = new Set<string>();
    for (const { line, fault, damage } of take(spec('message'), 30_000)) {
      const text = JSON.stringify(line);
      if (fault === 'duplicate') assert.ok(seen.has(text));
      else if (!damage) assert.ok(!seen.has(text), text);
      if (fault === undefined || fault === 'late') seen.add(text);
    }
  });

  it('sends a late line after lines that were bought after it', () => {
    const items = take('late=5%', 3000);
    const order = new Map(
      take('', 4000).map(({ line }, index): [string, number] => [JSON.stringify(line), index]),
    );
    let late = 0;
    items.forEach(({ line, fault }, index) => {
      if (fault !== 'late') return;
      late += 1;
      const before = items.slice(0, index).map((item) => order.get(JSON.stringify(item.line)) ?? -1);
      const place = order.get(JSON.stringify(line)) ?? -1;
      assert.ok(place >= 0);
      assert.ok(before.filter((other) => other > place).length >= 15);
    });
    assert.ok(late > 50);
  });

  it('is the same for the same seed', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        assert.deepEqual(
          take(spec('message'), 300, 'message', seed),
          take(spec('message'), 300, 'message', seed),
        );
      }),
      { numRuns: 10 },
    );
  });

  it('draws by other shares from the line on at which they change, and by none when there are none', () => {
    let shares = parseFaults('', 'message');
    const items = withFaults(generateOrders(3, CLOCK), () => shares, 3);
    const some = (many: number): Item[] => Array.from({ length: many }, () => items.next().value as Item);
    const share = (name: FaultName, of: readonly Item[]): number =>
      of.filter(({ fault }) => fault === name).length / of.length;
    assert.ok(some(1000).every(({ fault }) => fault === undefined));
    shares = parseFaults('duplicate=30%,bad-price=10%', 'message');
    const second = some(10_000);
    assert.ok(Math.abs(share('duplicate', second) - 0.3) < 0.02);
    assert.ok(Math.abs(share('bad-price', second) - 0.1) < 0.015);
    shares = parseFaults('late=20%', 'message');
    const third = some(10_000);
    assert.deepEqual([...new Set(third.map(({ fault }) => fault))].sort(), ['late', undefined]);
    shares = parseFaults('', 'message');
    // Lines held back still come, and nothing else.
    const fourth = some(1000);
    assert.ok(fourth.slice(0, 250).some(({ fault }) => fault === 'late'));
    assert.ok(fourth.slice(250).every(({ fault }) => fault === undefined));
  });

  it('is the same for the same seed when shares that change nothing are set again', () => {
    const text = spec('message');
    const items = withFaults(generateOrders(3, CLOCK), () => parseFaults(text, 'message'), 3);
    assert.deepEqual(
      Array.from({ length: 2000 }, () => items.next().value as Item),
      take(text, 2000),
    );
  });

  it('repeats lines that were sent before the duplicates were asked for', () => {
    let shares = parseFaults('', 'message');
    const items = withFaults(generateOrders(3, CLOCK), () => shares, 3);
    const before = Array.from({ length: 400 }, () => (items.next().value as Item).line);
    shares = parseFaults('duplicate=100%', 'message');
    for (let left = 100; left > 0; left -= 1) {
      const item = items.next().value as Item;
      assert.ok(item.fault === 'duplicate' && before.includes(item.line));
    }
  });

  it('leaves the stream as it is without faults', () => {
    const lines = generateOrders(3, CLOCK);
    for (const { line, fault } of take('', 1000)) {
      assert.deepEqual(line, lines.next().value);
      assert.equal(fault, undefined);
    }
  });

  it('holds rows that no schema can hold only in a CSV file', () => {
    const rows = take(spec('csv'), 5000, 'csv').filter(({ csv }) => csv);
    assert.ok(rows.length > 50);
    assert.ok(rows.every(({ fault }) => fault === 'unsendable'));
    assert.ok(FAULT_NAMES.includes('unsendable') && !faultsFor('message').includes('unsendable'));
  });
});
