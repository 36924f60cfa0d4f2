/** Leaves one deprecation, by its code, out of what Node prints; all others are still told. */
export function muteDeprecation(code: string): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with the `this` that it is given
  process.emitWarning = new Proxy(process.emitWarning, {
    // (warning, type, code)
    apply: (emitWarning, self, args: readonly unknown[]) => {
      if (args[2] !== code) Reflect.apply(emitWarning, self, args);
    },
  });
}
