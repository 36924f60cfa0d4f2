/** The Confluent API of a schema registry. */
import type { RegistryAccess } from '../core/access.ts';
import { isUserError, messageOf, UserError } from '../core/errors.ts';
import type { SubjectAndVersion } from '../core/explained.ts';
import { t } from '../core/l10n.ts';
import type { SubjectRegistry } from '../core/ports.ts';
import type {
  CompatibilityLevel,
  RegisteredSchema,
  SchemaReference,
  SchemaType,
  Verdict,
} from '../core/schemas.ts';
import { nextStep, type ConnectionName } from './connectionName.ts';
import { createHttp } from './http.ts';
import { createTokens, tokenHttp } from './oauthTokens.ts';

const MEDIA_TYPE = 'application/vnd.schemaregistry.v1+json';

/** What the API answers; Avro is meant when it names no type. */
interface SchemaAnswer {
  readonly id: number;
  readonly version: number;
  readonly schema: string;
  readonly schemaType?: SchemaType;
  readonly references?: readonly SchemaReference[];
}

interface VerdictAnswer {
  readonly is_compatible: boolean;
  readonly messages?: readonly string[];
}

const SUBJECT_NOT_FOUND = 40401;
const VERSION_NOT_FOUND = 40402;
const SCHEMA_NOT_FOUND = 40403;
const SUBJECT_DELETED = 40404;
const VERSION_DELETED = 40406;
const ABSENT: readonly number[] = [
  SUBJECT_NOT_FOUND,
  VERSION_NOT_FOUND,
  SCHEMA_NOT_FOUND,
  SUBJECT_DELETED,
  VERSION_DELETED,
];
const INVALID_SCHEMA = 42201;
const REFERENCE_EXISTS = 42206;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** What tells the registry who asks. */
function createLogin({ login, tls }: RegistryAccess): () => Promise<Readonly<Record<string, string>>> {
  switch (login.kind) {
    case 'none':
      return () => Promise.resolve({});
    case 'basic': {
      const both = Buffer.from(`${login.username}:${login.password}`).toString('base64');
      return () => Promise.resolve({ authorization: `Basic ${both}` });
    }
    case 'bearer':
      return () => Promise.resolve({ authorization: `Bearer ${login.token}` });
    case 'oauth': {
      const held = createTokens(login, { http: tokenHttp(tls) });
      const { logicalCluster, identityPoolId } = login.extensions;
      // As Confluent Cloud's registry wants to be told.
      const beside = {
        ...(logicalCluster === undefined ? {} : { 'target-sr-cluster': logicalCluster }),
        ...(identityPoolId === undefined ? {} : { 'confluent-identity-pool-id': identityPoolId }),
      };
      return async () => ({ authorization: `Bearer ${await held.token()}`, ...beside });
    }
  }
}

/** Every method throws UserError `registry-unreachable`, `login-refused`, and what is wrong with TLS. */
export function createSchemaRegistry(access: RegistryAccess, ofConnection?: ConnectionName): SubjectRegistry {
  const { url } = access;
  const http = createHttp(access.tls);
  const authorization = createLogin(access);
  const next = nextStep(ofConnection);
  const unreachable = (cause: unknown): UserError =>
    new UserError('registry-unreachable', t('The schema registry does not answer at {0}.', url), {
      ...next,
      cause,
    });

  const call = async (
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<Answer> => {
    const login = await authorization();
    try {
      const answer = await http(method, url + path, {
        headers: {
          accept: MEDIA_TYPE,
          ...(body === undefined ? {} : { 'content-type': MEDIA_TYPE }),
          ...login,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const { status } = answer;
      const good = status >= 200 && status < 300;
      return { status, body: good ? (JSON.parse(answer.body) as unknown) : answer.body };
    } catch (error) {
      throw isUserError(error) ? error : unreachable(error);
    }
  };
  /** The registry's own words: `message` of its answer, else the text. */
  const wordsOf = (body: unknown): string => {
    const text = String(body);
    try {
      const { message } = JSON.parse(text) as { readonly message?: unknown };
      return typeof message === 'string' ? message : text;
    } catch {
      // No JSON: a proxy's page, for instance.
      return text.slice(0, 300);
    }
  };
  const codeOf = (body: unknown): number | undefined => {
    const code = /"error_code":\s*(\d+)/.exec(String(body))?.[1];
    return code === undefined ? undefined : Number(code);
  };
  const refused = (path: string, { status, body }: Answer): UserError =>
    new UserError(
      'registry-refused',
      t('The schema registry refused {0}: {1} {2}', path, status, wordsOf(body).slice(0, 300)),
      // What is no registry knows none of its paths.
      status === 404 ? next : {},
    );
  const ok = (answer: Answer, path: string): unknown => {
    const { status, body } = answer;
    if (status === 200) return body;
    if (status === 401 || status === 403) {
      throw new UserError(
        status === 401 ? 'login-refused' : 'not-allowed',
        status === 401
          ? t('The schema registry refused the login ({0}).', wordsOf(body).slice(0, 300))
          : t('The schema registry does not allow this login to do that ({0}).', wordsOf(body).slice(0, 300)),
        next,
      );
    }
    if (status >= 500) throw unreachable(new Error(`${path}: ${status} ${String(body)}`));
    switch (codeOf(body) ?? 0) {
      case SUBJECT_NOT_FOUND:
      case VERSION_NOT_FOUND:
      case SUBJECT_DELETED:
      case VERSION_DELETED:
        throw new UserError('unknown-subject', wordsOf(body), {
          hint: t('See the subjects there are: orders-lakehouse schema list'),
        });
      case INVALID_SCHEMA:
        throw new UserError('not-a-schema', t('The registry takes this for no schema: {0}', wordsOf(body)));
      case REFERENCE_EXISTS:
        throw new UserError('schema-in-use', t('Other schemas refer to it: {0}', wordsOf(body)), {
          hint: t('Delete first what refers to it.'),
        });
    }
    throw refused(path, answer);
  };
  /** The registry's own word that it is not there; a 404 alone may be of a proxy, or of a wrong address. */
  const isAbsent = ({ body }: Answer): boolean => ABSENT.includes(codeOf(body) ?? 0);
  const get = async (path: string): Promise<unknown> => ok(await call('GET', path), path);
  const remove = async (path: string, permanent = false): Promise<void> => {
    const deleted = await call('DELETE', path);
    // What is deleted already may still be deleted for good.
    const already = [SUBJECT_DELETED, VERSION_DELETED].includes(codeOf(deleted.body) ?? 0);
    if (!(permanent && already)) ok(deleted, path);
    if (permanent) ok(await call('DELETE', `${path}?permanent=true`), path);
  };
  const subjectPath = (subject: string): string => `/subjects/${encodeURIComponent(subject)}`;
  const versionsPath = (subject: string): string => `${subjectPath(subject)}/versions`;
  const draftOf = (
    schema: string,
    schemaType: SchemaType,
    references: readonly SchemaReference[],
  ): Readonly<Record<string, unknown>> => ({
    schema,
    schemaType,
    ...(references.length > 0 ? { references } : {}),
  });

  /** Each referenced text once, after those that it needs itself. */
  const resolve = async (
    references: readonly SchemaReference[],
    seen: Map<string, string>,
  ): Promise<void> => {
    for (const { subject, version } of references) {
      const path = `${versionsPath(subject)}/${version}`;
      if (seen.has(path)) continue;
      // One that was deleted is still needed by what refers to it.
      const answer = (await get(`${path}?deleted=true`)) as SchemaAnswer;
      await resolve(answer.references ?? [], seen);
      seen.set(path, answer.schema);
    }
  };
  const referenced = async (references: readonly SchemaReference[]): Promise<readonly string[]> => {
    const seen = new Map<string, string>();
    await resolve(references, seen);
    return [...seen.values()];
  };
  const withReferences = async (answer: SchemaAnswer, id: number): Promise<RegisteredSchema> => {
    const references = await referenced(answer.references ?? []);
    return {
      id,
      type: answer.schemaType ?? 'AVRO',
      schema: answer.schema,
      ...(references.length === 0 ? {} : { references }),
    };
  };
  const compatibility = async (subject: string): Promise<CompatibilityLevel> => {
    const path = `/config/${encodeURIComponent(subject)}?defaultToGlobal=true`;
    const own = await call('GET', path);
    // A subject that is not there yet will have the level of all.
    const found = codeOf(own.body) === SUBJECT_NOT_FOUND ? await get('/config') : ok(own, path);
    return (found as { readonly compatibilityLevel: CompatibilityLevel }).compatibilityLevel;
  };

  return {
    register: async (subject, type, schema, references = []) => {
      const path = versionsPath(subject);
      const answer = await call('POST', path, draftOf(schema, type, references));
      if (answer.status === 409) {
        throw new UserError(
          'schema-incompatible',
          t('The schema does not go with the versions of {0} that are there.', subject),
          { hint: wordsOf(answer.body), cause: new Error(messageOf(answer.body)) },
        );
      }
      return (ok(answer, path) as SchemaAnswer).id;
    },
    check: async (subject, type, schema, references = []) => {
      // `latest` is compared with the latest alone, whatever the level says; without it, with all.
      const all = (await compatibility(subject)).endsWith('_TRANSITIVE');
      const path = `/compatibility${versionsPath(subject)}${all ? '' : '/latest'}?verbose=true`;
      const answer = await call('POST', path, draftOf(schema, type, references));
      if (codeOf(answer.body) === SUBJECT_NOT_FOUND) return { compatible: true, messages: [] };
      if (codeOf(answer.body) === INVALID_SCHEMA && references.length > 0) {
        throw new UserError(
          'check-unsupported',
          t('The registry cannot check a schema that refers to others.'),
        );
      }
      const { is_compatible: compatible, messages = [] } = ok(answer, path) as VerdictAnswer;
      return { compatible, messages } satisfies Verdict;
    },
    referenced,
    compatibility,
    setCompatibility: async (subject, level) => {
      const path = `/config/${encodeURIComponent(subject)}`;
      ok(await call('PUT', path, { compatibility: level }), path);
    },
    deleteVersion: (subject, version, permanent) => remove(`${versionsPath(subject)}/${version}`, permanent),
    deleteSubject: (subject, permanent) => remove(subjectPath(subject), permanent),
    schema: async (id) => {
      const path = `/schemas/ids/${id}`;
      const answer = await call('GET', path);
      return isAbsent(answer) ? undefined : withReferences(ok(answer, path) as SchemaAnswer, id);
    },
    subjects: async () => (await get('/subjects')) as string[],
    holders: async (id) => {
      const path = `/schemas/ids/${id}/versions`;
      const answer = await call('GET', path);
      return isAbsent(answer) ? [] : (ok(answer, path) as SubjectAndVersion[]);
    },
    latest: async (subject) => {
      const path = `${versionsPath(subject)}/latest`;
      const answer = await call('GET', path);
      if (isAbsent(answer)) return undefined;
      const found = ok(answer, path) as SchemaAnswer;
      const { references: refersTo = [] } = found;
      return {
        ...(await withReferences(found, found.id)),
        ...(refersTo.length === 0 ? {} : { refersTo }),
        subject,
        version: found.version,
      };
    },
    versions: async (subject) => {
      const numbers = (await get(versionsPath(subject))) as number[];
      return Promise.all(
        numbers.map(async (version) => {
          const answer = (await get(`${versionsPath(subject)}/${version}`)) as SchemaAnswer;
          const { references: refersTo = [] } = answer;
          return {
            ...(await withReferences(answer, answer.id)),
            ...(refersTo.length === 0 ? {} : { refersTo }),
            subject,
            version,
          };
        }),
      );
    },
  };
}
