import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { produceArguments, produceCommand, shellQuoted } from '../../../src/core/produceCommand.ts';

/** The arguments that a real shell gives to a program. */
function throughShell(words: string): readonly string[] {
  const program = `orders-lakehouse() { for one in "$@"; do printf '%s\\0' "$one"; done; }\n`;
  // Not every shell takes a dash in the name of a function.
  const script = (program + words).replaceAll('orders-lakehouse', 'orders_lakehouse');
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}
const MESSAGE = { topic: 'orders', key: null, value: null, headers: [] } as const;

describe('the command that sends a message again', () => {
  it('gives a shell the same arguments, whatever they hold', () => {
    const argument = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(fc.array(argument, { minLength: 1, maxLength: 40 }), (words) => {
        assert.deepEqual(throughShell(['orders-lakehouse', ...words.map(shellQuoted)].join(' ')), words);
      }),
      { numRuns: 40 },
    );
  });

  it('has key, value and headers in their order', () => {
    const message = {
      ...MESSAGE,
      key: `it's "1"`,
      value: { note: 'a $HOME `b` \\ \n', n: '9223372036854775807' },
      headers: [
        { name: 'trace', value: '1' },
        { name: 'trace', value: null },
        { name: 'a=b', value: 'c' },
      ],
    };
    const args = produceArguments(message, undefined, { home: '/tmp/a home' });
    assert.deepEqual(args, [
      'send',
      '--home=/tmp/a home',
      `--key=it's "1"`,
      '--value={"note":"a $HOME `b` \\\\ \\n","n":"9223372036854775807"}',
      '--header=trace=1',
      '--header={"name":"trace","value":null}',
      '--header={"name":"a=b","value":"c"}',
      'orders',
    ]);
    assert.deepEqual(throughShell(produceCommand(message, undefined, { home: '/tmp/a home' })), args);
  });

  it('tells text from null, and takes what would be a placeholder as it is', () => {
    assert.deepEqual(produceArguments(MESSAGE), ['send', '--value=null', 'orders']);
    assert.deepEqual(produceArguments({ ...MESSAGE, value: 'null', key: '' }), [
      'send',
      '--key=',
      '--value="null"',
      'orders',
    ]);
    assert.ok(produceArguments({ ...MESSAGE, value: '${seq}' }).includes('--value="$${seq}"'));
  });

  it('has bytes that are no text, or cannot be decoded, as they are', () => {
    const key = Buffer.from([0, 0xff]);
    const raw = { key, value: Buffer.from([1]), headers: [{ name: 'h', value: Buffer.from([0xfe]) }] };
    const shown = {
      ...MESSAGE,
      key: 'AP8=',
      value: 'AQ==',
      error: 'no',
      headers: [{ name: 'h', value: '/g==' }],
    };
    assert.deepEqual(produceArguments({ ...shown, topic: '-t' }, raw), [
      'send',
      '--key-base64=AP8=',
      '--value-base64=AQ==',
      '--header={"name":"h","base64":"/g=="}',
      '--',
      '-t',
    ]);
  });
});
