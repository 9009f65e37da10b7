// What a browser keeps belongs to a person: who signs in after somebody else on the same machine sees nothing of theirs, and they
// find it again when they come back.

import type { TextStore } from "./bySession.ts";

/** A store in which only what belongs to `person` is seen and written. `store` is asked for each time: reading it may throw. */
export function belongingTo(person: string, store: () => TextStore): TextStore {
  const own = (key: string): string => `${key}@${person}`;
  return {
    getItem: (key) => store().getItem(own(key)),
    setItem: (key, value) => store().setItem(own(key), value),
    removeItem: (key) => store().removeItem(own(key)),
  };
}
