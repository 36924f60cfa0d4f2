/** A schema with a bit of everything that a form must show. */
const ADDRESS = {
  type: 'record',
  name: 'Address',
  fields: [
    { name: 'street', type: 'string' },
    { name: 'country', type: 'string', default: 'Brazil', doc: 'Where it goes.' },
  ],
};

/** Avro. */
export const PAYMENT = {
  type: 'record',
  name: 'shop.Payment',
  doc: 'Somebody pays.',
  fields: [
    { name: 'id', type: 'long', doc: 'Of the bank.' },
    {
      name: 'amount',
      type: { type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 },
    },
    { name: 'count', type: 'int' },
    { name: 'rate', type: 'double' },
    { name: 'paid', type: 'boolean' },
    { name: 'day', type: { type: 'int', logicalType: 'date' } },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'way', type: { type: 'enum', name: 'shop.Way', symbols: ['CARD', 'CASH'] } },
    { name: 'note', type: ['null', 'string'], default: null },
    { name: 'origin', type: ['string', 'long', ADDRESS] },
    { name: 'to', type: 'shop.Address' },
    { name: 'tags', type: { type: 'array', items: 'string' } },
    { name: 'limits', type: { type: 'map', values: 'int' } },
    { name: 'signature', type: 'bytes' },
    { name: 'before', type: ['null', 'shop.Payment'], default: null },
  ],
};
