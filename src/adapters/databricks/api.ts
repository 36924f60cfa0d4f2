/** One request of the REST API after the other: logged in, asked again where that is safe, refusals told in words. */
import { isSafeNumber, parse, LosslessNumber } from 'lossless-json';
import { isMissing, refusal, unreadable } from '../../core/databricks/answers.ts';
import type { WorkspaceLogin } from '../../core/databricks/login.ts';
import { isObject, objectsOf, textOf } from '../../core/databricks/json.ts';
import type { Json, JsonObject } from '../../core/databricks/ports.ts';
import { Cancelled, isUserError, throwIfCancelled, UserError } from '../../core/errors.ts';
import type { OnEvent } from '../../core/events.ts';
import { t } from '../../core/l10n.ts';
import { systemClock, type Clock } from '../../core/pacer.ts';
import { createHttp, type HttpAnswer } from '../http.ts';
import { BUSY_RETRIES, RETRIES, retryDelayMs } from './retry.ts';
import { createLoginTokens, type LoginTokens } from './tokens.ts';

/** An answer may hold 10 MB. */
const TIMEOUT_MS = 60_000;
/** Longer than this nobody waits without being asked. */
const LONGEST_MS = 120_000;
/** A wait of which a person is told. */
const TOLD_MS = 2000;

export interface WorkspaceOptions {
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  readonly clock?: Pick<Clock, 'sleep'>;
  /** Held by others too; missing: of its own. */
  readonly tokens?: LoginTokens;
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the host. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly body?: unknown;
  /** What a person calls it, for an error; the workspace's path, mostly. */
  readonly what: string;
  /** May be sent again when it is not known whether it was done. */
  readonly again: boolean;
}

export interface Api {
  readonly host: string;
  readonly signal: AbortSignal;
  token(): Promise<string>;
  /** The answer's document. Throws UserError. */
  ask(call: Call): Promise<JsonObject>;
  /** Undefined when the workspace says that there is no such thing. */
  find(call: Call): Promise<JsonObject | undefined>;
  /** The items below `key` of each page, by `next_page_token`. */
  pages(call: Call, key: string): AsyncIterable<readonly JsonObject[]>;
}

/** A call that only reads. */
export const reading = (path: string, what: string, query?: Call['query']): Call => ({
  method: 'GET',
  path,
  what,
  again: true,
  ...(query ? { query } : {}),
});

/** An int64 of an answer as text; what is larger than a number can hold was kept as text. */
export const idText = (value: Json | undefined): string =>
  typeof value === 'number' || typeof value === 'string' ? String(value) : '';
/** An id in a body: the API takes int64 as a number, and as text where a number cannot hold it. */
export const idValue = (id: string): number | string => (Number.isSafeInteger(Number(id)) ? Number(id) : id);
export const numberOf = (value: Json | undefined): number => (typeof value === 'number' ? value : 0);

const PRINCIPAL = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whom a job or a pipeline runs as is taken with its settings, and told beside them. */
export const runAsOf = (told: JsonObject): JsonObject => {
  const name = textOf(told['run_as_user_name']);
  if (name === '') return {};
  return { run_as: PRINCIPAL.test(name) ? { service_principal_name: name } : { user_name: name } };
};

/** JSON whose whole numbers beyond 2^53 stay exact, as text. */
const parseExactly = (text: string): unknown =>
  parse(text, undefined, (digits) =>
    isSafeNumber(digits) || /[.eE]/.test(digits) ? Number(digits) : new LosslessNumber(digits).toString(),
  );

const withQuery = ({ path, query }: Call): string => {
  const given = Object.entries(query ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one): [string, string] => [name, String(one)]),
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
};

/** Whoever waits gives up when it is cancelled; the token is for others as well, and comes nevertheless. */
function unlessCancelled<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(new Cancelled());
  return new Promise((resolve, reject) => {
    const cancel = (): void => {
      reject(new Cancelled());
    };
    signal.addEventListener('abort', cancel, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', cancel);
    });
  });
}

export function createApi(login: WorkspaceLogin, options: WorkspaceOptions): Api {
  const { onEvent, signal, timeoutMs = TIMEOUT_MS, clock = systemClock } = options;
  const { tokens = createLoginTokens() } = options;
  const { host } = login;
  const http = createHttp(null);
  const held = tokens.of(login);
  const mayRenew = login.as.kind !== 'token' && login.as.kind !== 'asked';
  const isRefused = ({ status, body }: HttpAnswer): boolean =>
    (status === 401 || status === 403) && refusal(host, '', { status, body }).code === 'login-refused';
  const token = (): Promise<string> => unlessCancelled(held.token(), signal);

  const once = async (call: Call): Promise<HttpAnswer> => {
    const { method, body, again } = call;
    try {
      return await http(method, host + withQuery(call), {
        headers: {
          accept: 'application/json',
          'user-agent': 'orders-lakehouse',
          authorization: `Bearer ${await token()}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal,
        timeoutMs,
        again,
      });
    } catch (error) {
      if (signal.aborted) throw new Cancelled();
      throw connectionFailure(host, error, again);
    }
  };

  /** A held token may be taken back before its time: what was refused for it was not done, and is asked with another. */
  const answered = async (call: Call): Promise<HttpAnswer> => {
    const answer = await tried(call);
    if (!mayRenew || !isRefused(answer)) return answer;
    held.forget();
    return tried(call);
  };

  const tried = async (call: Call): Promise<HttpAnswer> => {
    for (let retry = 0; ; retry += 1) {
      throwIfCancelled(signal);
      let answer: HttpAnswer | undefined;
      try {
        answer = await once(call);
      } catch (error) {
        const unheard = isUserError(error) && error.code === 'workspace-unreachable';
        if (!(unheard && call.again) || retry >= RETRIES) throw error;
      }
      // Who was sent away by 429 was not served; after 5xx that is not known.
      const temporary = answer === undefined || answer.status === 429 || (answer.status >= 500 && call.again);
      const waitMs = retryDelayMs(retry, answer?.headers['retry-after'], Date.now());
      const most = answer?.status === 429 ? BUSY_RETRIES : RETRIES;
      if (answer && (!temporary || retry >= most || waitMs > LONGEST_MS)) return answer;
      if (answer?.headers['retry-after'] !== undefined && waitMs >= TOLD_MS) {
        const message = t('{0} asks us to wait {1} s.', host, Math.ceil(waitMs / 1000));
        onEvent({ type: 'message', level: 'info', message });
      }
      await clock.sleep(waitMs, signal);
    }
  };

  const parsed = (call: Call, { status, body }: HttpAnswer): JsonObject => {
    if (status < 200 || status > 299) {
      const refused = refusal(host, call.what, { status, body }, login.as);
      // A token that was held and is refused has ended before its time.
      if (refused.code === 'login-refused') held.forget();
      throw refused;
    }
    // What was done needs no words.
    if (body === '' && call.method !== 'GET') return {};
    let document: unknown;
    try {
      document = parseExactly(body);
    } catch (cause) {
      throw unreadable(host, call.what, cause);
    }
    if (!isObject(document as Json)) throw unreadable(host, call.what);
    return document as JsonObject;
  };
  const ask = async (call: Call): Promise<JsonObject> => parsed(call, await answered(call));

  return {
    host,
    signal,
    token,
    ask,
    find: async (call) => {
      const answer = await answered(call);
      return isMissing(answer) ? undefined : parsed(call, answer);
    },
    pages: async function* (call, key) {
      let pageToken: string | undefined;
      do {
        const page = await ask({ ...call, query: { ...call.query, page_token: pageToken } });
        yield objectsOf(page[key]);
        pageToken = textOf(page['next_page_token']) || undefined;
      } while (pageToken !== undefined);
    },
  };
}

/** Nobody answered, or not to the end. `again`: nothing can have been written. */
export function connectionFailure(host: string, error: unknown, again: boolean): unknown {
  if (isUserError(error)) {
    // What is wrong with TLS: there is no connection in which a certificate could be named.
    if (error.code !== 'untrusted-certificate' && error.code !== 'other-name') return error;
    return new UserError(error.code, error.message, {
      hint: t(
        'Is a proxy between, that reads along? NODE_EXTRA_CA_CERTS names the PEM file of its authority. See also: orders-lakehouse doctor',
      ),
      cause: error,
    });
  }
  const { code = '' } = error as NodeJS.ErrnoException;
  const hint = t('See whether the address is right, and whether this network reaches it (VPN, proxy).');
  if (code === 'ENOTFOUND') {
    const message = t('There is no host {0}, as this machine sees it.', host);
    return new UserError('unknown-host', message, { hint, cause: error });
  }
  if (!again && code !== 'ECONNREFUSED' && code !== 'EAI_AGAIN') {
    return new UserError('unsure', t('{0} did not answer to the end: it may have been written.', host), {
      hint: t('Run it again: what is there already stays.'),
      cause: error,
    });
  }
  return new UserError('workspace-unreachable', t('{0} does not answer.', host), { hint, cause: error });
}
