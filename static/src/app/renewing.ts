// What is read anew with each connection.

import { backOff } from "../core/connection.ts";
import { connection } from "./store.ts";

let round = 0;

/** What can't be read is read again while the connection lasts: it would be missing until the next one. None waits for another. */
export async function renew(reads: readonly (() => Promise<boolean>)[]): Promise<void> {
  round += 1;
  const own = round;
  await Promise.all(reads.map(async (read) => {
    for (let attempt = 1; !(await read()); attempt += 1) {
      await new Promise((resolve) => { setTimeout(resolve, backOff(attempt, Math.random())); });
      if (round !== own || connection.peek().phase !== "live") return;
    }
  }));
}
