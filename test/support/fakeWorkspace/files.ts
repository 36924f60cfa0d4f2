/** Notebooks, files and folders of the fake workspace. */
import { json, refused, type Answer, type Routes } from './routes.ts';

export interface FakeObject {
  readonly type: 'DIRECTORY' | 'NOTEBOOK' | 'FILE' | 'REPO';
  readonly language?: string;
  /** What was imported; of a file its bytes as base64. */
  readonly content?: string;
  readonly format?: string;
}

const MOST_BYTES = 10 * 1024 * 1024;
const missing = (path: string): Answer =>
  refused(404, 'RESOURCE_DOES_NOT_EXIST', `Path (${path}) doesn't exist.`);
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));
const plain = (path: string): string => path.replace(/^\/Workspace(?=\/)/, '');

/** As a workspace gives it back: line ends of its own in source, metadata of its own in Jupyter. */
function exported({ content = '', format }: FakeObject): string {
  if (format === 'SOURCE') return content.replace(/\r\n/g, '\n').replace(/\n+$/, '');
  const { cells } = JSON.parse(content) as { readonly cells: readonly Readonly<Record<string, unknown>>[] };
  return JSON.stringify({
    cells: cells.map((cell, index) => ({
      ...cell,
      outputs: [],
      metadata: { 'application/vnd.databricks.v1+cell': { nuid: `cell-${index}` } },
    })),
    metadata: { 'application/vnd.databricks.v1+notebook': { language: 'python' } },
    nbformat: 4,
    nbformat_minor: 0,
  });
}

export function fileRoutes(tree: Map<string, FakeObject>): Routes {
  const isFolder = (path: string): boolean => ['DIRECTORY', 'REPO'].includes(tree.get(path)?.type ?? '');
  const mkdirs = (path: string): Answer => {
    const folders = path
      .split('/')
      .slice(1)
      .map((_, index, all) => `/${all.slice(0, index + 1).join('/')}`);
    const file = folders.find((one) => tree.has(one) && !isFolder(one));
    if (file !== undefined) return refused(400, 'RESOURCE_ALREADY_EXISTS', `${file} is not a directory.`);
    for (const folder of folders) if (!tree.has(folder)) tree.set(folder, { type: 'DIRECTORY' });
    return json(200, {});
  };
  const importObject = (body: Readonly<Record<string, unknown>>): Answer => {
    const { path: given, format, language, content, overwrite } = body;
    const path = plain(String(given));
    const bytes = Buffer.from(String(content), 'base64');
    if (bytes.length > MOST_BYTES) return refused(400, 'MAX_NOTEBOOK_SIZE_EXCEEDED', 'too large');
    if (format !== 'SOURCE' && format !== 'JUPYTER' && format !== 'RAW') {
      return refused(400, 'INVALID_PARAMETER_VALUE', 'format');
    }
    if (format === 'SOURCE' && typeof language !== 'string') {
      return refused(400, 'INVALID_PARAMETER_VALUE', 'The language field must be set.');
    }
    if (!isFolder(folderOf(path))) {
      return refused(404, 'RESOURCE_DOES_NOT_EXIST', `The parent folder (${folderOf(path)}) does not exist.`);
    }
    const old = tree.get(path);
    if (old && overwrite !== true) {
      return refused(409, 'RESOURCE_ALREADY_EXISTS', `Path (${path}) already exists.`);
    }
    const type = format === 'RAW' ? 'FILE' : 'NOTEBOOK';
    if (old && old.type !== type) return refused(400, 'INVALID_PARAMETER_VALUE', 'another kind');
    if (type === 'FILE') tree.set(path, { type, content: bytes.toString('base64') });
    else {
      tree.set(path, {
        type,
        language: format === 'JUPYTER' ? 'PYTHON' : String(language),
        format,
        content: bytes.toString('utf8'),
      });
    }
    return json(200, {});
  };
  /** A moment for each content: what was put there anew was modified then. */
  const moments = new WeakMap<FakeObject, number>();
  let moment = 1_769_860_800_000;
  const modified = (object: FakeObject): number => {
    const known = moments.get(object) ?? ++moment;
    moments.set(object, known);
    return known;
  };
  const described = (path: string, object: FakeObject): object => ({
    object_type: object.type,
    path,
    object_id: 789,
    modified_at: modified(object),
    ...(object.language ? { language: object.language } : {}),
  });
  const below = (path: string, all: Map<string, FakeObject>): (readonly [string, FakeObject])[] =>
    [...all].filter(([one]) => folderOf(one) === path);

  return {
    'GET /api/2.0/workspace/get-status': ({ query, seen }) => {
      const at = plain(query['path'] ?? '');
      const found = seen(tree).get(at);
      return found ? json(200, described(at, found)) : missing(at);
    },
    'GET /api/2.0/workspace/list': ({ query, seen }) => {
      const at = plain(query['path'] ?? '');
      const all = seen(tree);
      if (!all.has(at)) return missing(at);
      // An empty folder has no list.
      const objects = below(at, all).map(([path, one]) => described(path, one));
      return json(200, objects.length === 0 ? {} : { objects });
    },
    'GET /api/2.0/workspace/export': ({ query, seen }) => {
      const at = plain(query['path'] ?? '');
      const found = seen(tree).get(at);
      if (!found) return missing(at);
      if (found.type === 'FILE' && query['format'] === 'AUTO') {
        return json(200, { content: found.content, file_type: 'auto' });
      }
      if (found.type !== 'NOTEBOOK' || found.format !== query['format']) {
        return refused(400, 'BAD_REQUEST', 'the fake does not convert');
      }
      return json(200, { content: Buffer.from(exported(found)).toString('base64'), file_type: 'py' });
    },
    'POST /api/2.0/workspace/mkdirs': ({ body }) => mkdirs(plain(String(body['path']))),
    'POST /api/2.0/workspace/import': ({ body }) => importObject(body),
    'POST /api/2.0/workspace/delete': ({ body }) => {
      const at = plain(String(body['path']));
      if (!tree.has(at)) return missing(at);
      if (body['recursive'] !== true && below(at, tree).length > 0) {
        return refused(400, 'DIRECTORY_NOT_EMPTY', `Folder (${at}) is not empty`);
      }
      for (const path of [...tree.keys()]) if (`${path}/`.startsWith(`${at}/`)) tree.delete(path);
      return json(200, {});
    },
  };
}
