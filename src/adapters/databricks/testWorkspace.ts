/** Whether a workspace can be worked with, part by part: reached, answering, and as whom. */
import { refusal } from '../../core/databricks/answers.ts';
import { cloudOf } from '../../core/databricks/azure.ts';
import type { WorkspaceLogin } from '../../core/databricks/login.ts';
import type { Workspace } from '../../core/databricks/ports.ts';
import type { WorkspaceTest, WorkspaceTrial } from '../../core/databricks/workspaces.ts';
import { isCancelled, isUserError, messageOf, UserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import type { Http, HttpAnswer } from '../http.ts';
import { connectionFailure } from './api.ts';
import { discoverTenant } from './tenant.ts';

/** Names told of a list. */
const TOLD = 3;

/** An answer without a login: a workspace asks for one, and says so as its API does. */
function judgeAnswer(host: string, { status, body }: HttpAnswer): string {
  if (status === 401) return t('It answers, and asks for a login.');
  const told = refusal(host, '/api', { status, body });
  if (told.code === 'login-refused' || told.code === 'not-allowed')
    return t('It answers, and asks for a login.');
  throw status < 300
    ? new UserError('not-a-workspace', t('{0} answers without a login, as no workspace does.', host), {
        hint: t('See whether this is the address of the workspace itself, as its browser page shows it.'),
      })
    : told;
}

/** Changes nothing there. Rejects only when it is cancelled. */
export async function testWorkspace(
  login: WorkspaceLogin,
  {
    http,
    open,
    signal,
  }: { readonly http: Http; readonly open: () => Workspace; readonly signal: AbortSignal },
): Promise<WorkspaceTrial> {
  const { host, as } = login;
  const tests: WorkspaceTest[] = [];
  /** Undefined when it failed. */
  const tried = async (
    part: WorkspaceTest['part'],
    work: () => Promise<string>,
  ): Promise<string | undefined> => {
    try {
      const text = await work();
      tests.push({ part, good: true, text });
      return text;
    } catch (error) {
      if (isCancelled(error) || signal.aborted) throw error;
      const known = isUserError(error) ? error : connectionFailure(host, error, true);
      tests.push({
        part,
        good: false,
        text: messageOf(known),
        ...(isUserError(known) && known.hint !== undefined ? { hint: known.hint } : {}),
      });
      return undefined;
    }
  };

  let answer: HttpAnswer | undefined;
  await tried('address', async () => {
    answer = await http('GET', `${host}/api/2.0/preview/scim/v2/Me`, {
      headers: { accept: 'application/json', 'user-agent': 'orders-lakehouse' },
      signal,
    });
    return t('{0} is reached.', host);
  });
  const unasked = answer;
  if (!unasked) return { tests };
  const answers = await tried('workspace', () => Promise.resolve().then(() => judgeAnswer(host, unasked)));
  if (answers === undefined) return { tests };

  // Where nothing of Microsoft is asked, a workspace may be in another cloud.
  const ofMicrosoft = as.kind === 'asked' || as.kind === 'azure-cli' || as.kind === 'azure-principal';
  if (ofMicrosoft || cloudOf(host).isAzure) {
    const given = 'tenant' in as ? as.tenant : '';
    await tried('tenant', async () => {
      if (given !== '') return t('{0}, as the login says', given);
      return discoverTenant(host, http, signal);
    });
  }

  const workspace = open();
  let userName: string | undefined;
  await tried('login', async () => {
    userName = await workspace.userName();
    return userName;
  });
  const who = userName;
  if (who === undefined) return { tests };
  const folder = `/Users/${who}`;
  await tried('folder', async () => {
    const found = await workspace.files.list(folder);
    return found
      ? t('{0} can be read. Objects: {1}', folder, found.length)
      : t('{0} is not there yet.', folder);
  });
  await tried('warehouses', async () => {
    const names = (await workspace.warehouses.list()).map(({ name }) => name);
    if (names.length === 0) return t('None that this login may see');
    const more = names.length > TOLD ? [t('and {0} more', names.length - TOLD)] : [];
    return [...names.slice(0, TOLD), ...more].join(', ');
  });
  return { tests, userName: who };
}
