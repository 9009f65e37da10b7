// Who the page is for, and what the browser keeps for them.

import { belongingTo } from "../core/belonging.ts";

/** Written into the page by the server: whoever is signed in with the browser by now may be somebody else. */
export const person = globalThis.document?.querySelector<HTMLElement>("#app")?.dataset["person"] ?? "";

export const ownLocal = belongingTo(person, () => localStorage);
/** Of this tab alone. */
export const ownSession = belongingTo(person, () => sessionStorage);
