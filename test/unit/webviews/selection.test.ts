import assert from 'node:assert/strict';
import { moved, rectangle, tabSeparated } from '../../../src/webviews/selection.ts';

const extent = { rows: 100, columns: 5, page: 20, header: true };
const press = (key: string, ctrlKey = false) => ({ key, ctrlKey, metaKey: false });

describe('choosing cells', () => {
  it('moves by one, by a page, to the ends, and no further', () => {
    const cases: [key: string, ctrl: boolean, from: [number, number], to: [number, number]][] = [
      ['ArrowDown', false, [0, 2], [1, 2]],
      ['ArrowDown', false, [99, 2], [99, 2]],
      ['ArrowUp', false, [0, 2], [-1, 2]],
      ['ArrowUp', false, [-1, 2], [-1, 2]],
      ['ArrowUp', true, [50, 2], [0, 2]],
      ['ArrowRight', false, [3, 4], [3, 4]],
      ['ArrowRight', true, [3, 1], [3, 4]],
      ['ArrowLeft', false, [3, 0], [3, 0]],
      ['PageDown', false, [0, 0], [20, 0]],
      ['PageDown', false, [90, 0], [99, 0]],
      ['PageUp', false, [5, 0], [0, 0]],
      ['Home', false, [7, 3], [7, 0]],
      ['End', false, [7, 3], [7, 4]],
      ['Home', true, [7, 3], [0, 0]],
      ['End', true, [7, 3], [99, 4]],
    ];
    for (const [key, ctrl, [row, column], [toRow, toColumn]] of cases) {
      assert.deepEqual(
        moved({ row, column }, press(key, ctrl), extent, 'cells'),
        { row: toRow, column: toColumn },
        `${ctrl ? 'Ctrl+' : ''}${key} from ${row},${column}`,
      );
    }
    assert.equal(moved({ row: 0, column: 0 }, press('x'), extent, 'cells'), undefined);
  });

  it('goes by whole rows where rows are chosen', () => {
    const list = { ...extent, header: false };
    assert.deepEqual(moved({ row: 7, column: 0 }, press('End'), list, 'rows'), { row: 99, column: 0 });
    assert.deepEqual(moved({ row: 7, column: 0 }, press('Home'), list, 'rows'), { row: 0, column: 0 });
    assert.deepEqual(moved({ row: 0, column: 0 }, press('ArrowUp'), list, 'rows'), { row: 0, column: 0 });
    assert.equal(moved({ row: 7, column: 0 }, press('ArrowRight'), list, 'rows'), undefined);
  });

  it('spans from where it began, in any direction', () => {
    assert.deepEqual(rectangle({ anchor: { row: 5, column: 3 }, focus: { row: 2, column: 4 } }), {
      top: 2,
      bottom: 5,
      left: 3,
      right: 4,
    });
  });

  it('copies as a spreadsheet reads it', () => {
    assert.equal(
      tabSeparated([
        ['a', 'b\tc'],
        ['d "e"', 'f\ng'],
        ['', 'x'],
      ]),
      'a\t"b\tc"\n"d ""e"""\t"f\ng"\n\tx',
    );
  });
});
