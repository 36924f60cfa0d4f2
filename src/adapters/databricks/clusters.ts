/** https://docs.databricks.com/api/azure/workspace/clusters */
import { textOf } from '../../core/databricks/json.ts';
import type { ComputeCluster } from '../../core/databricks/ports.ts';
import { t } from '../../core/l10n.ts';
import { reading, type Api } from './api.ts';

export async function listClusters(api: Api): Promise<readonly ComputeCluster[]> {
  const all: ComputeCluster[] = [];
  // Those that people, and tools such as Terraform, made; none of a job or a pipeline.
  const query = { 'filter_by.cluster_sources': ['UI', 'API'], page_size: 100 };
  for await (const page of api.pages(reading('/api/2.1/clusters/list', t('compute'), query), 'clusters')) {
    for (const one of page) {
      all.push({
        id: textOf(one['cluster_id']),
        name: textOf(one['cluster_name']),
        state: textOf(one['state']),
        runtime: textOf(one['spark_version']),
      });
    }
  }
  return all;
}
