import assert from 'node:assert/strict';
import { UserError } from '../../../src/core/errors.ts';
import type { Projects } from '../../../src/core/ports.ts';
import { createProject, projectText } from '../../../src/core/project.ts';

/** Notes what it is asked to copy. */
function projects(there: readonly string[]): { readonly port: Projects; readonly copied: string[][] } {
  const copied: string[][] = [];
  const port: Projects = {
    template: ['databricks.yml', 'lakehouse', 'README.md', '.gitignore'],
    present: (_, names) => Promise.resolve(names.filter((name) => there.includes(name))),
    copy: (folder, names) => {
      copied.push([...names]);
      return Promise.resolve(`/whole/${folder}`);
    },
    pipelineOf: (folder) => Promise.resolve(folder),
  };
  return { port, copied };
}

describe('a new project', () => {
  it('is the whole template in an empty folder', async () => {
    const { port, copied } = projects(['other.txt']);
    const made = await createProject(port, 'mine');
    assert.deepEqual(copied, [['databricks.yml', 'lakehouse', 'README.md', '.gitignore']]);
    assert.deepEqual(made, { folder: '/whole/mine', created: copied[0], kept: [] });
    assert.equal(projectText(made), 'The project is in /whole/mine.');
  });

  it('leaves the README and the .gitignore of a repository as they are, and says so', async () => {
    const { port, copied } = projects(['README.md', '.gitignore']);
    const made = await createProject(port, 'mine');
    assert.deepEqual(copied, [['databricks.yml', 'lakehouse']]);
    assert.match(projectText(made), /Left as it was: README\.md, \.gitignore$/);
  });

  it('is refused where one of its files is, which is named, and writes nothing', async () => {
    const { port, copied } = projects(['lakehouse', 'README.md']);
    await assert.rejects(createProject(port, 'mine'), (error: unknown) => {
      assert.ok(error instanceof UserError);
      assert.equal(error.code, 'project-exists');
      assert.equal(error.message, 'mine holds already: lakehouse');
      assert.match(error.hint ?? '', /^Nothing was written\./);
      return true;
    });
    assert.deepEqual(copied, []);
  });
});
