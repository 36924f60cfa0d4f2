/** The form of a workspace of Azure Databricks: test it, then save it. */
import type {
  OpenedWorkspace,
  WorkspaceCalls,
  WorkspaceDraft,
  WorkspaceProfile,
  WorkspaceTest,
} from '../wire/workspace.ts';
import { colourField } from './colourField.ts';
import { section, textField, tick } from './connectionFields.ts';
import { connect, t, toFailure } from './host.ts';
import { createNotice } from './notice.ts';
import { createTestedForm } from './testedForm.ts';
import { workspaceLoginPart } from './workspaceLogin.ts';

const host = connect<WorkspaceCalls>({ changed: () => undefined });
const notice = createNotice();

const name = textField(t('Name'));
const address = textField(t('Address'), {
  help: t('Of the workspace, as its browser page shows it'),
});
const colour = colourField(t('Shown wherever it is: red for production, say.'));
const production = tick(
  t('Production'),
  t('Before anything is written, changed, run or deleted there, you are asked each time.'),
);

const PARTS: Readonly<Record<WorkspaceTest['part'], string>> = {
  address: t('Address'),
  workspace: t('Workspace'),
  tenant: t('Directory'),
  login: t('Login'),
  folder: t('Folder'),
  warehouses: t('SQL warehouses'),
};

function start(opened: OpenedWorkspace): void {
  const { profile, isNew } = opened;
  const login = workspaceLoginPart({
    ...opened,
    fillAddress: (found) => {
      address.value = found;
    },
  });
  const read = (): WorkspaceProfile => ({
    id: profile.id,
    name: name.value,
    host: address.value,
    login: login.value,
    production: production.checked,
    colour: colour.value,
  });
  const draft = (): WorkspaceDraft => ({
    profile: read(),
    ...(login.secret === '' ? {} : { secret: login.secret }),
  });
  const show = createTestedForm({
    fields: { name, host: address, ...login.fields },
    host: {
      check: () => host.call('check', draft()),
      test: async () =>
        (await host.call('test', draft())).map(({ part, text, ...rest }) => ({
          ...rest,
          text: `${PARTS[part]}: ${text}`,
        })),
      save: () => host.call('save', draft()),
      cancel: () => void host.call('cancel', null),
    },
  });
  name.value = profile.name;
  address.value = profile.host;
  colour.value = profile.colour;
  production.checked = profile.production;
  show(
    isNew ? t('New workspace') : t('Workspace {0}', profile.name),
    section(t('Workspace'), name.element, address.element, colour.element, production.element),
    section(t('Login'), ...login.elements),
  );
  name.input.focus();
}

host.call('opened', null).then(start, (error: unknown) => {
  document.querySelector('main')?.replaceChildren(notice.element);
  notice.failed(toFailure(error), []);
});
