/** Making, changing, emptying and deleting topics. */
import * as vscode from 'vscode';
import { t } from '../core/l10n.ts';
import {
  deletingChanges,
  deletingQuestion,
  allowedText,
  configProblem,
  configText,
  inReadingOrder,
  topicNameProblem,
} from '../core/topicConfigs.ts';
import { messagesIn, warningsOf, type ConfigEntry } from '../core/topicDetails.ts';
import { topicSetting } from '../core/topicSettings.ts';
import { askOne, askText, mustAgree, mustTypeName } from './ask.ts';
import { choosePlace, chooseTopic, type Chosen } from './choose.ts';
import { count } from './numbers.ts';
import { placeOf } from './place.ts';
import { named } from './placeName.ts';
import { parseCount } from './produceForm.ts';
import type { Room } from './room.ts';
import { mustBeTrusted } from './sandboxCommands.ts';
import { targetOf, topicTarget } from './tree.ts';

const PARTITIONS = 3;
const MOST_PARTITIONS = 1000;

export async function newTopic(room: Room, argument: unknown): Promise<void> {
  mustBeTrusted();
  const place = targetOf(argument) ? placeOf(room, argument) : await choosePlace(room);
  const { cluster, connection } = place;
  const admin = await cluster.topicAdmin();
  const name = await askText({
    title: named(t('New topic (1/2)'), place),
    prompt: t('Name of the topic'),
    validateInput: (input) => topicNameProblem(input.trim()),
  });
  const partitions = await askText({
    title: named(t('New topic (2/2)'), place),
    prompt: t(
      'Into how many partitions is it split? They can read it side by side; order holds within each.',
    ),
    value: String(PARTITIONS),
    validateInput: (input) =>
      parseCount(input, MOST_PARTITIONS) === undefined
        ? t('A whole number from 1 to {0}', count(MOST_PARTITIONS))
        : undefined,
  });
  await admin.create(name, {
    partitions: parseCount(partitions, MOST_PARTITIONS) ?? PARTITIONS,
    configs: {},
  });
  room.dataChanged();
  const topic = topicTarget(connection, name);
  const open = t('Open topic');
  const edit = t('Edit configuration');
  void vscode.window
    .showInformationMessage(t('The topic {0} is there.', name), open, edit)
    .then(async (chosen) => {
      if (chosen === open) await vscode.commands.executeCommand('ordersLakehouse.openTopic', topic);
      if (chosen === edit) await vscode.commands.executeCommand('ordersLakehouse.editTopicConfig', topic);
    });
}

function settingItem(entry: ConfigEntry) {
  const { name, value, own, fallback } = entry;
  const setting = topicSetting(name);
  const isDefault = t('default: {0}', configText(name, fallback));
  return {
    label: name,
    description: own ? `${configText(name, value)} · ${isDefault}` : configText(name, value),
    detail: setting?.meaning() ?? '',
    ...(own ? { iconPath: new vscode.ThemeIcon('edit') } : {}),
    value: entry,
  };
}

/** The value the person wants; undefined: back to the default. */
async function askValue(shown: string, { name, value, fallback }: ConfigEntry): Promise<string | undefined> {
  const setting = topicSetting(name);
  const title = `${shown} · ${name}`;
  const back = t('Default: {0}', configText(name, fallback));
  if (setting?.kind === 'choice') {
    return askOne(
      [
        ...(setting.values ?? []).map((one) => ({
          label: one,
          description: one === value ? t('as now') : '',
          value: one,
        })),
        { label: back, value: undefined },
      ],
      { title, placeHolder: setting.meaning() },
    );
  }
  const answer = await askText({
    title,
    prompt: [
      ...(setting ? [setting.meaning(), `${allowedText(setting)}.`] : []),
      t('Empty: the default, {0}.', configText(name, fallback)),
    ].join(' '),
    value: value ?? '',
    validateInput: (input) => (input.trim() === '' ? undefined : configProblem(name, input)),
  });
  return answer === '' ? undefined : answer;
}

export async function editTopicConfig(room: Room, argument: unknown): Promise<void> {
  mustBeTrusted();
  const chosen = await chooseTopic(room, argument);
  const { cluster, name: topic } = chosen;
  const shown = named(topic, chosen);
  const admin = await cluster.topicAdmin();
  const { configs } = await admin.describe(topic);
  const entry = await askOne(inReadingOrder(configs).map(settingItem), {
    title: t('Configuration of {0}', shown),
    placeHolder: t('Which setting?'),
    matchOnDetail: true,
    matchOnDescription: true,
  });
  const { name } = entry;
  const value = await askValue(shown, entry);
  const change = value === undefined ? { set: {}, unset: [name] } : { set: { [name]: value }, unset: [] };
  const deleting = deletingChanges(configs, change);
  if (deleting.length > 0) await mustAgree(deletingQuestion(deleting), t('Change'), [shown]);
  await admin.configure(topic, change);
  const now = (await admin.describe(topic)).configs.find((one) => one.name === name);
  room.dataChanged();
  void vscode.window.showInformationMessage(`${topic}: ${name} = ${configText(name, now?.value ?? null)}`);
}

async function lossesOf({ cluster, name: topic }: Chosen, loss: 'purge' | 'delete'): Promise<string> {
  const { partitions } = await (await cluster.topicAdmin()).describe(topic);
  return [
    ...warningsOf(topic, loss),
    t('{0} messages will be deleted, for good.', count(messagesIn(partitions))),
  ].join(' ');
}

export async function purgeTopic(room: Room, argument: unknown): Promise<void> {
  mustBeTrusted();
  const chosen = await chooseTopic(room, argument);
  const { cluster, name: topic } = chosen;
  const losses = await lossesOf(chosen, 'purge');
  await mustTypeName(topic, { title: t('Purge {0}', named(topic, chosen)), losses });
  const messages = await (await cluster.topicAdmin()).purge(topic);
  room.dataChanged();
  void vscode.window.showInformationMessage(
    t('{0} messages of {1} are deleted.', count(BigInt(messages)), topic),
  );
}

export async function deleteTopic(room: Room, argument: unknown): Promise<void> {
  mustBeTrusted();
  const chosen = await chooseTopic(room, argument);
  const { cluster, name: topic } = chosen;
  const losses = await lossesOf(chosen, 'delete');
  await mustTypeName(topic, { title: t('Delete {0}', named(topic, chosen)), losses });
  await (await cluster.topicAdmin()).remove(topic);
  room.dataChanged();
  void vscode.window.showInformationMessage(t('The topic {0} is deleted.', topic));
}
