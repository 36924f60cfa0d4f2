/** The same messages again and again, their placeholders filled anew each time. */
import { filledDraft } from './messageTemplate.ts';
import { BadMessage, findingsAt, isBadMessage, type PlacedDraft } from './outgoing.ts';
import type { Filling } from './placeholders.ts';

const BATCH = 500;

type Place = Pick<PlacedDraft, 'place' | 'index'>;

function placedDraft(document: unknown, filling: Filling, topic: string | undefined, at: Place): PlacedDraft {
  try {
    return { draft: filledDraft(document, filling, topic), ...at };
  } catch (error) {
    throw isBadMessage(error) ? new BadMessage(findingsAt(error.findings, at.index), at.place) : error;
  }
}

/** `count` messages, the documents in turn. Throws {@link BadMessage}, its paths with the document's index in front where there are several. */
export async function* repeated(
  documents: readonly unknown[],
  count: number,
  filling: () => Filling,
  topic?: string,
): AsyncGenerator<readonly PlacedDraft[]> {
  let batch: PlacedDraft[] = [];
  for (let sent = 0; sent < count && documents.length > 0; sent += 1) {
    const index = sent % documents.length;
    const at = { place: `#${sent + 1}`, ...(documents.length === 1 ? {} : { index }) };
    try {
      batch.push(placedDraft(documents[index], filling(), topic, at));
    } catch (error) {
      if (batch.length > 0) yield batch;
      throw error;
    }
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
    // Lets others have their turn: nothing here waits by itself.
    await Promise.resolve();
  }
  yield batch;
}
