import assert from "node:assert/strict";
import { test } from "node:test";

import { type Waited, waitingFor } from "../../static/src/core/waiting.ts";

function said(changes: Partial<Waited>): string {
  return waitingFor({ attempt: null, sent: true, online: true, elapsed: 0, model: "Story", ...changes }).text;
}

const attempt = { model: "Story", attempt: 2, delay: 4, code: "provider_rate_limited", text: "…" };

test("what is happening, by what is known and by how long it takes", () => {
  assert.equal(said({ sent: false }), "Sending…");
  assert.equal(said({}), "Waiting for Story…");
  assert.equal(said({ elapsed: 12 }), "Story takes longer than usual (12 s)…");
  assert.equal(said({ elapsed: 60 }), "Still no word from Story (60 s). You can stop, and ask another model.");
  assert.equal(said({ online: false, sent: false }), "Waiting for the connection. Your message is kept.");
});

test("an attempt says why and when, and counts down", () => {
  assert.equal(said({ attempt }), "The provider is overloaded. Trying Story again in 4 s…");
  assert.equal(said({ attempt, elapsed: 3 }), "The provider is overloaded. Trying Story again in 1 s…");
  assert.equal(said({ attempt, elapsed: 5 }), "The provider is overloaded. Trying Story again…");
  assert.equal(said({ attempt: { ...attempt, model: "Thinker", delay: 0 } }), "The provider is overloaded. Trying Thinker…");
  assert.equal(waitingFor({ attempt, sent: true, online: true, elapsed: 0, model: "Story" }).atOnce, true);
});
