// Who has used this browser: of the last few, what they have not sent is kept; of nobody for ever.

const MOST = 8;
const KEPT_FOR = 30 * 86_400_000;

type Seen = readonly [person: string, at: number];

function read(text: string | null): readonly Seen[] {
  try {
    const known: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(known) ? known.filter(isSeen) : [];
  } catch {
    return [];
  }
}

function isSeen(value: unknown): value is Seen {
  return Array.isArray(value) && typeof value[0] === "string" && typeof value[1] === "number";
}

/** The list with `person` seen `now` (milliseconds), as text; those who were not here for a month, and all but the last eight, leave it. */
export function seeing(text: string | null, person: string, now: number): string {
  const others = read(text).filter(([other, at]) => other !== person && now - at < KEPT_FOR);
  return JSON.stringify([...others, [person, now]].slice(-MOST));
}

// The five names without a person are from before anything belonged to anybody: nobody knows whose they were.
const OF_A_PERSON = /^chat-studio\.(?:drafts|drafts-seen|files|queue|outbox|[a-z-]+@.*)$/;

/** Those of `keys` that belong to nobody on the list. */
export function ownerless(keys: readonly string[], text: string): readonly string[] {
  const people = new Set(read(text).map(([person]) => person));
  return keys.filter((key) => OF_A_PERSON.test(key) && !people.has(key.split("@")[1] ?? ""));
}
