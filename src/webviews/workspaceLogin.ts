/** How one logs in to a workspace: each way with what it needs. */
import type { LoginProfile, OpenedWorkspace } from '../wire/workspace.ts';
import { choiceField, part, textField, type Field } from './connectionFields.ts';
import { element } from './dom.ts';
import { t } from './host.ts';

export interface WorkspaceLoginPart {
  readonly elements: readonly HTMLElement[];
  readonly fields: Readonly<Record<string, Field>>;
  readonly value: LoginProfile;
  /** What was typed as token or client secret. */
  readonly secret: string;
}

export function workspaceLoginPart({
  profile: { login },
  profiles,
  azureCli,
  kept,
  fillAddress,
}: OpenedWorkspace & {
  /** A profile was chosen: the address is its own. */
  readonly fillAddress: (host: string) => void;
}): WorkspaceLoginPart {
  const options: (readonly [string, string])[] = profiles.map((one) => [
    one.name,
    `${one.name} (${one.auth}, ${one.host})`,
  ]);
  if (login.kind === 'profile' && profiles.every((one) => one.name !== login.profile)) {
    options.push([login.profile, t('{0} (not in the file any more)', login.profile)]);
  }
  const how = choiceField<LoginProfile['kind']>(t('Login'), [
    ['microsoft', t('Microsoft account')],
    ['profile', t('Profile of {0}', '~/.databrickscfg')],
    ['token', t('Access token')],
    ['principal', t('Service principal (OAuth)')],
    ['azure-cli', azureCli ? t('Azure CLI') : t('Azure CLI (not found here)')],
  ]);
  const tenant = textField(t('Directory (tenant)'), {
    help: t('Empty: the workspace tells it. Its id, or a domain of it'),
  });
  const clientId = textField(t('Client id'), { help: t('The application id of the service principal') });
  const token = textField(t('Token'), {
    secret: true,
    help: t('Of the workspace: Settings, Developer, Access tokens. VS Code keeps it in its secret storage.'),
  });
  const clientSecret = textField(t('Client secret'), {
    secret: true,
    help: t('An OAuth secret of the workspace or account. VS Code keeps it in its secret storage.'),
  });
  const named = choiceField<string>(
    t('Profile'),
    options,
    t('Read anew each time; nothing of it is kept here.'),
  );
  const none = element('p', { class: 'help' }, t('There is no profile in {0}.', '~/.databrickscfg'));
  none.hidden = options.length > 0;
  named.element.hidden = options.length === 0;
  const ofMicrosoft = element(
    'p',
    { class: 'help' },
    t('The account you are signed in with in VS Code; the first test asks you to sign in.'),
  );
  const ofCli = element(
    'p',
    { class: 'help' },
    azureCli
      ? t('As az login says, on this machine.')
      : t('There is no program az on this machine: install it, or choose another login.'),
  );
  const parts = {
    microsoft: part(ofMicrosoft),
    profile: part(none, named.element),
    token: part(token.element),
    principal: part(clientId.element, clientSecret.element),
    'azure-cli': part(ofCli),
  } as const;
  const ofTenant = part(tenant.element);

  const sync = (): void => {
    for (const [kind, one] of Object.entries(parts)) one.hidden = kind !== how.value;
    ofTenant.hidden = how.value !== 'microsoft' && how.value !== 'azure-cli';
  };
  const takeAddress = (): void => {
    const found = profiles.find((one) => one.name === named.value);
    if (how.value === 'profile' && found) fillAddress(found.host);
  };
  how.input.addEventListener('change', () => {
    sync();
    takeAddress();
  });
  named.input.addEventListener('change', takeAddress);
  for (const [kind, field] of [
    ['token', token],
    ['principal', clientSecret],
  ] as const) {
    (field.input as HTMLInputElement).placeholder = kept === kind ? t('Kept; type to replace it') : '';
  }

  how.value = login.kind;
  if ('tenant' in login) tenant.value = login.tenant;
  if (login.kind === 'principal') clientId.value = login.clientId;
  if (login.kind === 'profile') named.value = login.profile;
  sync();
  return {
    elements: [how.element, ...Object.values(parts), ofTenant],
    fields: {
      'login.tenant': tenant,
      'login.clientId': clientId,
      'login.profile': options.length === 0 ? how : named,
      token,
      clientSecret,
    },
    get value(): LoginProfile {
      switch (how.value) {
        case 'microsoft':
        case 'azure-cli':
          return { kind: how.value, tenant: tenant.value };
        case 'token':
          return { kind: 'token' };
        case 'principal':
          return { kind: 'principal', clientId: clientId.value };
        case 'profile':
          return { kind: 'profile', profile: named.value };
      }
    },
    get secret() {
      if (how.value === 'token') return token.value.trim();
      return how.value === 'principal' ? clientSecret.value : '';
    },
  };
}
