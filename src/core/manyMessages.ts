/** How many messages are sent without a question. */
export const ASK_ABOVE = 1000;

/** Whether there are more than so many; reads no further than it must. What is wrong with them is told when they are sent. */
export async function areMore(
  batches: AsyncIterable<readonly unknown[]>,
  most = ASK_ABOVE,
): Promise<boolean> {
  let many = 0;
  try {
    for await (const batch of batches) {
      many += batch.length;
      if (many > most) return true;
    }
  } catch {
    return many > most;
  }
  return false;
}
