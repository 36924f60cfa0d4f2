import assert from 'node:assert/strict';
import { cloudOf, tenantOf } from '../../../../src/core/databricks/azure.ts';
import {
  blankWorkspace,
  sameSecret,
  tidiedWorkspace,
  workspaceFindings,
  type WorkspaceDraft,
  type WorkspaceProfile,
} from '../../../../src/core/databricks/workspaces.ts';

const HOST = 'https://adb-1.2.azuredatabricks.net';
const whole: WorkspaceProfile = { ...blankWorkspace('id'), name: 'Dev', host: HOST };

describe('a workspace that is being made', () => {
  const fields = (draft: WorkspaceDraft, kept = false): readonly string[] =>
    workspaceFindings(draft, { others: ['Taken'], kept }).map(({ field }) => field);

  it('needs a name of its own and an address with https', () => {
    assert.deepEqual(fields({ profile: blankWorkspace('id') }), ['name', 'host']);
    assert.deepEqual(fields({ profile: { ...whole, name: 'Taken' } }), ['name']);
    assert.deepEqual(fields({ profile: { ...whole, host: 'http://adb-1.2.azuredatabricks.net' } }), ['host']);
    assert.deepEqual(fields({ profile: whole }), []);
  });

  it('needs what its login does, unless that is kept', () => {
    const by = (login: WorkspaceProfile['login'], secret?: string, kept?: boolean) =>
      fields({ profile: { ...whole, login }, ...(secret === undefined ? {} : { secret }) }, kept);
    assert.deepEqual(by({ kind: 'token' }), ['token']);
    assert.deepEqual(by({ kind: 'token' }, undefined, true), []);
    assert.deepEqual(by({ kind: 'token' }, 'two words', true), ['token']);
    assert.deepEqual(by({ kind: 'principal', clientId: '' }), ['login.clientId', 'clientSecret']);
    assert.deepEqual(by({ kind: 'principal', clientId: 'a' }, 's'), []);
    assert.deepEqual(by({ kind: 'profile', profile: '' }), ['login.profile']);
    assert.deepEqual(by({ kind: 'azure-cli', tenant: 'contoso.onmicrosoft.com' }), []);
    assert.deepEqual(by({ kind: 'microsoft', tenant: 'a/b' }), ['login.tenant']);
  });

  it('keeps the origin of what a browser shows, and what is no address as it was written', () => {
    assert.equal(tidiedWorkspace({ ...whole, host: ` ${HOST}/?o=1#job/5 ` }).host, HOST);
    assert.equal(tidiedWorkspace({ ...whole, host: 'adb-1.2.azuredatabricks.net' }).host, HOST);
    assert.equal(tidiedWorkspace({ ...whole, host: 'http://x' }).host, 'http://x');
  });

  it('has a secret for one host and one kind of login', () => {
    const token: WorkspaceProfile = { ...whole, login: { kind: 'token' } };
    assert.equal(sameSecret(token, { ...token, name: 'other', colour: 'red' }), true);
    assert.equal(sameSecret(token, { ...token, host: 'https://adb-9.9.azuredatabricks.net' }), false);
    assert.equal(sameSecret(token, { ...token, login: { kind: 'principal', clientId: 'a' } }), false);
    assert.equal(sameSecret(whole, whole), false);
  });
});

describe('the cloud of a workspace', () => {
  it('is told by its address', () => {
    const of = (host: string) => [cloudOf(host).authority, cloudOf(host).provider];
    assert.deepEqual(of(HOST), ['https://login.microsoftonline.com', 'microsoft']);
    assert.deepEqual(of('https://adb-1.2.databricks.azure.us'), [
      'https://login.microsoftonline.us',
      'microsoft-sovereign-cloud',
    ]);
    assert.equal(of('https://adb-1.2.databricks.azure.cn')[0], 'https://login.chinacloudapi.cn');
    assert.equal(cloudOf('https://dbc-1.cloud.databricks.com').isAzure, false);
  });

  it('has directories that are named by an id or a domain', () => {
    const id = '11111111-2222-3333-4444-555555555555';
    assert.equal(tenantOf(`https://login.microsoftonline.us/${id}/oauth2/authorize?x=1`), id);
    assert.equal(tenantOf('https://login.microsoftonline.com/contoso.com/oauth2'), 'contoso.com');
    for (const none of ['', '/login.html', 'https://login.microsoftonline.com/organizations/x']) {
      assert.equal(tenantOf(none), undefined);
    }
  });
});
