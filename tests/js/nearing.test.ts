import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { watchNear } from "../../static/src/ui/nearing.ts";

class Observer {
  static last: Observer;
  seen = 0;
  tell: (entries: readonly { isIntersecting: boolean }[]) => Promise<void>;

  constructor(tell: Observer["tell"]) {
    this.tell = tell;
    Observer.last = this;
  }

  observe(): void { this.seen += 1; }
  unobserve(): void {}
  disconnect(): void {}
}

globalThis.IntersectionObserver = Observer as unknown as typeof IntersectionObserver;
mock.timers.enable({ apis: ["setTimeout"] });
const edge = { closest: () => null } as unknown as Element;

test("what could not be read is asked for again while the reader stays", async () => {
  const end = watchNear(edge, ".thread", "0px", async () => {});
  await Observer.last.tell([{ isIntersecting: true }]);
  assert.equal(Observer.last.seen, 1);
  mock.timers.tick(3_000);
  assert.equal(Observer.last.seen, 2);
  end();
});

test("a read that ends after its watch begins no other", async () => {
  let answer = (): void => {};
  const end = watchNear(edge, ".thread", "0px", () => new Promise((resolve) => { answer = resolve; }));
  const told = Observer.last.tell([{ isIntersecting: true }]);
  end();
  answer();
  await told;
  mock.timers.tick(3_000);
  assert.equal(Observer.last.seen, 1);
});

test("of several tidings at once the last one counts", async () => {
  let reads = 0;
  const end = watchNear(edge, ".thread", "0px", async () => { reads += 1; });
  await Observer.last.tell([{ isIntersecting: false }, { isIntersecting: true }]);
  await Observer.last.tell([{ isIntersecting: true }, { isIntersecting: false }]);
  assert.equal(reads, 1);
  end();
});
