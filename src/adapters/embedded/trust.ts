/** A packaged Java knows only public authorities; this gives it those of the system, a company's among them. */
import { existsSync } from 'node:fs';

const SYSTEM_STORES = ['/etc/ssl/certs/java/cacerts', '/etc/pki/java/cacerts'];

/** Java options; none when the system has no store of its own. */
export function trustOptions(_cache: string): readonly string[] {
  const store = SYSTEM_STORES.find((path) => existsSync(path));
  return store === undefined ? [] : [`-Djavax.net.ssl.trustStore=${store}`];
}
