/** A bundle for one target: merges, variables, modes, paths, and what is refused with its place. */
import assert from 'node:assert/strict';
import { findingText, type BundleError } from '../../../../src/core/bundle/findings.ts';
import type { Bundle } from '../../../../src/core/bundle/model.ts';
import { shortName } from '../../../../src/core/bundle/model.ts';
import { readBundle, targetsOf, type BundleRequest } from '../../../../src/core/bundle/readBundle.ts';
import type { JsonObject } from '../../../../src/core/databricks/ports.ts';
import { memoryProject } from './support.ts';

const REQUEST: BundleRequest = { user: { userName: 'Ana.Maria@example.com' }, host: 'https://adb-1.net' };
const HEAD = 'bundle: {name: b}\n';

describe('a bundle', () => {
  const read = (
    files: Readonly<Record<string, string>> | string,
    request: Partial<BundleRequest> = {},
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Bundle> =>
    readBundle(memoryProject(typeof files === 'string' ? { 'databricks.yml': files } : files, environment), {
      ...REQUEST,
      ...request,
    });
  const settings = (bundle: Bundle, type: string, key: string): JsonObject => {
    const found = bundle.resources.find((one) => one.type === type && one.key === key);
    assert.ok(found, `no ${type} ${key}`);
    return found.settings;
  };
  const refused = async (work: Promise<unknown>): Promise<readonly string[]> => {
    try {
      await work;
    } catch (error) {
      return (error as BundleError).findings.map((one) => `${one.code} ${findingText(one)}`);
    }
    throw new Error('nothing was refused');
  };

  it('takes the default target, the only one, or the one that is named', async () => {
    const two = `${HEAD}targets:\n  dev: {default: true, mode: development, workspace: {host: 'https://adb-9.net/?o=1'}}\n  prod: {mode: production}\n`;
    assert.deepEqual(await targetsOf(memoryProject({ 'databricks.yml': two })), [
      { name: 'dev', isDefault: true, mode: 'development', host: 'https://adb-9.net' },
      { name: 'prod', isDefault: false, mode: 'production' },
    ]);
    assert.equal((await read(two)).target, 'dev');
    assert.equal((await read(two, { target: 'prod' })).mode, 'production');
    assert.equal((await read(`${HEAD}targets: {only: {}}`)).target, 'only');
    assert.equal((await read(HEAD)).target, 'default');
    assert.deepEqual(await refused(read(two, { target: 'x' })), [
      'unknown-target The bundle has no target x.',
    ]);
    assert.deepEqual(await refused(read(`${HEAD}targets: {a: {}, b: {}}`)), [
      'which-target No target is the default one: say which.',
    ]);
    assert.deepEqual(await refused(read({})), ['no-bundle There is no databricks.yml in /project.']);
  });

  it('merges a target: maps to the depth, tasks and clusters by their key, other lists one after the other', async () => {
    const bundle = await read(`${HEAD}
resources:
  jobs:
    j:
      name: j
      tags: {a: x, b: x}
      tasks:
        - {task_key: one, max_retries: 1, timeout_seconds: 60}
        - {task_key: two}
      job_clusters: [{job_cluster_key: c, new_cluster: {num_workers: 1, spark_version: s}}]
      email_notifications: {on_failure: [a@x]}
targets:
  t:
    resources:
      jobs:
        j:
          tags: {b: y}
          tasks: [{task_key: two, max_retries: 3}, {task_key: one, max_retries: 5}]
          job_clusters: [{job_cluster_key: c, new_cluster: {num_workers: 4}}]
          email_notifications: {on_failure: [b@x]}
`);
    assert.deepEqual(settings(bundle, 'job', 'j'), {
      name: 'j',
      tags: { a: 'x', b: 'y' },
      tasks: [
        { task_key: 'one', max_retries: 5, timeout_seconds: 60 },
        { task_key: 'two', max_retries: 3 },
      ],
      job_clusters: [{ job_cluster_key: 'c', new_cluster: { num_workers: 4, spark_version: 's' } }],
      email_notifications: { on_failure: ['a@x', 'b@x'] },
    });
  });

  it('gives a variable the value of --var, the environment, the overrides, the target, its default, in this order', async () => {
    const files = {
      'databricks.yml': `${HEAD}
variables: {a: {default: d}, b: {default: d}, c: {default: d}, e: {default: d}, f: {default: d}, n: {default: 7}}
targets: {t: {variables: {a: t, b: t, c: t, e: t}}}
resources: {jobs: {j: {name: "\${var.a} \${var.b} \${var.c} \${var.e} \${var.f}", timeout_seconds: "\${var.n}"}}}
`,
      '.databricks/bundle/t/variable-overrides.json': '{"a":"o","b":"o","c":"o"}',
    };
    const bundle = await read(files, { variables: { a: 'v' } }, { BUNDLE_VAR_a: 'env', BUNDLE_VAR_b: 'env' });
    assert.deepEqual(settings(bundle, 'job', 'j'), { name: 'v env o t d', timeout_seconds: 7 });
  });

  it('puts in complex variables, what they refer to, and what is known of bundle and person', async () => {
    const bundle = await read(`${HEAD}
variables:
  size: {default: 4}
  cluster: {type: complex, default: {num_workers: "\${var.size}", spark_conf: {x.y: true}}}
targets: {t: {}}
resources:
  jobs:
    j:
      name: "\${bundle.name}-\${bundle.target}-\${workspace.current_user.short_name}"
      description: "\${workspace.file_path} \${workspace.current_user.userName}"
      job_clusters: [{job_cluster_key: c, new_cluster: "\${var.cluster}"}]
      tasks: [{task_key: a, pipeline_task: {pipeline_id: "\${resources.pipelines.p.id}"}}]
  pipelines: {p: {name: "p of \${resources.jobs.j.name}"}}
`);
    const home = '/Workspace/Users/Ana.Maria@example.com/.bundle/b/t';
    assert.deepEqual(settings(bundle, 'job', 'j'), {
      name: 'b-t-ana_maria',
      description: `${home}/files Ana.Maria@example.com`,
      job_clusters: [
        { job_cluster_key: 'c', new_cluster: { num_workers: 4, spark_conf: { 'x.y': 'true' } } },
      ],
      tasks: [{ task_key: 'a', pipeline_task: { pipeline_id: '${resources.pipelines.p.id}' } }],
    });
    assert.equal(settings(bundle, 'pipeline', 'p')['name'], 'p of b-t-ana_maria');
    assert.deepEqual([bundle.rootPath, bundle.statePath], [home, `${home}/state`]);
  });

  it('names each variable without a value, and what is looked up', async () => {
    const text = `${HEAD}variables:\n  a:\n    description: x\n  w:\n    lookup: {warehouse: W}\n`;
    assert.deepEqual(await refused(read(text)), [
      'no-value databricks.yml:3:3: The variable a has no value.',
      'unsupported databricks.yml:6:13: The value of w is looked up in the workspace, which is not served here.',
    ]);
    assert.deepEqual(await refused(read(HEAD, { variables: { x: '1' } })), [
      'unknown-variable No variable x is declared.',
    ]);
  });

  const MODES = `${HEAD}
targets: {dev: {mode: development}, prod: {mode: production}}
resources:
  schemas: {s: {catalog_name: c, name: bronze}}
  volumes: {v: {catalog_name: c, schema_name: bronze, name: files}}
  pipelines: {p: {name: p, catalog: c, schema: "\${resources.schemas.s.name}", continuous: true}}
  jobs:
    j: {name: j, schedule: {quartz_cron_expression: x}}
    k: {name: k, max_concurrent_runs: 1, trigger: {pause_status: UNPAUSED}}
`;

  it('renames, tags, pauses in development mode', async () => {
    const bundle = await read(MODES, { target: 'dev' });
    assert.deepEqual(
      bundle.resources.map(({ name }) => name),
      [
        'c.dev_ana_maria_bronze',
        'c.dev_ana_maria_bronze.files',
        '[dev ana_maria] p',
        '[dev ana_maria] j',
        '[dev ana_maria] k',
      ],
    );
    const { name: _, ...pipeline } = settings(bundle, 'pipeline', 'p');
    assert.deepEqual(pipeline, {
      catalog: 'c',
      schema: 'dev_ana_maria_bronze',
      continuous: false,
      development: true,
      tags: { dev: 'ana_maria' },
    });
    assert.deepEqual(settings(bundle, 'job', 'j'), {
      name: '[dev ana_maria] j',
      schedule: { quartz_cron_expression: 'x', pause_status: 'PAUSED' },
      max_concurrent_runs: 4,
      tags: { dev: 'ana_maria' },
    });
    const { trigger, max_concurrent_runs: runs } = settings(bundle, 'job', 'k');
    assert.deepEqual([trigger, runs], [{ pause_status: 'UNPAUSED' }, 1]);
  });

  it('leaves all as it is in production mode, and lets no pipeline be in development there', async () => {
    const bundle = await read(MODES, { target: 'prod' });
    assert.deepEqual(
      bundle.resources.map(({ name }) => name),
      ['c.bronze', 'c.bronze.files', 'p', 'j', 'k'],
    );
    assert.deepEqual(settings(bundle, 'job', 'j'), { name: 'j', schedule: { quartz_cron_expression: 'x' } });
    const wrong = MODES.replace('continuous: true', 'development: true');
    const [finding = ''] = await refused(read(wrong, { target: 'prod' }));
    assert.match(finding, /^development-in-production databricks\.yml:7:\d+: The pipeline p/);
  });

  it('does as the presets say, and keeps the names of schemas when that is said', async () => {
    const presets =
      'presets: {name_prefix: "qa ", tags: {team: x}, trigger_pause_status: UNPAUSED, pipelines_development: false}';
    const text = `${MODES}${presets}\nexperimental: {skip_name_prefix_for_schema: true}\n`;
    const bundle = await read(text, { target: 'dev' });
    assert.deepEqual(bundle.resources.map(({ name }) => name).slice(0, 3), [
      'c.bronze',
      'c.bronze.files',
      'qa p',
    ]);
    assert.equal(settings(bundle, 'pipeline', 'p')['development'], false);
    assert.deepEqual(settings(bundle, 'job', 'j')['tags'], { dev: 'ana_maria', team: 'x' });
    assert.deepEqual(settings(bundle, 'job', 'j')['schedule'], {
      quartz_cron_expression: 'x',
      pause_status: 'UNPAUSED',
    });
  });

  it('turns paths of the project into paths of the workspace, from the file they stand in', async () => {
    const files = {
      'databricks.yml': `${HEAD}include: [resources/*.yml]\nworkspace: {root_path: /Shared/x}\n`,
      'resources/job.yml': `resources:
  jobs:
    j:
      name: j
      tasks:
        - {task_key: n, notebook_task: {notebook_path: ../src/nb.py}}
        - {task_key: g, notebook_task: {notebook_path: src/nb, source: GIT}}
        - {task_key: f, spark_python_task: {python_file: ../src/main.py}}
        - {task_key: e, for_each_task: {inputs: "[1]", task: {task_key: i, notebook_task: {notebook_path: ./../src/nb.py}}}}
        - {task_key: w, notebook_task: {notebook_path: /Shared/other}}
  pipelines:
    p: {name: p, root_path: ../src, libraries: [{glob: {include: "../src/**"}}, {file: {path: ../src/main.py}}]}
`.replace(', source: GIT', ''),
      'src/nb.py': '# Databricks notebook source\nx',
      'src/main.py': 'x',
      'resources/src/nb': '',
    };
    const at = '/Workspace/Shared/x/files';
    const good = {
      ...files,
      'resources/job.yml': files['resources/job.yml'].replace(/^.*task_key: g.*\n/m, ''),
    };
    const bundle = await read(good);
    const tasks = settings(bundle, 'job', 'j')['tasks'] as readonly JsonObject[];
    assert.deepEqual(
      tasks.map(({ task_key: _, ...rest }) => rest),
      [
        { notebook_task: { notebook_path: `${at}/src/nb` } },
        { spark_python_task: { python_file: `${at}/src/main.py` } },
        {
          for_each_task: {
            inputs: '[1]',
            task: { task_key: 'i', notebook_task: { notebook_path: `${at}/src/nb` } },
          },
        },
        { notebook_task: { notebook_path: '/Shared/other' } },
      ],
    );
    assert.deepEqual(settings(bundle, 'pipeline', 'p'), {
      name: 'p',
      root_path: `${at}/src`,
      libraries: [{ glob: { include: `${at}/src/**` } }, { file: { path: `${at}/src/main.py` } }],
    });
    const [finding = ''] = await refused(read(files));
    assert.match(finding, /^not-a-notebook resources\/job\.yml:7:\d+/);
    const lost = {
      ...good,
      'resources/job.yml': good['resources/job.yml'].replaceAll('../src/main.py', '../../x.py'),
    };
    assert.deepEqual(
      (await refused(read(lost))).map((one) => one.split(' ')[0]),
      ['outside', 'outside'],
    );
    const none = {
      ...good,
      'resources/job.yml': good['resources/job.yml'].replaceAll('../src/nb.py', 'nb.py'),
    };
    assert.match((await refused(read(none)))[0] ?? '', /^no-such-file .*resources\/nb\.py/);
  });

  it('refuses what it does not serve, and says what has no effect, each with its place', async () => {
    const text = `${HEAD}permissions: [{level: CAN_VIEW, group_name: g}]
artifacts: {w: {type: whl}}
workspace: {profile: x}
resources:
  dashboards: {d: {}}
  jobs: {j: {name: j, permissions: [], tasks: [{task_key: a, libraries: [{whl: ../dist/*.whl}]}]}}
`;
    assert.deepEqual(
      (await refused(read(text))).map((one) => one.replace(/: .*/, '')),
      [
        'unsupported databricks.yml:2:1',
        'unsupported databricks.yml:3:1',
        'unsupported databricks.yml:6:3',
        'unsupported databricks.yml:7:36',
        'unsupported databricks.yml:7:80',
      ],
    );
    const { warnings } = await read(`${HEAD}workspace: {profile: x}\nscripts: {a: {content: x}}\n`);
    assert.deepEqual(warnings.map(findingText), [
      'databricks.yml:3:1: scripts is not served here.',
      'databricks.yml:2:13: workspace.profile is not served here.',
    ]);
  });

  it('refuses references to nothing and to themselves, and what is defined twice', async () => {
    assert.match(
      (await refused(read(`${HEAD}resources: {jobs: {j: {name: "\${var.x}"}}}`)))[0] ?? '',
      /^unknown-reference .*\$\{var\.x\}/,
    );
    assert.match(
      (await refused(read(`${HEAD}resources: {jobs: {j: {name: "\${resources.jobs.k.name}"}}}`)))[0] ?? '',
      /^unknown-reference .*jobs\.k/,
    );
    assert.match(
      (
        await refused(
          read(
            `${HEAD}variables: {a: {default: "\${var.b}"}, b: {default: "\${var.a}"}}\nresources: {jobs: {j: {name: "\${var.a}"}}}`,
          ),
        )
      )[0] ?? '',
      /^reference-cycle/,
    );
    const twice = {
      'databricks.yml': `${HEAD}include: [r/*.yml]\n`,
      'r/a.yml': 'resources: {jobs: {j: {name: a}}}',
      'r/b.yml': 'resources: {jobs: {j: {name: b}}}',
    };
    assert.deepEqual(await refused(read(twice)), [
      'twice r/b.yml:1:20: jobs.j is defined in r/a.yml:1 already.',
    ]);
    assert.match(
      (await refused(read(`${HEAD}resources: {schemas: {s: {name: x}}}`)))[0] ?? '',
      /^no-name .*catalog_name/,
    );
  });

  it('lets jobs and pipelines run as whom the bundle says', async () => {
    const bundle = await read(
      `${HEAD}run_as: {service_principal_name: sp}\nresources: {jobs: {j: {name: j}, k: {name: k, run_as: {user_name: eva@x}}}, pipelines: {p: {name: p}}}`,
    );
    assert.deepEqual(
      bundle.resources.map((one) => one.settings['run_as']),
      [{ service_principal_name: 'sp' }, { service_principal_name: 'sp' }, { user_name: 'eva@x' }],
    );
  });

  it('shortens a name as the official command line does', () => {
    const id = '12345678-1234-1234-1234-123456789abc';
    assert.equal(shortName({ userName: 'Ana-Maria.Souza+x@example.com' }), 'ana_maria_souza_x');
    assert.equal(shortName({ userName: id, displayName: 'Deploy Bot' }), 'deploy_bot');
    assert.equal(shortName({ userName: id }), id.replaceAll('-', '_'));
  });
});
