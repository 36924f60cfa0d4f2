/** Keeps what was made of a text, for texts that come again and again. */

const MOST = 10_000;

export function remember<T>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, { readonly value: T }>();
  return (text) => {
    let entry = known.get(text);
    if (!entry) {
      entry = { value: make(text) };
      if (known.size >= MOST) known.clear();
      known.set(text, entry);
    }
    return entry.value;
  };
}
