import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isUserError } from '../../../src/core/errors.ts';
import { CSV_HEADER, createRowReader } from '../../../src/core/orderCsv.ts';
import type { OrderLine } from '../../../src/core/orders.ts';

const read = createRowReader(CSV_HEADER, 'orders.csv');
const row = (changes: Partial<Record<(typeof CSV_HEADER)[number], string>>): string[] =>
  CSV_HEADER.map(
    (name) =>
      changes[name] ??
      {
        TransactionNo: '581482',
        Date: '12/9/2019',
        ProductNo: '22485A',
        ProductName: 'Set Of 2 "Wooden" Market Crates',
        Price: '21.47',
        Quantity: '12',
        CustomerNo: '17490',
        Country: 'United Kingdom',
      }[name],
  );
const lineOf = (changes: Parameters<typeof row>[0]): OrderLine => {
  const result = read(row(changes));
  assert.ok('line' in result, JSON.stringify(result));
  return result.line;
};
const holds = (changes: Parameters<typeof row>[0], fields: Partial<OrderLine>): void => {
  const line = lineOf(changes);
  assert.deepEqual({ ...line, ...fields }, line);
};
const reasonOf = (changes: Parameters<typeof row>[0]): string => {
  const result = read(row(changes));
  assert.ok('reason' in result, JSON.stringify(result));
  return result.reason;
};

describe('rows of the data set', () => {
  it('become order lines', () => {
    assert.deepEqual(lineOf({}), {
      transactionNo: '581482',
      date: '2019-12-09',
      productNo: '22485A',
      productName: 'Set Of 2 "Wooden" Market Crates',
      price: '21.47',
      quantity: 12,
      customerNo: '17490',
      country: 'United Kingdom',
    });
  });

  it('hold what the schema can hold as it stands, also when a rule will refuse it', () => {
    holds(
      { TransactionNo: '', ProductNo: ' 22 ', Price: '-1', Quantity: '0', Country: '' },
      { transactionNo: '', productNo: ' 22 ', price: '-1.00', quantity: 0, country: '' },
    );
  });

  it('may have no customer', () => {
    for (const CustomerNo of ['', 'NA']) holds({ CustomerNo }, { customerNo: null });
    holds({ CustomerNo: 'null' }, { customerNo: 'null' });
  });

  it('are refused with the reason when the schema cannot hold them', () => {
    for (const Price of ['', 'abc', '1.005', '1,50', '1e2', 'NaN', '100000000', '-100000000.00', '£5']) {
      assert.match(reasonOf({ Price }), new RegExp(`"${Price}" is no price`));
    }
    for (const Date of [
      '',
      '13/1/2019',
      '2/29/2019',
      '2019-12-09',
      '12/9/19',
      '12/9/2019 10:00',
      '0/1/2019',
    ]) {
      assert.match(reasonOf({ Date }), new RegExp(`"${Date}" is no date`));
    }
    for (const Quantity of ['', '1.5', 'x', '2147483648', '-2147483649', '1e2', '0x1']) {
      assert.match(reasonOf({ Quantity }), new RegExp(`"${Quantity}" is no whole number`));
    }
    const short = read(['1', '2']);
    assert.ok('reason' in short);
    assert.match(short.reason, /2 columns instead of 8/);
  });

  it('take the bounds of the schema', () => {
    holds({ Price: '99999999.99' }, { price: '99999999.99' });
    holds({ Price: '-99999999.99' }, { price: '-99999999.99' });
    holds({ Quantity: '-2147483648' }, { quantity: -2_147_483_648 });
    holds({ Date: '2/29/2020' }, { date: '2020-02-29' });
  });

  it('keep every price of two decimals exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: -9_999_999_999, max: 9_999_999_999 }), (pence) => {
        const sign = pence < 0 ? '-' : '';
        const digits = String(Math.abs(pence)).padStart(3, '0');
        const Price = `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
        holds({ Price }, { price: Price });
      }),
    );
  });

  it('may have their columns in any order, and more of them', () => {
    const other = createRowReader([' Country ', 'Extra', ...CSV_HEADER.slice(0, 7)], 'x.csv');
    const result = other(['EIRE', '?', ...row({}).slice(0, 7)]);
    assert.ok('line' in result);
    assert.equal(result.line.country, 'EIRE');
    assert.equal(result.line.customerNo, '17490');
  });

  it('need all their columns, and the missing ones are named', () => {
    assert.throws(
      () =>
        createRowReader(
          ['TransactionNo', 'Date', 'ProductNo', 'ProductName', 'Price', 'CustomerNo'],
          'x.csv',
        ),
      (error) => {
        assert.ok(isUserError(error));
        assert.equal(error.code, 'missing-column');
        assert.match(error.message, /x\.csv.*Quantity, Country/);
        return true;
      },
    );
  });
});
