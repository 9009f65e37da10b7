// The tree of a chat as rows: each message below the one that it follows, other versions set in beside it.

import type { Id, Message } from "./protocol.ts";

/** A message of the tree by its first words. */
export interface Outlined {
  id: Id;
  parent: Id | null;
  role: Message["role"];
  words: string;
}

export interface Row extends Outlined {
  /** How far it is set in: the newest version goes on straight below its parent, each older one a lane further. */
  lane: number;
  /** The row of its parent; -1 at the beginning. */
  from: number;
  /** The rows of all that have the same parent, itself among them, in the order of their writing. */
  versions: readonly number[];
  /** Whether it is on the branch that ends at the leaf. */
  shown: boolean;
}

function byParent(messages: readonly Outlined[]): Map<Id | null, Outlined[]> {
  const there = new Set(messages.map(({ id }) => id));
  const children = new Map<Id | null, Outlined[]>();
  for (const message of messages) {
    const parent = message.parent !== null && there.has(message.parent) ? message.parent : null;
    const beside = children.get(parent);
    if (beside === undefined) children.set(parent, [message]);
    else beside.push(message);
  }
  return children;
}

function branchTo(messages: readonly Outlined[], leaf: Id | null): ReadonlySet<Id> {
  const parents = new Map(messages.map(({ id, parent }) => [id, parent]));
  const branch = new Set<Id>();
  for (let id = leaf; id !== null && !branch.has(id); id = parents.get(id) ?? null) branch.add(id);
  return branch;
}

/** The rows from top to bottom. `messages` are in the order of their writing; a chat may be thousands deep, so nothing recurses. */
export function rowsOf(messages: readonly Outlined[], leaf: Id | null): readonly Row[] {
  const children = byParent(messages);
  const branch = branchTo(messages, leaf);
  const rows: Row[] = [];
  const versions = new Map<Id | null, number[]>();
  const ahead: { message: Outlined; lane: number; from: number }[] = [];
  const follow = (parent: Id | null, lane: number, from: number): void => {
    const next = children.get(parent) ?? [];
    versions.set(parent, []);
    // The last one pushed comes first: the oldest version, so that they are read in their order.
    next.forEach((_, index) => {
      const message = next[next.length - 1 - index];
      if (message !== undefined) ahead.push({ message, lane: index === 0 ? lane : lane + 1, from });
    });
  };
  follow(null, 0, -1);
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    const { message, lane, from } = next;
    const at = rows.length;
    const beside = versions.get(from < 0 ? null : (rows[from]?.id ?? null)) ?? [];
    beside.push(at);
    rows.push({ ...message, lane, from, versions: beside, shown: branch.has(message.id) });
    follow(message.id, lane, at);
  }
  return rows;
}

/** Where a key leads from a row; null for a key that leads nowhere. */
export function stepFrom(rows: readonly Row[], at: number, key: string): number | null {
  const row = rows[at];
  const last = rows.length - 1;
  if (row === undefined) return null;
  switch (key) {
    case "ArrowDown":
      return Math.min(at + 1, last);
    case "ArrowUp":
      return Math.max(at - 1, 0);
    case "ArrowLeft":
      return Math.max(row.from, 0);
    case "ArrowRight": {
      // The next version, and after the last one the first again; of a message that has only one, what follows it.
      const { versions } = row;
      return versions.length > 1 ? (versions[(versions.indexOf(at) + 1) % versions.length] ?? at) : Math.min(at + 1, last);
    }
    case "PageDown":
      return Math.min(at + 10, last);
    case "PageUp":
      return Math.max(at - 10, 0);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return null;
  }
}
