/** Paths of a workspace, as its API has always taken them: without `/Workspace` in front, which means the same. */
import { UserError } from '../errors.ts';
import { t } from '../l10n.ts';

/** The folders at the top that hold notebooks; others are reached below `/Workspace`. */
const TOP = ['Users', 'Shared', 'Repos'];

export interface NotebookTarget {
  /** What `~` means: the name of who logged in. */
  readonly userName: string;
  /** Of the local file, without its ending: the name for a path that ends in `/`. */
  readonly name: string;
}

/** Throws UserError `bad-path`. */
export function notebookPath(to: string, { userName, name }: NotebookTarget): string {
  const whole = to.replace(/^~(?=\/|$)/, `/Users/${userName}`).replace(/\/$/, `/${name}`);
  const segments = whole.split('/').slice(1);
  const wrong = (why: string): UserError =>
    new UserError('bad-path', t('{0} cannot be the place of a notebook: {1}', to, why), {
      hint: t("It looks like /Users/you@example.com/orders, /Shared/orders, or '~/orders' in quotes."),
    });
  if (!whole.startsWith('/')) throw wrong(t('it does not start with /.'));
  if (segments.some((one) => one === '' || one === '.' || one === '..')) {
    throw wrong(t('it has a part that is empty, . or ..'));
  }
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(whole)) throw wrong(t('it has a control character.'));
  const [top = '', ...rest] = segments;
  if (top === 'Workspace' ? rest.length < 2 : !TOP.includes(top)) {
    throw wrong(t('it must be below /Users, /Shared, /Repos or a folder of /Workspace.'));
  }
  if (top !== 'Workspace' && rest.length === 0) throw wrong(t('it names no notebook.'));
  return `/${(top === 'Workspace' ? rest : segments).join('/')}`;
}

/** The folders above a path, the nearest first; without the root. */
export function foldersAbove(path: string): readonly string[] {
  const segments = path.split('/').slice(1, -1);
  return segments.map((_, index) => `/${segments.slice(0, segments.length - index).join('/')}`);
}

/** Where a browser shows the object. */
export const addressOf = (host: string, path: string): string =>
  `${host}/#workspace${path.split('/').map(encodeURIComponent).join('/')}`;
