/** When what happened in a run, from the events it told; for whoever asks where the time goes. */
interface TimedEvent {
  readonly type: string;
  readonly phase?: string;
  readonly dataset?: string;
  readonly state?: string;
}

/** Takes the events with the times at which they came: `[seconds, JSON line]`. */
export function phasesOf(lines: readonly (readonly [number, string])[]): string {
  return lines
    .flatMap(([seconds, line]) => {
      const event = JSON.parse(line) as TimedEvent;
      const what = event.phase ?? (event.dataset && `${event.dataset} ${event.state ?? ''}`);
      const told = event.type === 'phase' || event.type === 'dataset';
      return told && what ? [`${seconds.toFixed(1).padStart(6)} s ${what}`] : [];
    })
    .join('\n');
}
