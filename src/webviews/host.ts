/** The page's end of the wire, its language, and its numbers. */
import { BOOT_ELEMENT, type Boot, type HostCalls, type PageNotices } from '../wire/page.ts';
import { createPeer, RemoteError, type Contract, type Failure, type Peer } from '../wire/rpc.ts';

declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

type Nothing = Readonly<Record<string, never>>;

/** The other end, as a part of a page sees it. */
export type Host<C extends Contract> = Pick<Peer<C, Nothing>, 'call'>;

const boot = JSON.parse(document.getElementById(BOOT_ELEMENT)?.textContent ?? '{}') as Partial<Boot>;

/** The translation of an English text, with `{0}`, `{1}` … replaced. */
export function t(text: string, ...args: readonly (string | number)[]): string {
  const translated = boot.bundle?.[text] ?? text;
  return translated.replace(/\{(\d+)\}/g, (whole, index: string) => String(args[Number(index)] ?? whole));
}

/** A count as the person's language writes it. */
export function count(value: number | bigint): string {
  return value.toLocaleString(boot.locale);
}

/** A measured number: one decimal while it is small. */
export function decimal(value: number): string {
  const digits = value > 0 && value < 10 ? 1 : 0;
  return value.toLocaleString(boot.locale, { maximumFractionDigits: digits });
}

/** A moment as the person's language writes it. */
export function moment(iso: string): string {
  return new Date(iso).toLocaleString(boot.locale);
}

export function connect<C extends HostCalls & Contract>(listeners: {
  readonly changed: () => void;
}): Peer<C, Nothing> {
  const api = acquireVsCodeApi();
  return createPeer<Nothing, PageNotices, C, Nothing>({
    port: {
      post: (packet) => {
        api.postMessage(packet);
      },
      onPacket: (listener) => {
        window.addEventListener('message', (event) => {
          listener(event.data);
        });
      },
    },
    handlers: {},
    listeners,
    describe: toFailure,
  });
}

/** The call behind a button that mends. */
export const commandOf = ({
  command,
  args,
}: NonNullable<Failure['action']>): HostCalls['command']['params'] => ({
  id: command,
  ...(args ? { args } : {}),
});

/** What to show of anything thrown. */
export function toFailure(error: unknown): Failure {
  if (error instanceof RemoteError) return error.failure;
  return { code: 'fault', message: error instanceof Error ? error.message : String(error) };
}

export function isAborted(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
