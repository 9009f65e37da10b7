import assert from "node:assert/strict";
import { test } from "node:test";

import { around, beginsWith, byFolder, inOrder, lyingIn, nearest, placesFor } from "../../static/src/core/folders.ts";
import type { Folder } from "../../static/src/core/personal.ts";
import { session } from "./frames.ts";

const make = (id: string, parent: string | null = null, changes: Partial<Folder> = {}): Folder =>
  ({ id, team: "t-1", parent, name: id.toUpperCase(), model: null, agent: null, instructions: "", shared: false, ...changes });

const A = make("a", null, { model: { id: "m-1", name: "One" }, agent: { id: "g-1", name: "Coder" } });
const B = make("b", "a", { agent: { id: "g-2", name: "Writer" } });
const C = make("c", "b");
const D = make("d");
const LOST = make("e", "gone");
const ALL = [A, B, C, D, LOST];

test("each folder is followed by what lies in it, and one whose parent is not there is not lost", () => {
  assert.deepEqual(inOrder(ALL).map(({ folder, level }) => [folder.id, level]), [["a", 0], ["b", 1], ["c", 2], ["d", 0], ["e", 0]]);
  assert.deepEqual(lyingIn(ALL, "a"), [B]);
});

test("folders that lie in each other in a ring end nobody's patience", () => {
  const ring = [make("x", "y"), make("y", "x")];
  assert.deepEqual(inOrder(ring), []);
  assert.deepEqual(around(ring, "x").map(({ id }) => id), ["x", "y"]);
});

test("a new chat begins with what the nearest folder says", () => {
  assert.deepEqual(beginsWith(ALL, "c"), { model: "m-1", agent: "g-2" });
  assert.deepEqual(beginsWith(ALL, "d"), { model: null, agent: null });
});

test("a folder is offered no place in itself, in another team, or too deep", () => {
  const ids = (moved: Folder | null): string[] => placesFor([...ALL, make("f", null, { team: "t-2" })], moved, "t-1").map(({ folder }) => folder.id);
  assert.deepEqual(ids(null), ["a", "b", "c", "d", "e"]);
  assert.deepEqual(ids(B), ["a", "d", "e"]);
  const deep = [make("1"), make("2", "1"), make("3", "2"), make("4", "3"), make("5", "4"), A, B, C];
  assert.deepEqual(placesFor(deep, null, "t-1").map(({ folder }) => folder.id), ["1", "2", "3", "4", "a", "b", "c"]);
  assert.deepEqual(placesFor(deep, A, "t-1").map(({ folder }) => folder.id), ["1", "2"]);
});

test("what lay in folders that are gone lies in the nearest one that is there", () => {
  assert.equal(nearest(ALL, new Set(["a"]), "c"), "a");
  assert.equal(nearest(ALL, new Set(["d"]), "c"), null);
  assert.equal(nearest(ALL, new Set(["c"]), "c"), "c");
  assert.equal(nearest(ALL, new Set(), null), null);
});

test("sessions are found by their folder, in their order", () => {
  const [one, two, three] = [session({ folder: "a" }), session({ folder: null }), session({ folder: "a", title: "Last" })];
  const filed = byFolder([one, two, three]);
  assert.deepEqual([filed.get("a"), filed.get(null), filed.get("b")], [[one, three], [two], undefined]);
});
