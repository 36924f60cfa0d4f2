/** Moments as these pages write them: always UTC. */

/** `2026-01-31 12:00:00`, with milliseconds where there are some. */
export function utcText(ms: number): string {
  return inputText(ms).replace('T', ' ');
}

/** As an input of type datetime-local takes it. */
export function inputText(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace('Z', '')
    .replace(/\.000$/, '');
}

/** What such an input holds, read as UTC; undefined when it holds no moment. */
export function inputTime(text: string): number | undefined {
  const ms = Date.parse(`${text}Z`);
  return text === '' || Number.isNaN(ms) ? undefined : ms;
}
