import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkHome, requireHome } from '../../../../src/adapters/embedded/homeFolder.ts';
import { homeLayout } from '../../../../src/adapters/home.ts';

describe('a home folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'orders-home-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('may have blanks and accents, and is made', () => {
    const layout = homeLayout(join(folder, 'minha área', 'de testes'));
    checkHome(layout);
    assert.equal(existsSync(layout.home), false, 'a look changes nothing');
    requireHome(layout);
    assert.ok(existsSync(layout.logs));
  });

  for (const bad of [',', ';']) {
    it(`may not have a "${bad}"`, () => {
      assert.throws(
        () => {
          requireHome(homeLayout(join(folder, `a${bad}b`)));
        },
        { code: 'home-path' },
      );
    });
  }

  it('below a file cannot be written to', () => {
    writeFileSync(join(folder, 'file'), '');
    assert.throws(
      () => {
        requireHome(homeLayout(join(folder, 'file', 'home')));
      },
      (error: Error & { code?: string }) => error.code === 'no-permission' && error.message.includes(folder),
    );
  });
});
