/** Tokens by OAuth 2.0 client credentials (RFC 6749, 4.4), each used until shortly before it expires. */
import type { OAuthAccess, TlsAccess } from '../core/access.ts';
import { isUserError, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { holdToken, type HeldToken } from './heldToken.ts';
import { createHttp, type Http, type HttpAnswer } from './http.ts';
import { PLAIN_TLS } from './tlsOptions.ts';

/** Seconds, for an answer that names none. */
const UNKNOWN_LIFE = 300;

interface TokenAnswer {
  readonly access_token?: unknown;
  readonly expires_in?: unknown;
}

function parseAnswer(text: string): TokenAnswer {
  try {
    return JSON.parse(text) as TokenAnswer;
  } catch {
    // It is told as an answer without a token.
    return {};
  }
}

/** For the tokens of a connection: its authorities are trusted beside those of the machine. */
export const tokenHttp = (tls: TlsAccess | null): Http =>
  createHttp(tls && { ...PLAIN_TLS, authorities: tls.authorities }, { alsoMachine: true });

export interface TokenOptions {
  readonly http?: Http;
  /** Id and secret in the body (`client_secret_post`), as Microsoft takes them. */
  readonly inBody?: boolean;
  /** A refusal that can be told better. */
  readonly refusal?: (answer: HttpAnswer) => UserError | undefined;
}

/** Throws UserError `login-refused`, `token-unreachable`. */
export function createTokens(access: OAuthAccess, options: TokenOptions = {}): HeldToken {
  const { tokenUrl, clientId, clientSecret, scope } = access;
  const { http = createHttp(null), inBody = false, refusal } = options;

  const ask = async (): Promise<{ readonly token: string; readonly seconds: number }> => {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      ...(scope === '' ? {} : { scope }),
      ...(inBody ? { client_id: clientId, client_secret: clientSecret } : {}),
    });
    const login = [clientId, clientSecret].map(encodeURIComponent).join(':');
    let answer;
    try {
      answer = await http('POST', tokenUrl, {
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
          ...(inBody ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` }),
        },
        body: form.toString(),
      });
    } catch (error) {
      if (isUserError(error)) throw error;
      throw new UserError('token-unreachable', t('The login server does not answer at {0}.', tokenUrl), {
        hint: t('See whether the address is right and can be reached from here.'),
        cause: error,
      });
    }
    const { access_token: token, expires_in: seconds } = parseAnswer(answer.body);
    if (answer.status !== 200 || typeof token !== 'string') {
      const better = refusal?.(answer);
      if (better) throw better;
      throw new UserError(
        'login-refused',
        t('The login server {0} gave no token for {1} ({2}).', tokenUrl, clientId, answer.status),
        { hint: t('See whether client id, secret and scope are right.') },
      );
    }
    return { token, seconds: typeof seconds === 'number' ? seconds : UNKNOWN_LIFE };
  };

  return holdToken(ask);
}
