// What runs beside the page, started once.

import { startAiming } from "../app/aiming.ts";
import { startAttaching } from "../app/attaching.ts";
import { startQueue } from "../app/queueing.ts";
import { startTools } from "../render/toolUse.ts";
import { startAnnouncing } from "./announcing.ts";
import { startCompleting } from "./completions.ts";
import { startDraftCopy } from "./draftCopy.ts";
import { startNoticing } from "./noticing.ts";
import { startPreferring } from "./preferring.ts";

/** `preview`: the address of the empty frame that shows HTML. */
export function startRare(preview: string): void {
  startAiming();
  startAnnouncing();
  startAttaching();
  startCompleting();
  startQueue();
  startTools(preview);
  startPreferring();
  startNoticing();
  startDraftCopy();
}
