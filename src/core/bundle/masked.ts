/** Values that are shown and saved with a plan: what looks like a secret is not among them. */
import type { Json, JsonObject } from '../databricks/ports.ts';
import type { FieldChange } from './plan.ts';

const SECRET_NAME = /(password|passwd|secret|token|credential|api[._-]?key|jaas[._-]?config)["\]]*$/i;
/** A name of a secret is none. */
const REFERENCE = /^\{\{secrets\/[^{}]+\}\}$/;
export const MASK = '***';

function hidden(value: Json, name: string): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => hidden(item, name));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value as JsonObject).map(([key, inner]) => [key, hidden(inner, key)]),
    );
  }
  return typeof value === 'string' && value !== '' && SECRET_NAME.test(name) && !REFERENCE.test(value)
    ? MASK
    : value;
}

export const masked = ({ before, after, ...rest }: FieldChange): FieldChange => ({
  ...rest,
  ...(before === undefined ? {} : { before: hidden(before, rest.path) }),
  ...(after === undefined ? {} : { after: hidden(after, rest.path) }),
});
