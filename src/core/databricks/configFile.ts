/** `~/.databrickscfg`: sections of `key = value`; a line that starts with `#` or `;` is a comment. */

/** The keys of a profile as the file has them: `host`, `token`, `client_id`, … */
export type Profile = Readonly<Record<string, string>>;

/** What stands behind `#` inside a value is part of it: secrets may hold any sign. What stands in no section is left out. */
export function parseConfigFile(text: string): ReadonlyMap<string, Profile> {
  const profiles = new Map<string, Record<string, string>>();
  let current: Record<string, string> | undefined;
  for (const line of text.split(/\r?\n/).map((one) => one.replace(/^\uFEFF/, '').trim())) {
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const name = /^\[(.+)\]$/.exec(line)?.[1]?.trim();
    if (name !== undefined) {
      current = profiles.get(name) ?? {};
      profiles.set(name, current);
      continue;
    }
    const end = line.indexOf('=');
    if (current && end > 0) current[line.slice(0, end).trim()] = line.slice(end + 1).trim();
  }
  return profiles;
}
