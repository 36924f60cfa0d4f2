/** Logins that Microsoft answers: the directory of a workspace, client credentials of Entra, the Azure CLI. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { azureCliOn, azureCliToken, hasAzureCli } from '../../../../src/adapters/databricks/azureCli.ts';
import { discoverTenant } from '../../../../src/adapters/databricks/tenant.ts';
import { createLoginTokens } from '../../../../src/adapters/databricks/tokens.ts';
import { holdToken } from '../../../../src/adapters/heldToken.ts';
import { createHttp } from '../../../../src/adapters/http.ts';
import { isUserError } from '../../../../src/core/errors.ts';
import { startFakeEntra, TENANT, writeFakeAz, type FakeEntra } from '../../../support/fakeWorkspace/login.ts';

const RESOURCE = '2ff814a6-3304-4ab8-85cb-cd0e6f879c1d';
const SECRET = 'segredo ~+/&=';
const TOKEN = 'eyJ-of-the-test';

const refused = (code: string, words: RegExp) => (error: unknown) => {
  assert.ok(isUserError(error), String(error));
  const said = `${error.message} ${error.hint ?? ''}`;
  assert.equal(error.code, code, said);
  assert.match(said, words);
  assert.ok(!said.includes(SECRET) && !said.includes(TOKEN), said);
  return true;
};

describe('the login at Microsoft', () => {
  let entra: FakeEntra;
  beforeEach(async () => {
    entra = await startFakeEntra(TOKEN);
  });
  afterEach(() => entra.close());

  describe('the directory of a workspace', () => {
    it('is where it sends a browser, asked without a login', async () => {
      assert.equal(await discoverTenant(entra.url, createHttp(null)), TENANT);
      assert.deepEqual(
        entra.asked.map(({ path, headers }) => [path, headers.authorization]),
        [['/aad/auth', undefined]],
      );
    });

    it('is not taken from anything else', async () => {
      for (const answer of [
        { status: 404, body: '<html>' },
        { status: 200, location: `https://login.microsoftonline.com/${TENANT}/x` },
        { status: 302, location: 'https://elsewhere.example/11111111-2222-3333-4444-555555555555/x' },
        { status: 302, location: 'https://login.microsoftonline.com/common/oauth2/authorize' },
        { status: 303, location: '/login.html' },
      ]) {
        entra.answer = answer;
        await assert.rejects(discoverTenant(entra.url, createHttp(null)), refused('no-tenant', /directory/));
      }
    });
  });

  describe('client credentials of Microsoft Entra', () => {
    const login = (tenant: string) => ({
      host: entra.url,
      as: { kind: 'azure-principal', tenant, clientId: 'app-1', clientSecret: SECRET } as const,
    });

    it('give a token for Databricks, held for every client, until it is refused', async () => {
      const tokens = createLoginTokens({ authority: entra.url });
      const all = await Promise.all([1, 2, 3].map(() => tokens.of(login('')).token()));
      assert.deepEqual(new Set(all), new Set([TOKEN]));
      const asked = entra.asked.map(({ method, path }) => `${method} ${path}`);
      assert.equal(asked.filter((one) => one.startsWith('POST')).length, 1, asked.join(', '));
      const post = entra.asked.find(({ method }) => method === 'POST');
      assert.equal(post?.path, `/${TENANT}/oauth2/v2.0/token`);
      assert.deepEqual(post.form, {
        grant_type: 'client_credentials',
        client_id: 'app-1',
        client_secret: SECRET,
        scope: `${RESOURCE}/.default`,
      });
      tokens.of(login('')).forget();
      await tokens.of(login('')).token();
      assert.equal(entra.asked.filter(({ method }) => method === 'POST').length, 2);
    });

    it('are refused in plain words', async () => {
      const answer = (words: string) => {
        entra.answer = {
          status: 401,
          body: JSON.stringify({ error: 'invalid_client', error_description: words }),
        };
      };
      const token = () => createLoginTokens({ authority: entra.url }).of(login(TENANT)).token();
      answer('AADSTS7000215: Invalid client secret provided. Trace ID: 8a Correlation ID: 9b');
      await assert.rejects(token(), refused('login-refused', /secret is wrong.*Certificates & secrets/));
      answer("AADSTS700016: Application with identifier 'app-1' was not found in the directory 'x'.");
      await assert.rejects(token(), refused('wrong-tenant', /11111111.*tenant/));
      answer('something new');
      await assert.rejects(token(), refused('login-refused', /app-1/));
    });
  });

  describe('the Azure CLI', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'orders-az-'));
    });
    afterEach(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    const HOST = 'https://adb-1.2.azuredatabricks.net';
    const ask = (timeoutMs = 5000) =>
      azureCliToken(HOST, TENANT, { timeoutMs, env: { PATH: `${folder}:/usr/bin:/bin` } });
    const calls = (): readonly string[] =>
      existsSync(join(folder, 'az.log'))
        ? readFileSync(join(folder, 'az.log'), 'utf8').trim().split('\n')
        : [];

    it('goes through the command interpreter on Windows, and takes no tenant that it would take apart', async () => {
      assert.deepEqual(azureCliOn('win32', ['account', 'show']), {
        command: 'cmd.exe',
        args: ['/d', '/s', '/c', 'az.cmd', 'account', 'show'],
      });
      assert.deepEqual(azureCliOn('linux', ['account']), { command: 'az', args: ['account'] });
      writeFakeAz(folder, 'touch "$0.started"');
      await assert.rejects(azureCliToken(HOST, 'a & b', { env: { PATH: folder } }), { code: 'bad-tenant' });
      assert.ok(!existsSync(join(folder, 'az.started')));
    });

    it('is found on the path without being started', () => {
      assert.equal(hasAzureCli({ PATH: folder }), false);
      writeFakeAz(folder, 'exit 1');
      assert.equal(hasAzureCli({ PATH: `/nowhere:${folder}` }), true);
      assert.deepEqual(calls(), []);
    });

    it('gives a token of the directory, good until it says', async () => {
      const ends = Math.floor(Date.now() / 1000) + 3000;
      writeFakeAz(folder, `echo '{"accessToken":"${TOKEN}","expires_on":${ends},"tokenType":"Bearer"}'`);
      const { token, seconds } = await ask();
      assert.equal(token, TOKEN);
      assert.ok(seconds > 2900 && seconds <= 3000, String(seconds));
      assert.deepEqual(calls(), [
        `account get-access-token --resource ${RESOURCE} --output json --tenant ${TENANT}`,
      ]);
    });

    it('is asked without the directory where that is given by the machine', async () => {
      writeFakeAz(
        folder,
        `case "$*" in *--tenant*) echo "ERROR: Tenant shouldn't be specified for managed identity account" >&2; exit 1;; esac
echo '{"accessToken":"${TOKEN}","expiresOn":"2099-01-01 00:00:00.000000"}'`,
      );
      assert.equal((await ask()).token, TOKEN);
      assert.equal(calls().length, 2);
    });

    const FAILURES = [
      ["ERROR: Please run 'az login' to setup account.", 'signed-out', /az login --tenant 1111/],
      [
        'ERROR: AADSTS70043: The refresh token has expired or is invalid due to sign-in frequency checks.',
        'signed-out',
        /az login --tenant/,
      ],
      [
        "ERROR: AADSTS50020: User account 'a@b.c' from identity provider 'live.com' does not exist in tenant 'X'",
        'wrong-tenant',
        /directory of the workspace/,
      ],
      [
        'ERROR: AADSTS53003: Access has been blocked by Conditional Access policies.',
        'login-forbidden',
        /Conditional access/,
      ],
      ['ERROR: HTTPSConnectionPool: Max retries exceeded', 'azure-cli-failed', /Max retries exceeded/],
    ] as const;
    for (const [words, code, pattern] of FAILURES) {
      it(`is told as ${code}: ${words}`, async () => {
        writeFakeAz(folder, `cat >&2 <<'END'\n${words}\nEND\nexit 1`);
        await assert.rejects(ask(), refused(code, pattern));
      });
    }

    it('is told when it is not there, does not answer or prints no token', async () => {
      await assert.rejects(
        azureCliToken(HOST, TENANT, { env: { PATH: folder } }),
        refused('no-azure-cli', /Install it/),
      );
      writeFakeAz(folder, 'exec sleep 60');
      await assert.rejects(ask(300), refused('azure-cli-failed', /did not answer/));
      writeFakeAz(folder, 'echo hello');
      await assert.rejects(ask(), refused('azure-cli-failed', /no token/));
    });
  });
});

describe('a token that is held', () => {
  it('is asked anew after four fifths of its life, and after a failure', async () => {
    let now = 0;
    let asked = 0;
    let fails = false;
    const held = holdToken(
      () => {
        asked += 1;
        return fails
          ? Promise.reject(new Error('no'))
          : Promise.resolve({ token: `token-${asked}`, seconds: 100 });
      },
      () => now,
    );
    const at = async (milliseconds: number): Promise<string> => {
      now = milliseconds;
      return held.token();
    };
    assert.deepEqual([await at(0), await at(79_999), await at(80_001)], ['token-1', 'token-1', 'token-2']);
    fails = true;
    await assert.rejects(at(200_000));
    fails = false;
    assert.equal(await at(200_001), 'token-4');
  });
});
