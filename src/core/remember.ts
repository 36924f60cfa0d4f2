/** Keeps what was made of a text or a number, for those that come again and again. */

const MOST = 10_000;

export function remember<K extends string | number, T>(make: (from: K) => T): (from: K) => T {
  const known = new Map<K, { readonly value: T }>();
  return (from) => {
    let entry = known.get(from);
    if (!entry) {
      entry = { value: make(from) };
      if (known.size >= MOST) known.clear();
      known.set(from, entry);
    }
    return entry.value;
  };
}
