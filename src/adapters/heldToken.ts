/** A token that is used until shortly before it expires. */

/** Share of its life in which a token is used. */
const USED = 0.8;

export interface HeldToken {
  /** One that is still good; who asks meanwhile waits for the same answer. */
  token(): Promise<string>;
  /** It was refused: the next one is asked anew. */
  forget(): void;
}

export function holdToken(
  ask: () => Promise<{ readonly token: string; readonly seconds: number }>,
  now: () => number = Date.now,
): HeldToken {
  let held: { readonly token: Promise<string>; goodUntil: number } | undefined;
  return {
    token: () => {
      if (held && now() < held.goodUntil) return held.token;
      const asked = ask();
      const mine = { token: asked.then(({ token }) => token), goodUntil: Infinity };
      held = mine;
      asked.then(
        ({ seconds }) => {
          mine.goodUntil = now() + seconds * USED * 1000;
        },
        () => {
          if (held === mine) held = undefined;
        },
      );
      return mine.token;
    },
    forget: () => {
      held = undefined;
    },
  };
}
