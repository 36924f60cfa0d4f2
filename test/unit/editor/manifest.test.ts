import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMAND_IDS } from '../../../src/editor/commandIds.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/settings.ts';

interface Contributed {
  readonly commands: readonly { readonly command: string; readonly title: string }[];
  readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when?: string }[]>>;
  readonly keybindings: readonly { readonly command: string }[];
  readonly viewsWelcome: readonly { readonly view: string; readonly contents: string }[];
  readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
  readonly configuration: { readonly properties: Readonly<Record<string, { readonly default: unknown }>> };
}

const root = join(import.meta.dirname, '..', '..', '..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const { contributes } = JSON.parse(read('package.json')) as { readonly contributes: Contributed };
const texts = JSON.parse(read('package.nls.json')) as Readonly<Record<string, string>>;

describe('the manifest', () => {
  const declared = contributes.commands.map(({ command }) => command);

  it('declares the commands of the table, and no other', () => {
    assert.deepEqual(declared.toSorted(), COMMAND_IDS.map((id) => `ordersLakehouse.${id}`).toSorted());
  });

  it('offers only declared commands in menus, keys and welcome texts', () => {
    const inMenus = Object.values(contributes.menus).flat();
    const used = [...inMenus, ...contributes.keybindings].map(({ command }) => command);
    const inTexts = Object.values(texts).flatMap((text) =>
      [...text.matchAll(/\(command:(ordersLakehouse\.\w+)\)/g)].map(([, id = '']) => id),
    );
    assert.deepEqual(
      [...used, ...inTexts].filter((id) => !declared.includes(id)),
      [],
    );
  });

  it('offers a deployment on files of any resources folder only where a bundle is', () => {
    const whens = Object.values(contributes.menus)
      .flat()
      .flatMap(({ when = '' }) => (when.includes('resources[') ? [when] : []));
    assert.ok(whens.length > 0);
    for (const when of whens) assert.match(when, /ordersLakehouse\.hasBundle && resourcePath/);
  });

  it('welcomes only into its own views', () => {
    const views = Object.values(contributes.views)
      .flat()
      .map(({ id }) => id);
    assert.deepEqual(
      contributes.viewsWelcome.filter(({ view }) => !views.includes(view)),
      [],
    );
  });

  it('has a text for every placeholder, and a placeholder for every text', () => {
    const keys = [...read('package.json').matchAll(/"%([\w.]+)%"/g)].map(([, key = '']) => key);
    assert.deepEqual([...new Set(keys)].toSorted(), Object.keys(texts).toSorted());
  });

  it('states the defaults of the settings as core knows them', () => {
    const value = (name: string): unknown =>
      contributes.configuration.properties[`ordersLakehouse.${name}`]?.default;
    const { memoryMiB, runtime, dedupWindow, python, docker } = DEFAULT_SETTINGS;
    assert.deepEqual(
      {
        runtime: value('runtime'),
        dedupWindow: value('dedupWindow'),
        python: value('python'),
        memoryMiB: {
          kafka: value('memory.kafka'),
          registry: value('memory.registry'),
          spark: value('memory.spark'),
        },
        docker: {
          mirror: value('docker.mirror'),
          images: {
            kafka: value('docker.images.kafka'),
            registry: value('docker.images.registry'),
            spark: value('docker.images.spark'),
            base: value('docker.images.base'),
          },
        },
      },
      { runtime, dedupWindow, python, memoryMiB, docker },
    );
  });
});
