/** What a workspace's refusals mean, in plain words. */
import { UserError } from '../errors.ts';
import { t } from '../l10n.ts';
import type { WorkspaceLogin } from './login.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
}

/** Refusals that another login may mend. */
const OF_LOGIN = new Set(['login-refused', 'wrong-tenant', 'not-a-member']);

interface ErrorBody {
  readonly error_code?: unknown;
  readonly message?: unknown;
  /** Of SCIM. */
  readonly detail?: unknown;
}

/** The API's own code (`RESOURCE_DOES_NOT_EXIST`, or the status once more) and words; undefined where no API speaks. */
function told(body: string): { readonly code: string; readonly words: string } | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    // The API's own page (`Problem accessing /api/…. Reason: User not authorized.`), or one of a proxy or of a login.
    const reason = /Problem accessing \/api\/[\s\S]*?Reason:(?:\s|<\/?pre>)*([^<\n]+)/i.exec(body)?.[1];
    return reason === undefined ? undefined : { code: '', words: reason.trim().slice(0, 300) };
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { error_code: code, message, detail } = parsed as ErrorBody;
  const words = [message, detail].find((one) => typeof one === 'string');
  return {
    code: typeof code === 'string' ? code : '',
    words: (words ?? '').replace(/\s+/g, ' ').trim().slice(0, 300),
  };
}

/** Whether it is the workspace itself that says there is no such thing. */
export function isMissing({ status, body }: ApiAnswer): boolean {
  const said = told(body);
  if (!said) return false;
  // `SCHEMA_DOES_NOT_EXIST`, `RESOURCE_NOT_FOUND`, …; ENDPOINT_NOT_FOUND is of no thing.
  if (status === 404)
    return /(DOES_NOT_EXIST|NOT_FOUND)$/.test(said.code) && !said.code.startsWith('ENDPOINT');
  // Jobs and runs have no code of their own for it.
  return (
    status === 400 &&
    said.code === 'INVALID_PARAMETER_VALUE' &&
    /^(Job|Run) \d+ does not exist/i.test(said.words)
  );
}

/** What gives another login, by how one logged in. */
function newLogin(as: WorkspaceLogin['as'] | undefined): string {
  switch (as?.kind) {
    case undefined:
    case 'token':
      return t(
        'Make a new one in the workspace: Settings, Developer, Access tokens. It must be of this workspace.',
      );
    case 'principal':
    case 'azure-principal':
      return t('See whether the service principal is in this workspace, and its secret is still good.');
    case 'azure-cli':
      return t('Log in once more: {0}', 'az login');
    case 'asked':
      return t('Sign in again, with the account that is a member of this workspace.');
  }
}

/** `what` is the call or the path that was refused. */
export function refusal(host: string, what: string, answer: ApiAnswer, as?: WorkspaceLogin['as']): UserError {
  const { status } = answer;
  const said = told(answer.body);
  const error = (code: string, message: string, hint?: string): UserError => {
    const mend = as?.kind === 'asked' && OF_LOGIN.has(code) ? as.mend : undefined;
    return new UserError(code, message, {
      ...(hint === undefined ? {} : { hint }),
      ...(mend ? { action: mend } : {}),
    });
  };
  const words = said?.words || String(status);

  if (status === 407) {
    return error('proxy-login', t('A proxy before {0} asks for a login of its own.', host));
  }
  if (status >= 300 && status < 400) {
    return error(
      'not-a-workspace',
      t('{0} sends us elsewhere instead of answering ({1}).', host, status),
      t('See whether this is the address of the workspace itself, as its browser page shows it.'),
    );
  }
  if (status === 429) {
    return error(
      'too-many-requests',
      t('{0} takes no more requests for now.', host),
      t('Try again in a minute.'),
    );
  }
  if (status >= 500) {
    return error(
      'workspace-fails',
      t('{0} failed at {1} ({2}).', host, what, words),
      t('What was asked may have been done all the same. Run it again: what is there already stays.'),
    );
  }
  if (status === 401) {
    return error(
      'login-refused',
      t('{0} refused the login: the token is wrong or has expired.', host),
      newLogin(as),
    );
  }
  // What these mean stands in their words only: their code is the status once more.
  if (/Expected iss claim/i.test(words)) {
    return error(
      'wrong-tenant',
      t('The token is of another tenant than the one of {0}.', host),
      t('Log in to the tenant (directory) that the workspace belongs to.'),
    );
  }
  if (status === 403 && /invalid access token/i.test(words)) {
    return error(
      'login-refused',
      t('{0} refused the login: the token is wrong or has expired.', host),
      newLogin(as),
    );
  }
  if (status === 403 && /IP ACL|IP access list|unauthorized network access/i.test(words)) {
    return error(
      'ip-blocked',
      t('{0} does not take requests from the address of this machine ({1}).', host, words),
      t('Its IP access list must hold it: ask the administrator, or go through the company network (VPN).'),
    );
  }
  if (status === 403 && /unauthorized access to org|not a member|user not (found|authorized)/i.test(words)) {
    return error(
      'not-a-member',
      t('The login is good, but it is no member of {0} ({1}).', host, words),
      t('Ask an administrator of the workspace to add it.'),
    );
  }
  if (said === undefined) {
    return error(
      'not-a-workspace',
      t('{0} answers with a page, not as a workspace does ({1}).', host, status),
      t('A proxy may answer in its place, or the address is of something else.'),
    );
  }
  if (status === 403)
    return error('not-allowed', t('{0} does not allow this login: {1} ({2})', host, what, words));
  // Unity Catalog says `SCHEMA_ALREADY_EXISTS`, …, with 400.
  if (status === 409 || said.code.endsWith('ALREADY_EXISTS')) {
    return error(
      'already-there',
      t('Something is at {0} already.', what),
      t('It came there a moment ago. Run it again to see what it is.'),
    );
  }
  if (isMissing(answer)) {
    return error('nothing-there', t('There is nothing at {0} ({1}).', what, words));
  }
  return error('workspace-refused', t('{0} refused {1}: {2}', host, what, words));
}

/** For an answer that says it is good and cannot be read. */
export const unreadable = (host: string, what: string, cause?: unknown): UserError =>
  new UserError('bad-answer', t('What {0} answered to {1} cannot be read.', host, what), {
    hint: t('A proxy may answer in its place, or the address is of something else.'),
    cause,
  });
