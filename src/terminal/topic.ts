/** topic create, show, config, purge, delete. */
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { TopicAdmin } from '../core/ports.ts';
import { deletingChanges, deletingQuestion, mustBeConfigs, parseConfig } from '../core/topicConfigs.ts';
import { messagesIn, warningsOf, type TopicDetail } from '../core/topicDetails.ts';
import { mustAgree, mustBeAsked, mustType } from './confirm.ts';
import { gathering, wholeNumber } from './options.ts';
import { configsText, topicText } from './topicText.ts';
import type { Context, Verb } from './verb.ts';

type Assignment = readonly [name: string, value: string];

/** As many as the generated orders get. */
const PARTITIONS = 3;

const show: Verb = (topic, run) => {
  topic
    .command('show')
    .argument('<topic>')
    .description(t('show partitions, leaders, offsets, sizes, and what each setting means'))
    .action(
      run(async ({ cluster, output }, name: string) => {
        const found = await (await cluster.topicAdmin()).describe(name);
        await output.result(found, () => topicText(found));
      }),
    );
};

const create: Verb = (topic, run) => {
  topic
    .command('create')
    .argument('<topic>')
    .description(t('make a topic'))
    .option('--partitions <n>', t('into how many partitions it is split'), wholeNumber, PARTITIONS)
    .option(
      '--config <name=value>',
      t('a setting of its own; may stand several times'),
      gathering(parseConfig),
    )
    .action(
      run(
        async (
          { cluster, output },
          name: string,
          { partitions, config = [] }: { partitions: number; config?: readonly Assignment[] },
        ) => {
          const configs = Object.fromEntries(config);
          mustBeConfigs(configs);
          const admin = await cluster.topicAdmin();
          await admin.create(name, { partitions, configs });
          const made = await admin.describe(name);
          await output.result(made, () =>
            t('The topic {0} is there, with {1} partitions.', name, partitions),
          );
        },
      ),
    );
};

const config: Verb = (topic, run) => {
  topic
    .command('config')
    .argument('<topic>')
    .argument('[name=value...]', t('settings to change; what is not named stays'))
    .description(t('change settings of a topic'))
    .option('--unset <name>', t('back to the default; may stand several times'), gathering(String))
    .option('--yes', t('do not ask'))
    .action(
      run(
        async (
          { cluster, output },
          name: string,
          assignments: readonly string[],
          { unset = [], yes = false }: { unset?: readonly string[]; yes?: boolean },
        ) => {
          if (assignments.length === 0 && unset.length === 0) {
            throw new UserError('wrong-use', t('Say what to change: name=value, or --unset name.'));
          }
          const set = Object.fromEntries(assignments.map(parseConfig));
          const admin = await cluster.topicAdmin();
          const change = { set, unset };
          const configs = await admin.configure(name, change, async (before) => {
            const deleting = deletingChanges(before, change);
            if (deleting.length > 0) await mustAgree(deletingQuestion(deleting), yes);
          });
          const named = configs.filter((one) => Object.hasOwn(set, one.name) || unset.includes(one.name));
          await output.result({ name, configs }, () => configsText(named));
        },
      ),
    );
};

/** Shows what goes, and lets the person type the topic's name. */
async function agree(
  { output }: Context,
  { name, partitions }: TopicDetail,
  what: 'purge' | 'delete',
): Promise<void> {
  for (const message of warningsOf(name, what))
    output.onEvent({ type: 'message', level: 'warning', message });
  const messages = String(messagesIn(partitions));
  await mustType(
    name,
    what === 'purge'
      ? t('This deletes the {0} messages of {1}. Type the name of the topic to go on:', messages, name)
      : t('This deletes {1} with its {0} messages. Type the name of the topic to go on:', messages, name),
  );
}

const purge: Verb = (topic, run) => {
  topic
    .command('purge')
    .argument('<topic>')
    .description(t('delete all messages of a topic; the topic and its settings stay'))
    .option('--yes', t('do not ask'))
    .action(
      run(async (context, name: string, { yes = false }: { yes?: boolean }) => {
        mustBeAsked(yes, t('purge deletes messages: say --yes to confirm.'));
        const admin = await context.cluster.topicAdmin();
        if (!yes) await agree(context, await admin.describe(name), 'purge');
        const messages = await admin.purge(name);
        await context.output.result({ topic: name, deletedMessages: messages }, () =>
          t('{0} messages of {1} are deleted.', messages, name),
        );
      }),
    );
};

const remove: Verb = (topic, run) => {
  topic
    .command('delete')
    .argument('<topic>')
    .description(t('delete a topic with all its messages'))
    .option('--yes', t('do not ask'))
    .action(
      run(async (context, name: string, { yes = false }: { yes?: boolean }) => {
        mustBeAsked(yes, t('delete takes the topic with all its messages: say --yes to confirm.'));
        const admin: TopicAdmin = await context.cluster.topicAdmin();
        const found = await admin.describe(name);
        if (!yes) await agree(context, found, 'delete');
        await admin.remove(name);
        const deletedMessages = String(messagesIn(found.partitions));
        await context.output.result({ topic: name, deletedMessages }, () =>
          t('The topic {0} is deleted.', name),
        );
      }),
    );
};

export const topic: Verb = (program, run) => {
  const group = program.command('topic').description(t('make, look at, change, empty or delete a topic'));
  for (const verb of [create, show, config, purge, remove]) verb(group, run);
};
