// What was sent before, brought back by the arrow keys like in a shell.

export interface Recalled {
  /** How far back, from 0; -1 is what was being written. */
  index: number;
  text: string;
}

/** One step through `sent` (oldest first): `back` to what was sent earlier. Null where there is no further one. */
export function recall(sent: readonly string[], index: number, back: boolean): Recalled | null {
  const distinct = sent.filter((text, at) => text !== sent[at + 1]);
  const next = index + (back ? 1 : -1);
  if (next < -1 || next >= distinct.length || next === index) return null;
  return { index: next, text: next === -1 ? "" : (distinct[distinct.length - 1 - next] ?? "") };
}
