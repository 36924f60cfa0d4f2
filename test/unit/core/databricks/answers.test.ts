import assert from 'node:assert/strict';
import { isMissing, refusal } from '../../../../src/core/databricks/answers.ts';

const HOST = 'https://adb-1.2.azuredatabricks.net';
const api = (error_code: string | number, message: string): string => JSON.stringify({ error_code, message });

/** Status and body as clients of the real API have reported them → what a person is told. */
const ANSWERS = [
  [401, '', 'login-refused'],
  [403, api(403, 'Invalid access token.'), 'login-refused'],
  [403, api(403, 'Unauthorized access to Org: 3382109464960313 [ReqId: f5cb]'), 'not-a-member'],
  [
    403,
    api(403, 'Source IP address: 75.1.2.3 is blocked by Databricks IP ACL for workspace: 74 [ReqId: d3]'),
    'ip-blocked',
  ],
  [403, api('403', 'Unauthorized network access to workspace: 7405609619230182'), 'ip-blocked'],
  [
    403,
    '<html><h2>HTTP ERROR 403</h2><p>Problem accessing /api/2.0/workspace/list. Reason:\n<pre>    User not authorized.</pre></p></html>',
    'not-a-member',
  ],
  [
    403,
    '<html><p>Problem accessing /api/2.0/clusters/list. Reason: <pre>    Invalid access token.</pre></p></html>',
    'login-refused',
  ],
  [403, api('PERMISSION_DENIED', 'ana does not have Edit permissions'), 'not-allowed'],
  [403, '<html>Blocked by policy</html>', 'not-a-workspace'],
  [
    400,
    api(
      'BAD_REQUEST',
      'IncorrectClaimException: Expected iss claim to be: https://sts.windows.net/a/, but was: …',
    ),
    'wrong-tenant',
  ],
  [404, api('RESOURCE_DOES_NOT_EXIST', "Path (/Shared/a) doesn't exist."), 'nothing-there'],
  [404, '<html>Not found</html>', 'not-a-workspace'],
  [404, api('ENDPOINT_NOT_FOUND', 'No API found'), 'workspace-refused'],
  [409, api('RESOURCE_ALREADY_EXISTS', 'exists'), 'already-there'],
  [400, api('RESOURCE_ALREADY_EXISTS', 'exists'), 'already-there'],
  [303, '', 'not-a-workspace'],
  [407, '<html>', 'proxy-login'],
  [429, api('REQUEST_LIMIT_EXCEEDED', 'slow down'), 'too-many-requests'],
  [503, '<html>', 'workspace-fails'],
  [400, api('INVALID_PARAMETER_VALUE', 'bad'), 'workspace-refused'],
] as const;

describe('a refusal of a workspace', () => {
  for (const [status, body, code] of ANSWERS) {
    it(`is told as ${code}: ${status} ${body.slice(0, 70)}`, () => {
      const error = refusal(HOST, '/Shared/a', { status, body });
      assert.equal(error.code, code);
      assert.doesNotMatch(error.message, /<html|undefined|\[object/);
    });
  }

  it('offers what mends it, where that is a sign-in, and says what to do where it is not', () => {
    const mend = { title: 'Sign in', command: 'x' };
    const body = api(403, 'Unauthorized access to Org: 1');
    const asked = { kind: 'asked', token: () => Promise.resolve(''), mend } as const;
    assert.deepEqual(refusal(HOST, '/a', { status: 403, body }, asked).action, mend);
    assert.equal(
      refusal(HOST, '/a', { status: 403, body: api('PERMISSION_DENIED', '') }, asked).action,
      undefined,
    );
    const hint = (as: Parameters<typeof refusal>[3]): string =>
      refusal(HOST, '/a', { status: 401, body: '' }, as).hint ?? '';
    assert.match(hint({ kind: 'token', token: '' }), /Access tokens/);
    assert.match(hint({ kind: 'azure-cli', tenant: '' }), /az login/);
    assert.match(hint({ kind: 'principal', clientId: '', clientSecret: '' }), /service principal/);
  });

  it('is nothing there only when the workspace itself says so', () => {
    assert.equal(isMissing({ status: 404, body: api('RESOURCE_DOES_NOT_EXIST', '') }), true);
    assert.equal(isMissing({ status: 404, body: '<html>' }), false);
    assert.equal(isMissing({ status: 404, body: api('ENDPOINT_NOT_FOUND', '') }), false);
  });
});
