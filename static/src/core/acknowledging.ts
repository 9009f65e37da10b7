// When to tell the server how far we are: it sends a viewer only so much ahead of that.

// The server waits at 256 KiB.
const CHARACTERS = 48 * 1024;
const MILLISECONDS = 2_000;

/** What came of a generation since it was acknowledged last; `at` is the time of that, in milliseconds. */
export interface Unacknowledged {
  generation: string | null;
  characters: number;
  at: number;
}

export const NOTHING: Unacknowledged = { generation: null, characters: 0, at: 0 };

/** Counts a frame that was applied, by its characters; a character takes four bytes at most. `due`: say so now. */
export function count(
  before: Unacknowledged, generation: string, characters: number, now: number,
): { after: Unacknowledged; due: boolean } {
  const known = before.generation === generation ? before : { generation, characters: 0, at: now };
  const sum = known.characters + characters;
  const due = sum >= CHARACTERS || now - known.at >= MILLISECONDS;
  return { after: due ? { generation, characters: 0, at: now } : { ...known, characters: sum }, due };
}
