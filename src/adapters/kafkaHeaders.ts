/** Headers as kafkajs 2.2.4 can be made to write them. */
import type { IHeaders } from 'kafkajs';
import type { Header } from '../core/topics.ts';

const NOTHING = Buffer.alloc(0);

interface Written {
  readonly key: string;
  readonly value: Buffer | null;
}

/**
 * kafkajs measures a value before it looks whether it is null (recordBatch/record/v0), and fails on null: it finds no
 * bytes there the first time, and null from then on.
 */
function nullHeader(key: string): Written {
  let measured = false;
  return {
    key,
    get value() {
      if (measured) return null;
      measured = true;
      return NOTHING;
    },
  };
}

/**
 * kafkajs takes an object of lists, one for each name, which would lose the order of the headers, and of names that are
 * numbers. It makes its list of them by `map`: this one answers with all headers as they are.
 */
class InOrder extends Array<never> {
  readonly #headers: readonly Header[];

  constructor(headers: readonly Header[]) {
    super();
    this.#headers = headers;
  }

  override map<T>(): T[] {
    return this.#headers.map(({ name, value }) =>
      value === null ? nullHeader(name) : { key: name, value: Buffer.from(value) },
    ) as T[];
  }
}

export const kafkaHeaders = (headers: readonly Header[]): IHeaders => ({ all: new InOrder(headers) });
