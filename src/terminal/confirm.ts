/** A question before something is lost. */

/** The next line of the terminal; empty when it ends. */
function answer(): Promise<string> {
  return new Promise((resolve) => {
    const done = (text: string): void => {
      process.stdin.pause();
      resolve(text);
    };
    process.stdin.setEncoding('utf8').once('data', done);
    process.stdin.once('end', () => {
      done('');
    });
  });
}

/** Whether the person says yes. */
export async function confirmed(question: string): Promise<boolean> {
  process.stderr.write(`${question} `);
  return /^(y|yes|s|sim)$/i.test((await answer()).trim());
}
