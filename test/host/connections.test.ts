import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { createLakehouse } from '../../src/adapters/lakehouse.ts';
import { blankProfile, type ConnectionProfile } from '../../src/core/connections.ts';
import { isUserError } from '../../src/core/errors.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import type { Api } from '../../src/extension.ts';
import { until } from '../live/support/until.ts';
import { activated } from './support.ts';

const TOPIC = `host-connections-${process.pid}`;
const SECRET = `s3cret-${process.pid}`;

describe('connections in the editor', () => {
  const lakehouse = createLakehouse({ settings: DEFAULT_SETTINGS });
  let api: Api;
  let profile: ConnectionProfile;

  before(async () => {
    api = await activated();
    await (await lakehouse.broker()).ensureTopic(TOPIC, 1);
    const { bootstrap, registryUrl } = await lakehouse.endpoints();
    // The sandbox itself, as another Kafka: it passes over the login of its registry.
    profile = {
      ...blankProfile('host-connection'),
      name: 'Squad',
      bootstrap: [bootstrap],
      tls: null,
      sasl: null,
      registry: { url: registryUrl, login: { kind: 'basic', username: 'maria' }, tls: null },
    };
    await api.room.connections.save({
      profile,
      secrets: { registryPassword: SECRET, password: 'of no use' },
    });
  });
  after(async () => {
    await api.room.connections.remove(profile.id);
    await (await lakehouse.topicAdmin()).remove(TOPIC);
    await lakehouse.close();
  });

  const node = async () => {
    const [found] = await api.trees.connections.children();
    assert.ok(found);
    return found;
  };

  it('shows its topics, groups and schemas', async () => {
    const found = await node();
    assert.equal(found.label, 'Squad');
    const labels = (await api.trees.connections.children(found)).map(({ label }) => label);
    assert.ok(labels.includes(TOPIC), labels.join(', '));
    assert.deepEqual(labels.slice(-2), ['Consumer groups', 'Schemas']);
  });

  it('keeps secrets apart, those only that it has a use for, and gives them to who connects', async () => {
    const { connections } = api.room;
    assert.deepEqual(await connections.keptSecrets(profile.id), ['registryPassword']);
    assert.doesNotMatch(JSON.stringify(connections.list()), new RegExp(SECRET));
    const access = await connections.access(profile.id);
    assert.deepEqual(access.registry?.login, { kind: 'basic', username: 'maria', password: SECRET });
    // What is saved without naming a secret keeps it; what has no use for it forgets it.
    await connections.save({ profile: { ...profile, colour: 'red' }, secrets: {} });
    assert.deepEqual(await connections.keptSecrets(profile.id), ['registryPassword']);
    await connections.save({ profile: { ...profile, registry: null }, secrets: {} });
    assert.deepEqual(await connections.keptSecrets(profile.id), []);
  });

  it('opens a topic in a viewer of its own', async () => {
    const topic = { kind: 'topic', name: TOPIC, connection: profile.id };
    await vscode.commands.executeCommand('ordersLakehouse.openTopic', topic);
    await until(
      'its tab',
      () =>
        vscode.window.tabGroups.all
          .flatMap(({ tabs }) => tabs)
          .some(({ label }) => label === `${TOPIC} · Squad`) || undefined,
    );
  });

  it('writes nothing when it is read-only, and says so in the tree', async () => {
    const { connections } = api.room;
    await connections.save({ profile: { ...profile, readOnly: true }, secrets: {} });
    const found = await node();
    assert.equal(found.description, 'read-only');
    assert.equal(found.target?.kind, 'connection');
    const admin = await connections.cluster(profile.id).topicAdmin();
    await assert.rejects(
      admin.remove(TOPIC),
      (error) => isUserError(error) && error.code === 'read-only' && error.message.includes('Squad'),
    );
    assert.ok((await (await lakehouse.broker()).topics()).some(({ name }) => name === TOPIC));
  });

  it('stays with a document that is saved and renamed, and is refused there once it is forgotten', async () => {
    const { connections, documentPlaces } = api.room;
    await connections.save({ profile, secrets: {} });
    const [workspace] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(workspace);
    const [file, renamed] = ['for-squad.orders', 'renamed.orders'].map((name) =>
      vscode.Uri.joinPath(workspace.uri, name),
    );
    assert.ok(file && renamed);
    const document = await vscode.workspace.openTextDocument(file.with({ scheme: 'untitled' }));
    await vscode.window.showTextDocument(document);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), `{ "topic": "${TOPIC}", "value": 1 }\n`);
    await vscode.workspace.applyEdit(edit);
    await documentPlaces.set(document.uri, profile.id);
    assert.equal(documentPlaces.nameOf(file), 'Sandbox');
    await document.save();
    await vscode.window.showTextDocument(file);
    await until('the place of the file', () => documentPlaces.nameOf(file) === 'Squad' || undefined);
    const rename = new vscode.WorkspaceEdit();
    rename.renameFile(file, renamed);
    await vscode.workspace.applyEdit(rename);
    await until('the place of the new name', () => documentPlaces.nameOf(renamed) === 'Squad' || undefined);
    assert.equal(documentPlaces.of(renamed).connection, profile.id);
    await connections.remove(profile.id);
    assert.throws(
      () => documentPlaces.of(renamed),
      (error) => isUserError(error) && error.code === 'unknown-connection',
    );
    await vscode.workspace.fs.delete(renamed);
  });

  it('is gone with its secrets when it is forgotten', async () => {
    const { connections } = api.room;
    await connections.save({ profile, secrets: { registryPassword: SECRET } });
    await connections.remove(profile.id);
    await until(
      'its tab is closed',
      () =>
        vscode.window.tabGroups.all
          .flatMap(({ tabs }) => tabs)
          .every(({ label }) => label !== `${TOPIC} · Squad`) || undefined,
    );
    assert.deepEqual(await api.trees.connections.children(), []);
    assert.deepEqual(await connections.keptSecrets(profile.id), []);
  });
});
