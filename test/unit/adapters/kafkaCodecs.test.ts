import assert from 'node:assert/strict';
import { unsnappy } from '../../../src/adapters/kafkaCodecs.ts';

/** By hand, after https://github.com/google/snappy/blob/main/format_description.txt: length, one literal. */
const block = (text: string): Buffer =>
  Buffer.concat([Buffer.from([text.length, (text.length - 1) << 2]), Buffer.from(text)]);
const lengthOf = (data: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(data.length);
  return length;
};

describe('snappy', () => {
  it('is read as the bare block that librdkafka writes', () => {
    assert.equal(unsnappy(block('hello')).toString(), 'hello');
  });

  it('is read in the frames that Java writes', () => {
    const header = Buffer.from('82534e4150505900' + '00000001' + '00000001', 'hex');
    const blocks = [block('one, '), block('two')].flatMap((data) => [lengthOf(data), data]);
    assert.equal(unsnappy(Buffer.concat([header, ...blocks])).toString(), 'one, two');
  });

  it('that is cut is refused', () => {
    assert.throws(() => unsnappy(block('hello').subarray(0, 4)));
  });
});
