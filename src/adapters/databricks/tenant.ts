/** The directory (tenant) of Microsoft Entra that a workspace belongs to, as the workspace itself tells. */
import { noTenant, tenantOf } from '../../core/databricks/azure.ts';
import type { Http } from '../http.ts';

/** Asked without a login: it sends a browser to Microsoft's page. Throws UserError `no-tenant`, and what http.ts throws. */
export async function discoverTenant(host: string, http: Http, signal?: AbortSignal): Promise<string> {
  const { status, headers } = await http('GET', `${host}/aad/auth`, {
    headers: { accept: 'text/html', 'user-agent': 'orders-lakehouse' },
    ...(signal ? { signal } : {}),
  });
  const found = status >= 300 && status < 400 ? tenantOf(headers.location ?? '') : undefined;
  if (found === undefined) throw noTenant(host);
  return found;
}
