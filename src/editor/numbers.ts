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

/** Bytes that came as int64 text, in the unit a person would say. */
export function bytesText(bytes: string): string {
  const size = Number(bytes);
  if (size < 1024) return `${count(size)} B`;
  if (size < 1_048_576) return `${count(Math.round(size / 1024))} KiB`;
  return mebibytes(size);
}

/** Of one core, so that it may be more than 100. */
export function percent(value: number): string {
  return `${count(value > 0 && value < 1 ? 1 : Math.round(value))} %`;
}
