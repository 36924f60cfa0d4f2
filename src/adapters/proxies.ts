/** Which proxy a request would take, and addresses that may be shown. */

export interface Proxy {
  readonly url: URL;
  /** Who says so, for messages. */
  readonly from: string;
}

/** Without the name and password it may carry. */
export function shown(url: URL): string {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare.href.replace(/\/$/, '');
}

/** `host`, `.domain`, `*.domain`, `*`, each with a port or without, as curl and Python read no_proxy. */
function isExempt(url: URL, noProxy: string): boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return noProxy
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [, name = '', only] = /^\*?\.?(.+?)(?::(\d+))?$/.exec(entry) ?? [];
      if (only !== undefined && only !== port) return false;
      return url.hostname === name || url.hostname.endsWith(`.${name}`);
    });
}

/** A value of a person's own, that may lack its scheme. */
export function urlOf(text: string): URL | undefined {
  const whole = text.includes('://') ? text : `http://${text}`;
  return URL.canParse(whole) ? new URL(whole) : undefined;
}

/** From the usual variables, small letters first; undefined where the request goes straight. */
export function proxyFor(url: URL, environment: NodeJS.ProcessEnv = process.env): Proxy | undefined {
  const value = (name: string): readonly [from: string, text: string][] =>
    [name, name.toUpperCase()].flatMap((one) => {
      const text = environment[one];
      return text ? [[one, text] as [string, string]] : [];
    });
  const exempt = value('no_proxy')[0]?.[1];
  if (exempt !== undefined && isExempt(url, exempt)) return undefined;
  const [found] = [...value(`${url.protocol.slice(0, -1)}_proxy`), ...value('all_proxy')];
  const parsed = found && urlOf(found[1]);
  return parsed && { url: parsed, from: found[0] };
}
