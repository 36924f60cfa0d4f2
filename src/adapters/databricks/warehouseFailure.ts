/** What went wrong between this machine and a SQL warehouse, in plain words. */
import { refusal } from '../../core/databricks/answers.ts';
import { UserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';

/** Where a warehouse's front door says why it refuses. */
const REASON_HEADERS = ['x-databricks-reason-phrase', 'x-thriftserver-error-message'];

/** What the driver throws for an answer that is not 200, or for none. */
interface HttpFailure {
  readonly statusCode?: number;
  readonly response?: { readonly headers?: { get(name: string): string | null } };
  readonly code?: unknown;
  readonly message?: string;
}

/** Anything else is given back as it is. */
export function warehouseFailure(host: string, error: unknown): unknown {
  const { statusCode, response, code, message = '' } = error as HttpFailure;
  if (statusCode === 404) {
    return new UserError('no-such-warehouse', t('There is no such SQL warehouse at {0}.', host), {
      hint: t('It was deleted, or this login may not use it. Choose another one.'),
      cause: error,
    });
  }
  if (statusCode === 503) {
    return new UserError('warehouse-starting', t('The SQL warehouse is not ready.'), {
      hint: t('It starts, or is being moved. Try again in a minute.'),
      cause: error,
    });
  }
  if (statusCode !== undefined) {
    const said = REASON_HEADERS.map((name) => response?.headers?.get(name)).find((one) => Boolean(one));
    // The driver does not read the body of such an answer.
    const body = JSON.stringify({ message: said ?? '' });
    return refusal(host, t('the SQL warehouse'), { status: statusCode, body });
  }
  // The driver's retries hide the code.
  const hidden = /when connecting to resource/.test(message);
  if (typeof code === 'string' || hidden) {
    return new UserError('workspace-unreachable', t('{0} does not answer.', host), {
      hint: t('See whether the address is right, and whether this network reaches it (VPN, proxy).'),
      cause: error,
    });
  }
  return error;
}
