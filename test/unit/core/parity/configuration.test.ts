import assert from 'node:assert/strict';
import { findings, foundAt, severities } from './support.ts';

const path = 'resources/orders.pipeline.yml';
const at = {
  path,
  others: { 'databricks.yml': 'bundle:\n  name: orders\n', 'lakehouse/orders/__init__.py': '' },
};

describe('the configuration in a bundle', () => {
  it('finds addresses of this machine, by what they are for', () => {
    foundAt(
      'local-kafka',
      `resources:
  pipelines:
    orders:
      configuration:
        orders.kafka.bootstrap: «127.0.0.1:9092»
        orders.dedup.window: 7 days
        orders.kafka.topic: orders
`,
      at,
    );
    const found = foundAt(
      'local-registry',
      'resources:\n  pipelines:\n    orders:\n      configuration: { orders.registry.url: "«http://localhost:8081»" }\n',
      at,
    );
    assert.deepEqual(severities(found), ['error']);
  });

  it('follows a setting to the variable of the bundle, and to the targets', () => {
    const others = {
      ...at.others,
      [path]:
        'resources:\n  pipelines:\n    orders:\n      configuration:\n        orders.kafka.bootstrap: ${var.kafka}\n        orders.kafka.password: ${var.word}\n',
    };
    foundAt(
      'local-kafka',
      `variables:
  kafka:
    description: Brokers, such as localhost:9092
    default: «localhost:9092»
  word:
    default: "{{secrets/orders/kafka}}"
  unused:
    default: localhost:1
targets:
  dev:
    variables:
      kafka: broker.example.com:9092
  old:
    variables:
      kafka: '«[::1]:9092»'
`,
      { path: 'databricks.yml', others },
    );
  });

  it('finds classes of Kafka under their own name, and secrets in clear', () => {
    const [found] = foundAt(
      'login-class',
      `resources:
  pipelines:
    orders:
      configuration:
        orders.kafka.sasl.jaas.config: >-
          «org.apache.kafka.common.security.plain.PlainLoginModule» required
          username="{{secrets/orders/user}}" password="{{secrets/orders/word}}";
`,
      at,
    );
    assert.equal(found?.replacement, 'kafkashaded.org.apache.kafka.common.security.plain.PlainLoginModule');
    const secrets = foundAt(
      'clear-secret',
      `resources:
  pipelines:
    orders:
      configuration:
        orders.registry.password: «hunter2»
        orders.registry.secret: "{{secrets/orders/registry}}"
        orders.registry.token: \${var.token}
        orders.kafka.sasl.jaas.config: 'kafkashaded.org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="«abc»";'
`,
      at,
    );
    assert.match(secrets[0]?.hint ?? '', /\{\{secrets\/scope\/key\}\}/);
    assert.doesNotMatch(JSON.stringify(secrets), /hunter2/);
  });

  it('takes the variables in the name of a secret for names', () => {
    const text =
      'variables:\n  scope: { default: orders }\n  key_name: { default: kafka-secret }\nresources:\n  pipelines:\n    orders:\n      configuration:\n        orders.password: "{{secrets/${var.scope}/${var.key_name}}}"\n        orders.token: ${var.other}\n';
    assert.deepEqual(findings({ ...at.others, [path]: text }), []);
    foundAt(
      'clear-secret',
      `${text}        orders.secret: \${var.word}\n  \nx: 1\n`.replace(
        'variables:\n',
        'variables:\n  word: { default: «hunter2» }\n',
      ),
      at,
    );
  });

  it('follows what one part of a file takes from another', () => {
    foundAt(
      'local-kafka',
      'x-kafka: &kafka «localhost:9092»\nresources:\n  pipelines:\n    orders:\n      configuration: { orders.kafka.bootstrap: *kafka }\n',
      at,
    );
  });

  it('finds paths that serverless compute does not read', () => {
    const text = (serverless: boolean): string => `resources:
  pipelines:
    orders:
      serverless: ${String(serverless)}
      configuration:
        orders.files: «/mnt/orders»
        orders.more: /Volumes/main/orders/files
`;
    assert.deepEqual(severities(foundAt('dbfs-path', text(true), at)), ['error']);
    assert.deepEqual(severities(foundAt('dbfs-path', text(false), at)), ['warning']);
  });

  it('finds runtimes with an older Python', () => {
    foundAt(
      'python-version',
      `resources:
  jobs:
    orders:
      environments:
        - environment_key: old
          spec: { environment_version: "«2»" }
        - environment_key: new
          spec: { environment_version: "4" }
      job_clusters:
        - new_cluster:
            spark_version: «13.3.x-scala2.12»
        - new_cluster:
            spark_version: 17.3.x-scala2.13
`,
      at,
    );
  });

  it('looks at the files of the bundle only, and at code where the pipeline says it lies', () => {
    const pipeline =
      'resources:\n  pipelines:\n    orders:\n      libraries:\n        - glob: { include: ../code/flows/** }\n      configuration: { a.bootstrap: "localhost:9092" }\n';
    const found = findings({
      'databricks.yml': 'include:\n  - more/*.yml\n',
      'more/orders.yml': pipeline,
      'other/orders.yml': pipeline,
      'lakehouse/spark-pipeline.yml': 'configuration:\n  orders.kafka.bootstrap: 127.0.0.1:9092\n',
      'code/flows/a.py': 'import nothing_there\nfrom own import b\n',
      'code/own/b.py': '',
      'tools/c.py': 'import nothing_there\n',
    });
    assert.deepEqual(
      found.map(({ file, code }) => `${file} ${code}`),
      ['code/flows/a.py not-there-import', 'more/orders.yml local-kafka'],
    );
  });

  it('says where a file of it stops being YAML', () => {
    const found = findings({ 'databricks.yml': 'bundle:\n  name: [orders\ninclude: a\n' });
    assert.deepEqual(
      found.map(({ code, severity, range }) => [code, severity, range.start.line]),
      [['bundle-syntax', 'error', 2]],
    );
  });
});
