import type { Endpoints } from '../../../core/sandbox.ts';
import type { Ports } from '../ports.ts';
import { registryUrl } from './registry.ts';
import { SQL_PATH } from './spark.ts';

/** Where the parts listen, in either runtime. */
export const endpointsOf = (ports: Ports): Endpoints => ({
  bootstrap: `127.0.0.1:${ports['kafka.broker']}`,
  registryUrl: registryUrl(ports['registry.http']),
  sparkConnect: `sc://127.0.0.1:${ports['spark.connect']}`,
  sparkSql: { host: '127.0.0.1', port: ports['spark.sql'], path: SQL_PATH },
});
