/** Which cells are chosen, and where a key moves the choice. Row −1 is the header. */

export interface Position {
  readonly row: number;
  readonly column: number;
}

export interface Extent {
  readonly rows: number;
  readonly columns: number;
  /** Rows that fit on the screen. */
  readonly page: number;
  /** Whether the header can be reached. */
  readonly header: boolean;
}

export interface Selection {
  /** Where the choice began. */
  readonly anchor: Position;
  readonly focus: Position;
}

export interface Rectangle {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

export function rectangle({ anchor, focus }: Selection): Rectangle {
  return {
    top: Math.max(0, Math.min(anchor.row, focus.row)),
    bottom: Math.max(anchor.row, focus.row),
    left: Math.min(anchor.column, focus.column),
    right: Math.max(anchor.column, focus.column),
  };
}

export interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/**
 * Where a key leads; undefined when it does not move. `rows` choosers go by whole rows, except in the header: Home and
 * End span the list.
 */
export function moved(
  from: Position,
  { key, ctrlKey, metaKey }: Key,
  extent: Extent,
  by: 'rows' | 'cells',
): Position | undefined {
  const first = extent.header ? -1 : 0;
  const last = extent.rows - 1;
  const whole = ctrlKey || metaKey || by === 'rows';
  const at = (row: number, column: number): Position => ({
    row: Math.max(first, Math.min(last, row)),
    column: Math.max(0, Math.min(extent.columns - 1, column)),
  });
  switch (key) {
    case 'ArrowDown':
      return at(whole && by === 'cells' ? last : from.row + 1, from.column);
    case 'ArrowUp':
      return at(whole && by === 'cells' ? 0 : from.row - 1, from.column);
    case 'ArrowRight':
      return by === 'rows' && from.row >= 0
        ? undefined
        : at(from.row, whole && by === 'cells' ? extent.columns - 1 : from.column + 1);
    case 'ArrowLeft':
      return by === 'rows' && from.row >= 0
        ? undefined
        : at(from.row, whole && by === 'cells' ? 0 : from.column - 1);
    case 'PageDown':
      return at(Math.max(0, from.row) + extent.page, from.column);
    case 'PageUp':
      return at(Math.max(0, from.row - extent.page), from.column);
    case 'Home':
      return at(whole ? 0 : from.row, by === 'rows' ? from.column : 0);
    case 'End':
      return at(whole ? last : from.row, by === 'rows' ? from.column : extent.columns - 1);
    default:
      return undefined;
  }
}

/** Cells as text that a spreadsheet takes: tabs between, a quoted field where it must be. */
export function tabSeparated(rows: readonly (readonly string[])[]): string {
  const field = (text: string): string => (/["\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(field).join('\t')).join('\n');
}
