import assert from 'node:assert/strict';
import { findings, foundAt, severities } from './support.ts';

const RUNS = 'rows = spark.table("a").collect()\n';
const places = (files: Readonly<Record<string, string>>): readonly string[] =>
  findings(files).map(({ file }) => file);

describe('the code of a pipeline', () => {
  it("is what lies below the pipeline's root, tests apart", () => {
    assert.deepEqual(
      places({
        'databricks.yml': 'resources:\n  pipelines:\n    orders: { root_path: ./flows }\n',
        'flows/transformations/a.py': RUNS,
        'flows/never_imported.py': RUNS,
        'flows/conftest.py': RUNS,
        'flows/test_a.py': RUNS,
        'job.py': RUNS,
      }),
      ['flows/never_imported.py', 'flows/transformations/a.py'],
    );
  });

  it('is without a root what the pipeline lists, and what that imports', () => {
    const files = {
      'databricks.yml':
        'resources:\n  pipelines:\n    orders:\n      libraries:\n        - notebook: { path: src/flow }\n        - file: { path: src/other.py }\n',
      'src/flow.py': 'from shared import helper\nimport deep.inside as d\n',
      'src/other.py': 'from shared.more import *\n',
      'src/shared/__init__.py': '',
      'src/shared/helper.py': 'from . import beside\nfrom .. import nothing\n',
      'src/shared/beside.py': RUNS,
      'src/shared/more.py': RUNS,
      'src/deep/inside.py': RUNS,
      'src/job.py': RUNS,
      'src/shared/for_jobs.py': RUNS,
    };
    assert.deepEqual(places(files), ['src/deep/inside.py', 'src/shared/beside.py', 'src/shared/more.py']);
  });

  it('is what it lists when its root is the whole project', () => {
    const bundle =
      'resources:\n  pipelines:\n    orders:\n      root_path: .\n      libraries: [{ glob: { include: flows/** } }]\n';
    const files = {
      'databricks.yml': bundle,
      'flows/a.py': 'import shared\n',
      'shared.py': RUNS,
      'job.py': RUNS,
    };
    assert.deepEqual(places(files), ['shared.py']);
  });

  it('lies where it usually does when the pipeline does not say it', () => {
    const bundle = 'resources:\n  pipelines:\n    orders: { name: orders }\n';
    const files = { 'databricks.yml': bundle, 'transformations/a.py': RUNS, 'job.py': RUNS };
    assert.deepEqual(places(files), ['transformations/a.py']);
  });

  it('is none in a bundle of jobs alone', () => {
    assert.deepEqual(places({ 'databricks.yml': 'bundle:\n  name: jobs\n', 'src/job.py': RUNS }), []);
  });

  it('may find modules anywhere once it changes where Python looks', () => {
    const found = foundAt('not-there-import', 'import sys\nsys.path.append("../lib")\nimport «elsewhere»\n');
    assert.deepEqual(severities(found), ['warning']);
  });

  it('may say that a line is meant as it is', () => {
    foundAt(
      'imperative-call',
      `a = spark.table("a").collect()  # parity: ignore
b = spark.table("a").collect()  # parity: ignore[imperative-call]
c = spark.table("a").«collect»()  # parity: ignore[login-class]
d = spark.table("a").«collect»()
`,
    );
  });

  it('passes over all code where the bundle has resources and no pipeline any more', () => {
    const code = { 'lakehouse/transformations/orders.py': 'import spark_nope\n' };
    assert.equal(findings({ ...code, 'databricks.yml': 'bundle: { name: b }\n' }).length, 1);
    assert.deepEqual(
      findings({ ...code, 'databricks.yml': 'resources: { schemas: { s: { name: s } } }\n' }),
      [],
    );
  });
});
