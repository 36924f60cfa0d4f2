import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { blankWorkspace, type WorkspaceProfile } from '../../src/core/databricks/workspaces.ts';
import { isUserError } from '../../src/core/errors.ts';
import type { Api } from '../../src/extension.ts';
import { createAuthority } from '../live/support/certificates.ts';
import { until } from '../live/support/until.ts';
import { AAD_LOCATION } from '../support/fakeWorkspace/login.ts';
import { startFakeWorkspace, type FakeWorkspace } from '../support/fakeWorkspace.ts';
import { startProxy } from '../support/proxy.ts';
import { activated } from './support.ts';

const TOKEN = `dapi-host-${process.pid}`;
const USER = 'ana@example.com';

describe('workspaces of Azure Databricks in the editor', () => {
  let api: Api;
  let fake: FakeWorkspace;
  let profile: WorkspaceProfile;
  const signal = new AbortController().signal;
  const open = (id: string) => api.room.workspaces.open(id, () => undefined, signal);
  const refusedAs = (code: string) => (error: unknown) => {
    assert.ok(isUserError(error), String(error));
    assert.equal(error.code, code);
    return true;
  };

  before(async () => {
    api = await activated();
    fake = await startFakeWorkspace({ token: TOKEN, userName: USER });
    profile = {
      ...blankWorkspace('host-workspace'),
      name: 'Dev',
      host: fake.host,
      login: { kind: 'token' },
      production: true,
      colour: 'red',
    };
  });
  beforeEach(() => {
    fake.reset();
    fake.faults(({ path }) => {
      if (path === '/aad/auth') return { status: 302, body: '', headers: { location: AAD_LOCATION } };
      return path === '/api/2.0/sql/warehouses' ? { status: 200, body: '{}' } : undefined;
    });
  });
  after(async () => {
    for (const { id } of api.room.workspaces.list()) await api.room.workspaces.remove(id);
    await fake.close();
  });

  it('are tested with a token that is nowhere yet, then saved with it in the secret storage only', async () => {
    const { workspaces, context } = api.room;
    const { tests, userName } = await workspaces.test({ profile, secret: TOKEN }, signal);
    assert.deepEqual(
      tests.filter(({ good }) => !good),
      [],
    );
    assert.equal(userName, USER);
    await assert.rejects(workspaces.test({ profile }, signal), refusedAs('no-secret'));
    await workspaces.save({ profile, secret: TOKEN });
    const kept = context.globalState.keys().map((key) => JSON.stringify(context.globalState.get(key)));
    assert.ok(kept.some((text) => text.includes(fake.host)));
    assert.ok(!kept.some((text) => text.includes(TOKEN)));
    assert.equal(await context.secrets.get(`workspace/${profile.id}`), TOKEN);
  });

  it('stand in the tree, production marked, and say who logged in once somebody did', async () => {
    const node = async () => {
      const [found] = await api.trees.workspaces.children();
      assert.ok(found);
      return found;
    };
    const tooltip = async (): Promise<unknown> => (await node()).tooltip;
    const before = await node();
    assert.deepEqual([before.label, before.description], ['Dev', 'production']);
    const told = ['Dev', fake.host, 'Production: you are asked before each write.'];
    assert.equal(await tooltip(), told.join('\n'));
    assert.equal(await (await open(profile.id)).userName(), USER);
    assert.equal(await tooltip(), [...told, `Logged in as ${USER}`].join('\n'));
  });

  it('never send a secret to another host than it was given for', async () => {
    const { workspaces, context } = api.room;
    const moved = { ...profile, host: 'http://127.0.0.1:9' };
    assert.equal(await workspaces.isKept(profile), true);
    assert.equal(await workspaces.isKept(moved), false);
    assert.equal(await workspaces.isKept({ ...profile, login: { kind: 'principal', clientId: 'a' } }), false);
    await workspaces.save({ profile: moved });
    assert.equal(await context.secrets.get(`workspace/${profile.id}`), undefined);
    await assert.rejects(open(profile.id), refusedAs('no-secret'));
    await workspaces.save({ profile, secret: TOKEN });
  });

  it('log in with the Microsoft account: asked silently, and by a person once', async () => {
    const { workspaces, outside } = api.room;
    const real = outside.getSession.bind(outside);
    const asked: (readonly [string, readonly string[], boolean])[] = [];
    let signedIn = false;
    outside.getSession = (provider, scopes, options) => {
      asked.push([provider, scopes, options.silent ?? false]);
      if (options.createIfNone) signedIn = true;
      const session = {
        id: 's',
        accessToken: TOKEN,
        account: { id: 'a', label: USER },
        scopes,
      };
      return Promise.resolve(signedIn ? session : undefined);
    };
    try {
      const microsoft: WorkspaceProfile = {
        ...profile,
        id: 'host-microsoft',
        name: 'Microsoft',
        login: { kind: 'microsoft', tenant: '' },
      };
      await workspaces.save({ profile: microsoft });
      const before = await open(microsoft.id);
      await assert.rejects(before.userName(), refusedAs('signed-out'));
      await vscode.commands.executeCommand('ordersLakehouse.signInWorkspace', microsoft.id);
      assert.equal(await before.userName(), USER);
      assert.deepEqual(
        asked.map(([, , silent]) => silent),
        [true, false],
      );
      assert.ok(asked.every(([provider]) => provider === 'microsoft'));
      await workspaces.remove(microsoft.id);
    } finally {
      outside.getSession = real;
    }
  });

  it('are reached through the proxy of the settings, whose refusal is told', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'orders-host-proxy-'));
    const { certificate, key } = createAuthority(folder, 'company').sign('workspace', 'DNS:workspace.test');
    const server = createServer(
      { cert: readFileSync(certificate), key: readFileSync(key) },
      (_, response) => void response.writeHead(401).end('{}'),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = await startProxy(() => (server.address() as AddressInfo).port);
    const settings = vscode.workspace.getConfiguration('http');
    const { Global } = vscode.ConfigurationTarget;
    const tried = async () => {
      const draft = { profile: { ...profile, host: 'https://workspace.test' }, secret: TOKEN };
      const [first] = (await api.room.workspaces.test(draft, signal)).tests;
      return `${first?.text} ${first?.hint}`;
    };
    try {
      await settings.update('proxy', proxy.url, Global);
      // The tunnel is there; nobody vouches for the company behind it.
      assert.match(await tried(), /certificate of workspace\.test is not trusted/);
      assert.deepEqual([...new Set(proxy.asked)], ['CONNECT workspace.test:443']);
      await settings.update('proxySupport', 'on', Global);
      const before = proxy.asked.length;
      await tried();
      assert.ok(proxy.asked.length > before);
      proxy.refuse(407);
      assert.match(await tried(), /proxy.*login of its own.*http\.proxy/);
      const { url } = proxy;
      await proxy.close();
      assert.match(await tried(), new RegExp(`proxy .*${url.slice(7)}.* does not answer`));
    } finally {
      await settings.update('proxy', undefined, Global);
      await settings.update('proxySupport', undefined, Global);
      server.close();
      server.closeAllConnections();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('have a form of their own, and are gone with their secret when they are forgotten', async () => {
    const { workspaces, context } = api.room;
    const shown = (): boolean =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).some(({ label }) => label === 'Workspace Dev');
    await vscode.commands.executeCommand('ordersLakehouse.editWorkspace', profile.id);
    await until('its form', () => shown() || undefined);
    await workspaces.remove(profile.id);
    await until('it is closed', () => !shown() || undefined);
    assert.equal(await context.secrets.get(`workspace/${profile.id}`), undefined);
    assert.deepEqual(await api.trees.workspaces.children(), []);
    assert.equal(workspaces.userName(profile.id), undefined);
  });
});
