/** What the text of settings and of string literals says, wherever it stands. */
import { t } from '../l10n.ts';
import type { Spot } from './finding.ts';

/** A text that means one thing, and where it stands; `name` is what it is the value of. */
export interface Literal {
  readonly text: string;
  readonly from: number;
  readonly name: string;
}

type Judged = readonly Spot[];

const spot = ({ from }: Literal, index: number, length: number, rest: Omit<Spot, 'from' | 'to'>): Spot => ({
  from: from + index,
  to: from + index + length,
  ...rest,
});

/** Classes of Kafka's client, which is renamed there. */
export function loginClasses(literal: Literal): Judged {
  return [...literal.text.matchAll(/(?<![\w.])org\.apache\.kafka\.(?:common|clients)\.[\w.$]*\w/g)].map(
    ({ index, 0: name }) =>
      spot(literal, index, name.length, {
        code: 'login-class',
        severity: 'error',
        message: t('There is no class {0} there; its name begins with kafkashaded.', name),
        hint: t('Write {0}.', `kafkashaded.${name}`),
        replacement: `kafkashaded.${name}`,
      }),
  );
}

const LOCAL =
  /(?<![\w.-])(https?:\/\/)?(?:[^\s/@,]*@)?(localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1\]|host\.docker\.internal)(:\d+)?(?![\w.-])/gi;

/** Addresses of this machine. `certain`: the value is used there, not one that something else takes the place of. */
export function localAddresses(literal: Literal, certain: boolean): Judged {
  const { text, name } = literal;
  return [...text.matchAll(LOCAL)]
    .filter(
      ({ 0: whole, 1: scheme, 3: port }) =>
        scheme !== undefined || port !== undefined || whole === text.trim(),
    )
    .filter(
      ({ 0: whole, 1: scheme, 3: port }) => scheme !== undefined || port !== undefined || whole.includes('.'),
    )
    .map(({ index, 0: address, 3: port }) => {
      const code = addressed(name, port);
      return spot(literal, index, address.length, {
        code,
        severity: certain && code !== 'local-address' ? 'error' : 'warning',
        message: {
          'local-kafka': t(
            'Azure Databricks cannot reach Kafka at {0}, an address of this machine.',
            address,
          ),
          'local-registry': t(
            'Azure Databricks cannot reach a registry at {0}, an address of this machine.',
            address,
          ),
          'local-address': t('{0} is an address of this machine; there it is another one.', address),
        }[code],
        hint: t('Give the address that the workspace reaches, as configuration of the pipeline.'),
      });
    });
}

function addressed(name: string, port = ''): 'local-kafka' | 'local-registry' | 'local-address' {
  if (/registry/i.test(name)) return 'local-registry';
  if (/bootstrap|broker|kafka/i.test(name)) return 'local-kafka';
  return { ':9092': 'local-kafka' as const, ':8081': 'local-registry' as const }[port] ?? 'local-address';
}

const SECRET_NAME = /(?:^|[._-])(?:password|passwd|secret|token|api[._-]?key|client[._-]?secret)$/i;
const IN_LOGIN = /\b(?:password|clientSecret)\s*=\s*\\?(["'])((?:(?!\1)[^\\{}$])+)\\?\1/gi;

/** Secrets that stand where everybody who reads the project reads them. */
export function clearSecrets(literal: Literal): Judged {
  const { text, name } = literal;
  const told = (index: number, length: number): Spot =>
    spot(literal, index, length, {
      code: 'clear-secret',
      severity: 'error',
      message: t('A secret stands here in clear.'),
      hint: t('Put it into a secret scope, and write {0} in the configuration.', '{{secrets/scope/key}}'),
    });
  if (/LoginModule\b/.test(text)) {
    return [...text.matchAll(IN_LOGIN)].map(({ index, 0: whole, 2: secret = '' }) =>
      told(index + whole.lastIndexOf(secret), secret.length),
    );
  }
  const referred = text === '' || text.includes('{{secrets/') || /\$\{[^}]+\}/.test(text);
  return SECRET_NAME.test(name) && !referred ? [told(0, text.length)] : [];
}

/** Paths that only this machine has, and those that serverless compute has no more. */
export function foreignPaths(literal: Literal, serverless: boolean): Judged {
  const { text } = literal;
  const whole = (rest: Omit<Spot, 'from' | 'to'>): Judged => [spot(literal, 0, text.length, rest)];
  if (/^(?:dbfs:\/(?!\/?Volumes\/)|\/dbfs\/(?!Volumes\/)|\/mnt\/)/.test(text)) {
    return whole({
      code: 'dbfs-path',
      severity: serverless ? 'error' : 'warning',
      message: serverless
        ? t('Serverless pipelines do not read DBFS and its mounts: {0}', text)
        : t('DBFS and its mounts are not for new work: {0}', text),
      hint: t('Use a volume (/Volumes/catalog/schema/volume) or an abfss:// address.'),
    });
  }
  const never = /^file:\/|^[A-Za-z]:(?:\\|\/(?!\/))/.test(text);
  if (never || /^(?:\/tmp\/|\/home\/|\/Users\/|~[\\/])/.test(text)) {
    return whole({
      code: 'local-path',
      severity: never ? 'error' : 'warning',
      message: t('{0} is a path of this machine; there it is another place, or none.', text),
      hint: t('Use a volume (/Volumes/catalog/schema/volume) or an abfss:// address.'),
    });
  }
  return [];
}
