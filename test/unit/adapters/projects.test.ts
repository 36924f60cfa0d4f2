import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { listFiles, PackageManager } from '@vscode/vsce';
import { createProjects } from '../../../src/adapters/projects.ts';
import { createProject } from '../../../src/core/project.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const sandbox = join(root, 'sandbox');

/** Each file below a folder with its content, by its path there. */
function contents(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    files
      .filter((file) => !file.includes('__pycache__'))
      .toSorted()
      .map((file) => [relative(folder, file), readFileSync(file, 'utf8')]),
  );
}

describe('projects on this machine', () => {
  const projects = createProjects();
  let place: string;
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'orders-project-'));
  });
  afterEach(() => {
    rmSync(place, { recursive: true, force: true });
  });

  it('are the files that ship, byte for byte, and nothing else', async () => {
    const folder = join(place, 'new', 'orders ção');
    const { folder: made } = await createProject(projects, folder);
    assert.equal(made, folder);
    const found = contents(folder);
    for (const part of ['lakehouse', 'resources']) {
      const shipped = contents(join(sandbox, part));
      assert.ok(Object.keys(shipped).length > 3);
      for (const [name, text] of Object.entries(shipped)) {
        assert.equal(found[join(part, name)], text, name);
        Reflect.deleteProperty(found, join(part, name));
      }
    }
    assert.equal(found['databricks.yml'], readFileSync(join(sandbox, 'databricks.yml'), 'utf8'));
    assert.deepEqual(Object.keys(found).toSorted(), ['.gitignore', 'README.md', 'databricks.yml']);
    assert.match(found['.gitignore'] ?? '', /^\.databricks\/$/m);
  });

  it('are refused a second time, and the first stays as it is', async () => {
    await createProject(projects, place);
    const mine = join(place, 'lakehouse', 'orders', 'rules.py');
    writeFileSync(mine, '# mine\n');
    const before = contents(place);
    await assert.rejects(createProject(projects, place), {
      code: 'project-exists',
      message: `${place} holds already: databricks.yml, resources, lakehouse`,
    });
    assert.deepEqual(contents(place), before);
  });

  it('are not half there when something came in between', async () => {
    mkdirSync(join(place, 'lakehouse'));
    await assert.rejects(projects.copy(place, projects.template), { code: 'project-exists' });
    assert.deepEqual(readdirSync(place), ['lakehouse']);
  });

  it('leave no folder behind that could not be filled', async () => {
    await assert.rejects(projects.copy(join(place, 'a', 'b'), ['databricks.yml', 'gone']));
    assert.deepEqual(readdirSync(place), []);
  });

  it('cannot be made inside a file, and say so', async () => {
    const file = join(place, 'file');
    writeFileSync(file, '');
    await assert.rejects(createProject(projects, file), { code: 'not-a-folder' });
    assert.equal(statSync(file).size, 0);
  });

  it('are found by their pipeline, or as that', async () => {
    await createProject(projects, place);
    const pipeline = join(place, 'lakehouse');
    assert.equal(await projects.pipelineOf(place), pipeline);
    assert.equal(await projects.pipelineOf(pipeline), pipeline);
    await assert.rejects(projects.pipelineOf(join(place, 'resources')), { code: 'no-pipeline' });
    await assert.rejects(projects.pipelineOf(join(place, 'nowhere')), { code: 'no-pipeline' });
  });

  it('are whole in the package', async () => {
    const packed = new Set(await listFiles({ cwd: root, packageManager: PackageManager.None }));
    const wanted = ['lakehouse', 'resources', 'project'].flatMap((part) =>
      Object.keys(contents(join(sandbox, part))).map((name) => `sandbox/${part}/${name}`),
    );
    assert.deepEqual(
      ['sandbox/databricks.yml', ...wanted].filter((name) => !packed.has(name)),
      [],
    );
  });
});
