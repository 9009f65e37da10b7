// What the browser keeps of people who do not come back is forgotten, some day.

import { ownerless, seeing } from "../core/people.ts";
import { person } from "../transport/own.ts";

const KEY = "chat-studio.people";

export function startForgetting(): void {
  const people = seeing(localStorage.getItem(KEY), person, Date.now());
  localStorage.setItem(KEY, people);
  for (const store of [localStorage, sessionStorage]) {
    for (const key of ownerless(Object.keys(store), people)) store.removeItem(key);
  }
}
