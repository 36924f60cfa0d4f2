import assert from 'node:assert/strict';
import { findings, foundAt } from './support.ts';

describe('what Python 3.12 does not read', () => {
  it('finds where a file stops being Python', () => {
    foundAt('python-syntax', 'def a(:\n    return 1\n'.replace(':\n', '«:»\n'));
    foundAt('python-syntax', '«print» "orders"\nprint("orders")\n');
  });

  it('finds what came with 3.13 and 3.14', () => {
    foundAt('newer-python', 'class Box[«T = int»]:\n    pass\n');
    foundAt('newer-python', 'try:\n    pass\nexcept «ValueError, TypeError»:\n    pass\n');
    foundAt('newer-python', 'name = «t»"hello {name}"\n');
  });

  it('leaves names alone that only look like those of a module', () => {
    assert.deepEqual(findings('copy = "a"\nother = copy.replace("a", "b")\n'), []);
  });

  it('counts lines as the editor does, whatever ends them', () => {
    const [windows] = findings('import json\r\nimport nothing_there\r\n');
    assert.deepEqual(windows?.range, { start: { line: 1, column: 7 }, end: { line: 1, column: 20 } });
    const [old] = findings('import json\rimport nothing_there\r');
    assert.deepEqual(old?.range, windows.range);
  });

  it('reads all that 3.12 has', () => {
    assert.deepEqual(
      findings(
        `type Pair[T: int, *Ts, **P] = tuple[T, T]

def first[T](values: list[T]) -> T:
    return values[0]

async def more(a, /, b=20., *, c: "str" = f"{'a' + f"{1:>{2}}"!r}", **d):
    async with a as (one, two):
        yield
    with (
        open("/Volumes/a") as one.two,
        open("/Volumes/b") as four,
    ):
        pass
    try:
        pass
    except* (ValueError, TypeError) as error:
        raise RuntimeError from error
    match b:
        case ast.Name() | {"a": 1, **rest} if (n := len(rest)) > 1.:
            return
        case [1, *_]:
            pass
    (yield)
    print([*x for a, *x in b], lambda x=1.: (yield), sep="")
    print(*a, file=b)
    x: int
    global z; del y
    return rb'\\x' "a" 'b' if a else 0x_FF, 1_000.5e3j, ...
`.replace('[*x for a, *x in b]', '[x for a, *x in b]'),
      ),
      [],
    );
  });
});
