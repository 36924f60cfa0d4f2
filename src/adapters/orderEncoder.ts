/** Encodes order lines by the schemas in sandbox/schemas. */
import { Type, type Schema } from 'avsc';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toDays } from '../core/dates.ts';
import { toTwosComplement, toUnscaled } from '../core/decimal.ts';
import { TOPICS, type OrderLine, type WireFormat } from '../core/orders.ts';
import type { OrderEncoder, SchemaRegistry } from '../core/ports.ts';
import { remember } from '../core/remember.ts';
import { resourceFolder } from './resources.ts';

const SCHEMAS = {
  avro: { file: 'orders-value.avsc', type: 'AVRO' },
  json: { file: 'orders-json-value.json', type: 'JSON' },
} as const;
const FRAME_BYTES = 5;
const SLAB_BYTES = 256 * 1024;
const PRICE_SCALE = 2;

type Body = (line: OrderLine, slab: Buffer, position: number) => number;

const priceBytes = remember((text: string) => {
  const unscaled = toUnscaled(text, PRICE_SCALE);
  if (unscaled === undefined) throw new RangeError(`no price: ${text}`);
  return Buffer.from(toTwosComplement(unscaled));
});
const days = remember(toDays);
const keyBytes = remember((text: string) => Buffer.from(text));

/** Writes at a position; a position beyond the slab's end, or a negative one, means that it does not fit. */
function avroBody(schema: string): Body {
  // Without logical types: prices come as bytes and dates as days, which is what makes it quick.
  const type = Type.forSchema(JSON.parse(schema) as Schema, { wrapUnions: false });
  return (line, slab, position) =>
    type.encode({ ...line, date: days(line.date), price: priceBytes(line.price) }, slab, position);
}

const jsonBody: Body = (line, slab, position) => {
  const text = JSON.stringify(line);
  const bytes = Buffer.byteLength(text);
  if (position + bytes > slab.length) return -1;
  return position + slab.write(text, position);
};

/** Registers the schema of the format when it is not there, and encodes with its id. */
export async function createOrderEncoder(
  registry: SchemaRegistry,
  format: WireFormat,
): Promise<OrderEncoder> {
  const { file, type } = SCHEMAS[format];
  const schema = await readFile(join(resourceFolder(), 'sandbox', 'schemas', file), 'utf8');
  const topic = TOPICS[format];
  const id = await registry.register(`${topic}-value`, type, schema);
  const body = format === 'avro' ? avroBody(schema) : jsonBody;
  let slab = Buffer.allocUnsafe(SLAB_BYTES);
  let used = 0;

  const place = (line: OrderLine): Buffer | undefined => {
    const start = used + FRAME_BYTES;
    if (start >= slab.length) return undefined;
    const end = body(line, slab, start);
    if (end < 0 || end > slab.length) return undefined;
    slab[used] = 0;
    slab.writeUInt32BE(id, used + 1);
    const value = slab.subarray(used, end);
    used = end;
    return value;
  };

  return {
    topic,
    encode: (line) => {
      let value = place(line);
      // Messages hold on to their slab, so a full one is left to them.
      for (let size = SLAB_BYTES; value === undefined; size *= 4) {
        slab = Buffer.allocUnsafe(size);
        used = 0;
        value = place(line);
      }
      return { key: keyBytes(line.transactionNo), value };
    },
  };
}
