/** The same messages again and again, their placeholders filled anew each time. */
import { filledDraft } from './messageTemplate.ts';
import type { PlacedDraft } from './outgoing.ts';
import type { Filling } from './placeholders.ts';

const BATCH = 500;

/** `count` messages, the documents in turn. Throws {@link BadMessage}. */
export async function* repeated(
  documents: readonly unknown[],
  count: number,
  filling: () => Filling,
  topic?: string,
): AsyncGenerator<readonly PlacedDraft[]> {
  let batch: PlacedDraft[] = [];
  for (let sent = 0; sent < count && documents.length > 0; sent += 1) {
    const index = sent % documents.length;
    const place = documents.length === 1 ? `#${sent + 1}` : `#${sent + 1} [${index}]`;
    batch.push({ draft: filledDraft(documents[index], filling(), topic), place });
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
    // Lets others have their turn: nothing here waits by itself.
    await Promise.resolve();
  }
  yield batch;
}
