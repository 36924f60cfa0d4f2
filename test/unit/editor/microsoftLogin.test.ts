/** The Microsoft account of VS Code, with a sign-in of the tests in its place. */
import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import type { WorkspaceProfile } from '../../../src/core/databricks/workspaces.ts';
import { isCancelled, isUserError } from '../../../src/core/errors.ts';
import { createMicrosoftLogins } from '../../../src/editor/microsoftLogin.ts';

const RESOURCE = '2ff814a6-3304-4ab8-85cb-cd0e6f879c1d';
const ana: vscode.AuthenticationSessionAccountInformation = { id: 'ana-1', label: 'ana@example.com' };
const profile: WorkspaceProfile = {
  id: 'id-1',
  name: 'Sales',
  host: 'https://adb-1.2.azuredatabricks.net',
  login: { kind: 'microsoft', tenant: '' },
  production: false,
  colour: 'none',
};

interface Asked {
  readonly provider: string;
  readonly scopes: readonly string[];
  readonly options: vscode.AuthenticationGetSessionOptions;
}

/** Signed in once somebody was asked. */
function scripted(options: { readonly fails?: string } = {}) {
  const asked: Asked[] = [];
  const hosts: string[] = [];
  let signedIn = false;
  const logins = createMicrosoftLogins(
    {
      workspaceTenant: (host) => {
        hosts.push(host);
        return Promise.resolve('tenant-1');
      },
      getSession: (provider, scopes, how) => {
        asked.push({ provider, scopes: [...scopes], options: how });
        // As VS Code does with the array that it is given.
        (scopes as string[]).sort();
        if (options.fails !== undefined) return Promise.reject(new Error(options.fails));
        if (how.createIfNone) signedIn = true;
        return Promise.resolve(
          signedIn ? { id: 's', accessToken: `token-${asked.length}`, account: ana, scopes: [] } : undefined,
        );
      },
    },
    () => undefined,
  );
  return { logins, asked, hosts };
}

describe('the Microsoft account of VS Code', () => {
  it('is asked for Databricks in the directory that the workspace tells, silently', async () => {
    const { logins, asked, hosts } = scripted();
    await assert.rejects(logins.token(profile), (error) => {
      assert.ok(isUserError(error));
      assert.equal(error.code, 'signed-out');
      assert.deepEqual(error.action, {
        title: 'Sign in',
        command: 'ordersLakehouse.signInWorkspace',
        args: ['id-1'],
      });
      return true;
    });
    const scopes = [`${RESOURCE}/.default`, 'offline_access', 'VSCODE_TENANT:tenant-1'];
    assert.deepEqual(asked, [{ provider: 'microsoft', scopes, options: { silent: true } }]);
    assert.equal(await logins.signIn(profile, false), 'token-2');
    assert.deepEqual(asked[1]?.options, {
      createIfNone: { detail: `To work in the workspace ${profile.host}.` },
    });
    assert.deepEqual(asked[1].scopes, scopes);
    assert.deepEqual(hosts, [profile.host]);
  });

  it('is asked again for each step, after half a minute, for the account that signed in', async () => {
    const { logins, asked } = scripted();
    await logins.signIn(profile, false);
    const { now } = Date;
    try {
      assert.equal(await logins.token(profile), 'token-1');
      assert.equal(asked.length, 1);
      Date.now = () => now() + 31_000;
      assert.equal(await logins.token(profile), 'token-2');
      assert.deepEqual(asked[1]?.options, { silent: true, account: ana });
      // What is changed is not served with what was held.
      const moved: WorkspaceProfile = { ...profile, login: { kind: 'microsoft', tenant: 'other' } };
      assert.equal(await logins.token(moved), 'token-3');
      assert.ok(asked[2]?.scopes.includes('VSCODE_TENANT:other'));
    } finally {
      Date.now = now;
    }
  });

  it('can be another one', async () => {
    const { logins, asked } = scripted();
    await logins.signIn(profile, false);
    await logins.signIn(profile, true);
    assert.equal(asked[1]?.options.clearSessionPreference, true);
    assert.equal(asked[1].options.account, undefined);
  });

  it('is the one of its cloud', async () => {
    const { logins, asked } = scripted();
    await logins.signIn({ ...profile, host: 'https://adb-1.2.databricks.azure.us' }, false);
    await logins.signIn({ ...profile, host: 'https://adb-1.2.databricks.azure.cn' }, false);
    assert.deepEqual(
      asked.map(({ provider }) => provider),
      ['microsoft-sovereign-cloud', 'microsoft-sovereign-cloud'],
    );
  });

  it('may be refused, or given up', async () => {
    const failing = (fails: string) => scripted({ fails }).logins.signIn(profile, false);
    await assert.rejects(failing('User did not consent to login.'), isCancelled);
    const told = async (words: string): Promise<string> => {
      try {
        return await failing(words);
      } catch (error) {
        assert.ok(isUserError(error));
        return error.code;
      }
    };
    assert.equal(await told("AADSTS50020: User account 'a' does not exist in tenant 'b'"), 'wrong-tenant');
    assert.equal(
      await told("Timed out waiting for authentication provider 'microsoft' to register."),
      'no-microsoft-login',
    );
    assert.equal(await told('something else'), 'login-refused');
  });
});
