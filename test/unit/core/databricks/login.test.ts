import assert from 'node:assert/strict';
import { parseConfigFile } from '../../../../src/core/databricks/configFile.ts';
import { chooseLogin, workspaceHost, type LoginSources } from '../../../../src/core/databricks/login.ts';

const HOST = 'https://adb-1.2.azuredatabricks.net';
const TOKEN = { DATABRICKS_HOST: HOST, DATABRICKS_TOKEN: 'dapi-1' };
const PRINCIPAL = { DATABRICKS_CLIENT_ID: 'app', DATABRICKS_CLIENT_SECRET: 's' };
const FILE = `
; of the team
[DEFAULT]
host = ${HOST}/
token = dapi-default

[my.profile]
host=adb-9.9.azuredatabricks.net
client_id = app-9
client_secret = dose;#=x
# token = dapi-old
[cli]
host = ${HOST}
auth_type = databricks-cli
`;

const choose = (sources: Partial<LoginSources> = {}) =>
  chooseLogin({
    environment: {},
    profiles: parseConfigFile(FILE),
    file: '/home/me/.databrickscfg',
    ...sources,
  });
const refuses = (code: string, pattern: RegExp, sources: Partial<LoginSources>): void => {
  assert.throws(
    () => choose(sources),
    (error: Error & { code?: string; hint?: string }) => {
      assert.equal(error.code, code);
      assert.match(`${error.message} ${error.hint ?? ''}`, pattern);
      assert.doesNotMatch(`${error.message} ${error.hint ?? ''}`, /dapi|dose/);
      return true;
    },
  );
};

describe('the login to a workspace', () => {
  it('comes from the environment before the file', () => {
    assert.deepEqual(choose({ environment: TOKEN }), { host: HOST, as: { kind: 'token', token: 'dapi-1' } });
    assert.deepEqual(choose({ environment: { DATABRICKS_HOST: HOST, ...PRINCIPAL } }), {
      host: HOST,
      as: { kind: 'principal', clientId: 'app', clientSecret: 's' },
    });
  });

  it('comes from the profile that is named, else from DEFAULT', () => {
    assert.deepEqual(choose(), { host: HOST, as: { kind: 'token', token: 'dapi-default' } });
    const mine = {
      host: 'https://adb-9.9.azuredatabricks.net',
      as: { kind: 'principal', clientId: 'app-9', clientSecret: 'dose;#=x' },
    };
    assert.deepEqual(choose({ profile: 'my.profile', environment: TOKEN }), mine);
    assert.deepEqual(choose({ environment: { DATABRICKS_CONFIG_PROFILE: 'my.profile' } }), mine);
  });

  it('is never a token of one source at the host of another', () => {
    refuses('no-login', /DATABRICKS_HOST/, { environment: { DATABRICKS_TOKEN: 'dapi-1' } });
    refuses('no-login', /DATABRICKS_TOKEN/, { environment: { DATABRICKS_HOST: HOST } });
    refuses('several-logins', /my\.profile/, {
      environment: { ...TOKEN, DATABRICKS_CONFIG_PROFILE: 'my.profile' },
    });
  });

  it('is one, unless the kind is said', () => {
    refuses('several-logins', /DATABRICKS_AUTH_TYPE/, { environment: { ...TOKEN, ...PRINCIPAL } });
    const said = choose({ environment: { ...TOKEN, ...PRINCIPAL, DATABRICKS_AUTH_TYPE: 'pat' } });
    assert.equal(said.as.kind, 'token');
    refuses('no-login', /DATABRICKS_CLIENT_SECRET/, {
      environment: { DATABRICKS_HOST: HOST, DATABRICKS_CLIENT_ID: 'app' },
    });
  });

  it('may be one of Azure, said or found', () => {
    const ARM = { ARM_TENANT_ID: 'dir', ARM_CLIENT_ID: 'az-app', ARM_CLIENT_SECRET: 'az-s' };
    const principal = { kind: 'azure-principal', tenant: 'dir', clientId: 'az-app', clientSecret: 'az-s' };
    const host = { DATABRICKS_HOST: HOST };
    assert.deepEqual(choose({ environment: { ...host, ...ARM } }).as, principal);
    const cli = choose({ environment: { ...host, DATABRICKS_AUTH_TYPE: 'azure-cli', ARM_TENANT_ID: 'dir' } });
    assert.deepEqual(cli.as, { kind: 'azure-cli', tenant: 'dir' });
    // What other tools find there too neither names a workspace nor outweighs a login of Databricks.
    assert.equal(choose({ environment: ARM }).as.kind, 'token');
    assert.equal(choose({ environment: { ...TOKEN, ...ARM } }).as.kind, 'token');
    const profiles = parseConfigFile(
      `[a]\nhost = ${HOST}\nazure_tenant_id = dir\nazure_client_id = az-app\nazure_client_secret = az-s\n` +
        `[b]\nhost = ${HOST}\nauth_type = azure-cli\n[c]\nhost = ${HOST}\ntoken = t\nazure_client_secret = s`,
    );
    assert.deepEqual(choose({ profiles, profile: 'a' }).as, principal);
    assert.deepEqual(choose({ profiles, profile: 'b' }).as, { kind: 'azure-cli', tenant: '' });
    refuses('several-logins', /auth_type = pat \| azure-client-secret/, { profiles, profile: 'c' });
    refuses('no-login', /ARM_CLIENT_ID/, {
      environment: { ...host, DATABRICKS_AUTH_TYPE: 'azure-client-secret' },
    });
  });

  it('says what there is when it finds none', () => {
    refuses('no-login', /DATABRICKS_HOST and DATABRICKS_TOKEN/, { profiles: undefined });
    refuses('unknown-profile', /DEFAULT, my\.profile, cli/, { profile: 'other' });
    refuses('unsupported-login', /azure-cli/, { profile: 'cli' });
    refuses('bad-token', /token/, { environment: { ...TOKEN, DATABRICKS_TOKEN: 'dapi 1' } });
  });
});

describe('the host of a workspace', () => {
  it('is the origin of what a person has', () => {
    for (const given of [HOST, `${HOST}/`, 'adb-1.2.azuredatabricks.net', `${HOST}/?o=1#notebook/5`]) {
      assert.equal(workspaceHost(given), HOST);
    }
    assert.equal(workspaceHost('http://127.0.0.1:8080/'), 'http://127.0.0.1:8080');
  });

  it('is https, loopback hosts apart', () => {
    for (const given of [
      'http://adb-1.2.azuredatabricks.net',
      'http://127.0.0.1.example.com',
      'ftp://localhost',
    ]) {
      assert.throws(() => workspaceHost(given), { code: 'no-secret-in-clear' });
    }
    assert.throws(() => workspaceHost('https://'), { code: 'bad-host' });
  });
});
