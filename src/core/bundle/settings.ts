/** Settings of a resource, field by field: what the bundle says against what is there. */
import { isObject } from '../databricks/json.ts';
import type { Json, JsonObject } from '../databricks/ports.ts';
import type { FieldChange } from './plan.ts';
import { keyField } from './tree.ts';

const isObjects = (value: Json | undefined): value is readonly JsonObject[] =>
  Array.isArray(value) && value.length > 0 && (value as readonly Json[]).every(isObject);

/** `a.b`, `a["b.c"]` */
export const below = (path: string, key: string): string =>
  /^\w+$/.test(key) ? (path === '' ? key : `${path}.${key}`) : `${path}["${key}"]`;

/** Whether a path is another, or lies below it. */
const isAt = (path: string, other: string): boolean =>
  path.startsWith(other) && /^($|[.[])/.test(path.slice(other.length));

/** Items by what names them, else by where they stand. */
function items(list: readonly JsonObject[], name: string): ReadonlyMap<string, JsonObject> {
  const field = keyField(name);
  return new Map(
    list.map((item, index) => {
      const key = field === undefined ? undefined : item[field];
      return [typeof key === 'string' ? key : String(index), item] as const;
    }),
  );
}

/** Path → value, of all that has no fields of its own. */
export function leavesOf(value: Json, path = '', name = ''): ReadonlyMap<string, Json> {
  const leaves = new Map<string, Json>();
  const add = (inner: Json, at: string, key: string): void => {
    for (const [leaf, one] of leavesOf(inner, at, key)) leaves.set(leaf, one);
  };
  if (isObject(value)) for (const [key, one] of Object.entries(value)) add(one, below(path, key), key);
  else if (isObjects(value)) {
    for (const [key, item] of items(value, name)) add(item, `${path}[${key}]`, '');
  } else leaves.set(path, value);
  return leaves;
}

const same = (a: Json | undefined, b: Json | undefined): boolean =>
  // An API may take a number and give it back as text.
  JSON.stringify(a) === JSON.stringify(b) ||
  (a !== undefined &&
    b !== undefined &&
    typeof a !== 'object' &&
    typeof b !== 'object' &&
    String(a) === String(b));

/** Maps that hold only what a person put there. */
const ALL_OURS = ['configuration', 'tags', 'base_parameters', 'job_parameters'];

/** What many answers leave out where it stands. */
const isNothing = (value: Json): boolean =>
  value === false || value === 0 || value === '' || (Array.isArray(value) && value.length === 0);

/**
 * `applied` holds the hashes of what was last deployed. What a server adds by itself is passed over, and what it leaves
 * out that means nothing; what was deployed once and is no longer in the bundle goes, and so does what somebody put into
 * a list or map of the bundle. `alike` knows which fields come back in another form.
 */
export function changesOf(
  wanted: JsonObject,
  there: JsonObject,
  applied: Readonly<Record<string, string>>,
  hash: (value: string) => string,
  alike: (path: string, after: Json, before: Json | undefined) => boolean = () => false,
): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  const hashed = (value: Json): string => hash(JSON.stringify(value));
  const drifted = (path: string, before: Json | undefined): boolean => {
    const last = applied[path];
    return last !== undefined && (before === undefined || hashed(before) !== last);
  };
  const compare = (after: Json, before: Json | undefined, path: string, name: string): void => {
    if (isObject(after)) {
      const old = isObject(before) ? before : {};
      for (const [key, value] of Object.entries(after)) compare(value, old[key], below(path, key), key);
      if (!ALL_OURS.includes(name)) return;
      for (const [key, value] of Object.entries(old)) {
        const at = below(path, key);
        if (!Object.hasOwn(after, key) && !Object.hasOwn(applied, at)) {
          changes.push({ path: at, before: value, drift: true });
        }
      }
      return;
    }
    if (isObjects(after)) {
      const old = items(isObjects(before) ? before : [], name);
      const now = items(after, name);
      for (const [key, item] of now) compare(item, old.get(key) ?? {}, `${path}[${key}]`, '');
      for (const [key, item] of old) {
        const at = `${path}[${key}]`;
        const ours = Object.keys(applied).some((one) => one.startsWith(at));
        if (!now.has(key)) changes.push({ path: at, before: item, drift: !ours });
      }
      return;
    }
    if (same(after, before) || alike(path, after, before)) return;
    if (before === undefined && isNothing(after) && applied[path] === hashed(after)) return;
    changes.push({ path, ...(before === undefined ? {} : { before }), after, drift: drifted(path, before) });
  };
  compare(wanted, there, '', '');
  const now = leavesOf(wanted);
  const seen = leavesOf(there);
  for (const path of Object.keys(applied)) {
    const before = seen.get(path);
    if (now.has(path) || before === undefined) continue;
    // A whole item went, or what was one value is now several.
    if (changes.some((change) => isAt(path, change.path))) continue;
    changes.push({ path, before, drift: drifted(path, before) });
  }
  return changes;
}

/** Hashes of what is deployed, for the next time. */
export function appliedOf(
  settings: JsonObject,
  hash: (value: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...leavesOf(settings)].map(([path, value]) => [path, hash(JSON.stringify(value))]),
  );
}
