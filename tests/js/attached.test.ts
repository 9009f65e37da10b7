import assert from "node:assert/strict";
import { test } from "node:test";

import { type Attached, hindranceOf, keepFiles, readFiles, readinessOf, refusalOf, sizeOf, type Uploaded } from "../../static/src/core/attached.ts";
import type { TextStore } from "../../static/src/core/bySession.ts";

const LIMITS = { message_characters: 100, frame_bytes: 1000, file_bytes: 20 * 1024 * 1024, files: 2 };
const STORY = { name: "Story", capabilities: ["tools"] };
const SEEING = { name: "Seer", capabilities: ["vision"] };

function uploaded(filename: string, mediaType: string, readable = true): Uploaded {
  const part = { type: "file", attachment: `id-of-${filename}`, url: "/x", filename, mediaType, size: 1 } as const;
  return { part, readable };
}

function attached(file: Uploaded | null, problem: string | null = null): Attached {
  return { key: 1, name: "x", size: 1, progress: 1, uploaded: file, problem };
}

function store(): TextStore & { all: Map<string, string> } {
  const all = new Map<string, string>();
  return { all, getItem: (key) => all.get(key) ?? null, setItem: (key, value) => { all.set(key, value); }, removeItem: (key) => { all.delete(key); } };
}

const CAT = uploaded("cat.png", "image/png");
const NOTES = uploaded("notes.txt", "text/plain");
const SCAN = uploaded("scan.pdf", "application/pdf", false);

test("what a page can tell is refused before it is uploaded", () => {
  assert.equal(refusalOf(1, 0, LIMITS), null);
  assert.equal(refusalOf(0, 0, LIMITS), "This file is empty.");
  assert.equal(refusalOf(LIMITS.file_bytes, 1, LIMITS), null);
  assert.equal(refusalOf(LIMITS.file_bytes + 1, 0, LIMITS), "Too large: 20 MB are allowed.");
  assert.equal(refusalOf(1, 2, LIMITS), "A message takes 2 files.");
});

test("a model that sees nothing can't take a picture, and none can take a scan", () => {
  assert.equal(hindranceOf([attached(CAT), attached(NOTES)], SEEING), null);
  assert.match(hindranceOf([attached(CAT)], STORY) ?? "", /^Story can't see images\./);
  assert.equal(hindranceOf([attached(NOTES)], STORY), null);
  assert.match(hindranceOf([attached(SCAN)], SEEING) ?? "", /^There is no text in scan\.pdf/);
  assert.equal(hindranceOf([attached(CAT)], null), null, "before the page knows the model, nothing is said");
  assert.equal(hindranceOf([attached(null)], STORY), null);
});

test("all must be there before they are sent", () => {
  assert.equal(readinessOf([], null), null);
  assert.equal(readinessOf([attached(CAT)], null), true);
  assert.equal(readinessOf([attached(CAT), attached(null)], null), false);
  assert.equal(readinessOf([attached(null, "refused")], null), false);
  assert.equal(readinessOf([attached(CAT)], "Story can't see images."), false);
});

test("sizes are said as people say them", () => {
  assert.deepEqual([0, 1, 1023, 1024, 1536, 10 * 1024, 20 * 1024 ** 2, 3 * 1024 ** 4].map(sizeOf),
    ["0 bytes", "1 bytes", "1023 bytes", "1.0 KB", "1.5 KB", "10 KB", "20 MB", "3,072 GB"]);
});

test("files are kept for each session, the newest twenty of them", () => {
  const kept = store();
  keepFiles(kept, "one", [CAT, NOTES]);
  keepFiles(kept, "two", [NOTES]);
  assert.deepEqual(readFiles(kept, "one"), [CAT, NOTES]);
  keepFiles(kept, "one", []);
  assert.deepEqual(readFiles(kept, "one"), []);
  keepFiles(kept, "two", []);
  assert.equal(kept.all.size, 0);
  for (let number = 0; number < 25; number += 1) keepFiles(kept, `s-${number}`, [CAT]);
  assert.deepEqual([readFiles(kept, "s-4").length, readFiles(kept, "s-5").length], [0, 1]);
});

test("what is no list of files is none", () => {
  for (const text of ["", "{", "null", "{}", "[1]", '[["s"]]', '[["s",[{}]]]', '[["s",[null]]]', '[["s",[{"part":{"attachment":1}}]]]']) {
    const kept = store();
    kept.all.set("chat-studio.files", text);
    assert.deepEqual(readFiles(kept, "s"), []);
  }
});

test("a store that refuses costs nothing but what it would have kept", () => {
  const full: TextStore = { getItem: () => null, setItem: () => { throw new Error("full"); }, removeItem: () => { throw new Error("no"); } };
  keepFiles(full, "one", [CAT]);
  keepFiles(full, "one", []);
});
