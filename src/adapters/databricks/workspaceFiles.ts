/** https://docs.databricks.com/api/azure/workspace/workspace */
import { unreadable } from '../../core/databricks/answers.ts';
import { objectsOf } from '../../core/databricks/json.ts';
import type { JsonObject, WorkspaceFiles, WorkspaceObject } from '../../core/databricks/ports.ts';
import { reading, type Api, type Call } from './api.ts';

const at = (verb: string): string => `/api/2.0/workspace/${verb}`;

export function createWorkspaceFiles(api: Api): WorkspaceFiles {
  const { host } = api;
  /** One field of an answer, which must be there. */
  const text = (answer: JsonObject, name: string, what: string): string => {
    const value = answer[name];
    if (typeof value !== 'string') throw unreadable(host, what);
    return value;
  };
  const objectOf = (answer: JsonObject, what: string): WorkspaceObject => {
    const { language } = answer;
    return {
      type: text(answer, 'object_type', what),
      ...(typeof language === 'string' ? { language } : {}),
    };
  };
  const exported = async (path: string, format: string): Promise<Buffer | undefined> => {
    const answer = await api.find(reading(at('export'), path, { path, format }));
    return answer && Buffer.from(text(answer, 'content', path), 'base64');
  };
  const posting = (verb: string, path: string, body: JsonObject, again: boolean): Call => ({
    method: 'POST',
    path: at(verb),
    body: { path, ...body },
    what: path,
    again,
  });

  return {
    status: async (path) => {
      const answer = await api.find(reading(at('get-status'), path, { path }));
      return answer && objectOf(answer, path);
    },
    list: async (path) => {
      const answer = await api.find(reading(at('list'), path, { path }));
      return (
        answer &&
        objectsOf(answer['objects']).map((one) => ({
          ...objectOf(one, path),
          path: text(one, 'path', path).replace(/^\/Workspace(?=\/)/, ''),
          ...(typeof one['modified_at'] === 'number' ? { modifiedMs: one['modified_at'] } : {}),
        }))
      );
    },
    exportNotebook: async (path, format) => (await exported(path, format))?.toString('utf8'),
    makeFolders: async (path) => {
      await api.ask(posting('mkdirs', path, {}, true));
    },
    importNotebook: async (path, { format, language, content }, overwrite) => {
      const body = { format, language, overwrite, content: Buffer.from(content).toString('base64') };
      await api.ask(posting('import', path, body, overwrite));
    },
    readFile: (path) => exported(path, 'AUTO'),
    writeFile: async (path, content, { overwrite } = { overwrite: true }) => {
      // RAW: a file stays a file, whatever its first line says.
      const body = { format: 'RAW', overwrite, content: Buffer.from(content).toString('base64') };
      await api.ask(posting('import', path, body, overwrite));
    },
    remove: async (path) => {
      await api.find(posting('delete', path, { recursive: false }, true));
    },
  };
}
