/** The REST API of a workspace: https://docs.databricks.com/api/azure/workspace/workspace */
import { isMissing, refusal, unreadable } from '../../core/databricks/answers.ts';
import type { WorkspaceLogin } from '../../core/databricks/login.ts';
import { Cancelled, isUserError, throwIfCancelled, UserError } from '../../core/errors.ts';
import type { OnEvent } from '../../core/events.ts';
import { t } from '../../core/l10n.ts';
import { systemClock, type Clock } from '../../core/pacer.ts';
import type { Workspace } from '../../core/ports.ts';
import { createHttp, type Http, type HttpAnswer } from '../http.ts';
import { createTokens } from '../oauthTokens.ts';
import { RETRIES, retryDelayMs } from './retry.ts';

/** An answer may hold 10 MB. */
const TIMEOUT_MS = 60_000;
/** Longer than this nobody waits without being asked. */
const LONGEST_MS = 120_000;
/** A wait of which a person is told. */
const TOLD_MS = 2000;
/** Whom this machine trusts, the authorities of a company included. */
const TRUST = { authorities: '', certificate: '', key: '', keystore: '', passphrase: '', verifyName: true };

export interface WorkspaceOptions {
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  readonly clock?: Pick<Clock, 'sleep'>;
}

interface Call {
  readonly method: 'GET' | 'POST';
  /** Below the host. */
  readonly path: string;
  readonly body?: unknown;
  /** What a person calls it, for an error; the workspace's path, mostly. */
  readonly what: string;
  /** May be sent again when it is not known whether it was done. */
  readonly again: boolean;
}

const query = (path: string, values: Readonly<Record<string, string>>): string =>
  `${path}?${new URLSearchParams(values).toString()}`;

/** What gives the header that says who asks. */
function authorization({ host, as }: WorkspaceLogin, http: Http): () => Promise<string> {
  if (as.kind === 'token') return () => Promise.resolve(`Bearer ${as.token}`);
  const { clientId, clientSecret } = as;
  const token = createTokens(
    { tokenUrl: `${host}/oidc/v1/token`, clientId, clientSecret, scope: 'all-apis', extensions: {} },
    http,
  );
  return async () => `Bearer ${await token()}`;
}

export function createWorkspace(login: WorkspaceLogin, options: WorkspaceOptions): Workspace {
  const { onEvent, signal, timeoutMs = TIMEOUT_MS, clock = systemClock } = options;
  const { host } = login;
  const http = createHttp(host.startsWith('https:') ? TRUST : null);
  const bearer = authorization(login, (method, url, given) => http(method, url, { ...given, signal }));

  const once = async ({ method, path, body, again }: Call): Promise<HttpAnswer> => {
    try {
      return await http(method, host + path, {
        headers: {
          accept: 'application/json',
          'user-agent': 'orders-lakehouse',
          authorization: await bearer(),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal,
        timeoutMs,
        again,
      });
    } catch (error) {
      if (signal.aborted) throw new Cancelled();
      throw failure(host, error, again);
    }
  };

  const ask = async (call: Call): Promise<HttpAnswer> => {
    for (let retry = 0; ; retry += 1) {
      throwIfCancelled(signal);
      let answer: HttpAnswer | undefined;
      try {
        answer = await once(call);
      } catch (error) {
        const unheard = isUserError(error) && error.code === 'workspace-unreachable';
        if (!(unheard && call.again) || retry === RETRIES) throw error;
      }
      // Who was sent away by 429 was not served; after 5xx that is not known.
      const temporary = answer === undefined || answer.status === 429 || (answer.status >= 500 && call.again);
      const waitMs = retryDelayMs(retry, answer?.headers['retry-after'], Date.now());
      if (answer && (!temporary || retry === RETRIES || waitMs > LONGEST_MS)) return answer;
      if (answer?.headers['retry-after'] !== undefined && waitMs >= TOLD_MS) {
        const message = t('{0} asks us to wait {1} s.', host, Math.ceil(waitMs / 1000));
        onEvent({ type: 'message', level: 'info', message });
      }
      await clock.sleep(waitMs, signal);
    }
  };

  const parsed = (call: Call, { status, body }: HttpAnswer): unknown => {
    if (status !== 200) throw refusal(host, call.what, { status, body });
    try {
      return JSON.parse(body) as unknown;
    } catch (cause) {
      throw unreadable(host, call.what, cause);
    }
  };
  /** One field of the answer, which must be there. */
  const text = (call: Call, answer: HttpAnswer, name: string): string => {
    const value = (parsed(call, answer) as Readonly<Record<string, unknown>> | null)?.[name];
    if (typeof value !== 'string') throw unreadable(host, call.what);
    return value;
  };
  const get = (path: string, what: string): Call => ({ method: 'GET', path, what, again: true });

  return {
    host,
    userName: async () => {
      const call = get('/api/2.0/preview/scim/v2/Me', t('who logged in'));
      return text(call, await ask(call), 'userName');
    },
    status: async (path) => {
      const call = get(query('/api/2.0/workspace/get-status', { path }), path);
      const answer = await ask(call);
      if (isMissing(answer)) return undefined;
      const type = text(call, answer, 'object_type');
      const { language } = parsed(call, answer) as { readonly language?: unknown };
      return { type, ...(typeof language === 'string' ? { language } : {}) };
    },
    exportNotebook: async (path, format) => {
      const call = get(query('/api/2.0/workspace/export', { path, format }), path);
      const answer = await ask(call);
      if (isMissing(answer)) return undefined;
      return Buffer.from(text(call, answer, 'content'), 'base64').toString('utf8');
    },
    makeFolders: async (path) => {
      const call: Call = {
        method: 'POST',
        path: '/api/2.0/workspace/mkdirs',
        body: { path },
        what: path,
        again: true,
      };
      parsed(call, await ask(call));
    },
    importNotebook: async (path, { format, language, content }, overwrite) => {
      const call: Call = {
        method: 'POST',
        path: '/api/2.0/workspace/import',
        body: { path, format, language, overwrite, content: Buffer.from(content).toString('base64') },
        what: path,
        again: overwrite,
      };
      parsed(call, await ask(call));
    },
  };
}

/** Nobody answered, or not to the end. */
function failure(host: string, error: unknown, again: boolean): unknown {
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
