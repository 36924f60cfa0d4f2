/** The Confluent API of a schema registry. */
import { messageOf, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { SubjectAndVersion } from '../core/explained.ts';
import type { SchemaRegistry } from '../core/ports.ts';
import type { ReferencedSchema, RegisteredSchema, SchemaType } from '../core/schemas.ts';

const TIMEOUT_MS = 15_000;
const MEDIA_TYPE = 'application/vnd.schemaregistry.v1+json';

interface Reference {
  readonly name: string;
  readonly subject: string;
  readonly version: number;
}

/** What the API answers; Avro is meant when it names no type. */
interface SchemaAnswer {
  readonly id: number;
  readonly version: number;
  readonly schema: string;
  readonly schemaType?: SchemaType;
  readonly references?: readonly Reference[];
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export function createSchemaRegistry(url: string): SchemaRegistry {
  const unreachable = (cause: unknown): UserError =>
    new UserError('registry-unreachable', t('The schema registry does not answer at {0}.', url), {
      hint: t('See how the sandbox is: orders-lakehouse status'),
      cause,
    });

  const call = async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> => {
    try {
      const response = await fetch(url + path, {
        method,
        headers: { accept: MEDIA_TYPE, ...(body === undefined ? {} : { 'content-type': MEDIA_TYPE }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = await response.text();
      return { status: response.status, body: response.ok ? (JSON.parse(text) as unknown) : text };
    } catch (error) {
      throw unreachable(error);
    }
  };
  const ok = ({ status, body }: Answer, path: string): unknown => {
    if (status === 200) return body;
    if (status >= 500) throw unreachable(new Error(`${path}: ${status} ${String(body)}`));
    throw new UserError(
      'registry-refused',
      t('The schema registry refused {0}: {1} {2}', path, status, String(body).slice(0, 300)),
    );
  };
  const get = async (path: string): Promise<unknown> => ok(await call('GET', path), path);
  const subjectPath = (subject: string): string => `/subjects/${encodeURIComponent(subject)}/versions`;

  /** Each referenced schema once for each of its names, after those that it needs itself. */
  const resolve = async (
    references: readonly Reference[],
    seen: Map<string, ReferencedSchema>,
  ): Promise<void> => {
    for (const { name, subject, version } of references) {
      const path = `${subjectPath(subject)}/${version}`;
      const key = `${name} ${path}`;
      if (seen.has(key)) continue;
      const answer = (await get(path)) as SchemaAnswer;
      await resolve(answer.references ?? [], seen);
      seen.set(key, { name, schema: answer.schema });
    }
  };
  const withReferences = async (answer: SchemaAnswer, id: number): Promise<RegisteredSchema> => {
    const references = new Map<string, ReferencedSchema>();
    await resolve(answer.references ?? [], references);
    return {
      id,
      type: answer.schemaType ?? 'AVRO',
      schema: answer.schema,
      ...(references.size === 0 ? {} : { references: [...references.values()] }),
    };
  };

  return {
    register: async (subject, type, schema) => {
      const path = subjectPath(subject);
      const answer = await call('POST', path, { schema, schemaType: type });
      if (answer.status === 409) {
        throw new UserError(
          'schema-incompatible',
          t('The schema does not go with the versions of {0} that are there.', subject),
          { cause: new Error(messageOf(answer.body)) },
        );
      }
      return (ok(answer, path) as SchemaAnswer).id;
    },
    schema: async (id) => {
      const path = `/schemas/ids/${id}`;
      const answer = await call('GET', path);
      return answer.status === 404 ? undefined : withReferences(ok(answer, path) as SchemaAnswer, id);
    },
    subjects: async () => (await get('/subjects')) as string[],
    holders: async (id) => {
      const path = `/schemas/ids/${id}/versions`;
      const answer = await call('GET', path);
      return answer.status === 404 ? [] : (ok(answer, path) as SubjectAndVersion[]);
    },
    latest: async (subject) => {
      const path = `${subjectPath(subject)}/latest`;
      const answer = await call('GET', path);
      if (answer.status === 404) return undefined;
      const found = ok(answer, path) as SchemaAnswer;
      return { ...(await withReferences(found, found.id)), subject, version: found.version };
    },
    versions: async (subject) => {
      const numbers = (await get(subjectPath(subject))) as number[];
      return Promise.all(
        numbers.map(async (version) => {
          const answer = (await get(`${subjectPath(subject)}/${version}`)) as SchemaAnswer;
          return { ...(await withReferences(answer, answer.id)), subject, version };
        }),
      );
    },
  };
}
