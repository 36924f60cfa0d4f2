/** Numbers and sizes as the person's language writes them. */
import * as vscode from 'vscode';

export function count(value: number | bigint): string {
  return value.toLocaleString(vscode.env.language);
}

/** A count that came as int64 text. */
export function countText(value: string): string {
  return /^-?\d+$/.test(value) ? count(BigInt(value)) : value;
}

export function mebibytes(bytes: number): string {
  return `${count(Math.round(bytes / 1_048_576))} MiB`;
}
