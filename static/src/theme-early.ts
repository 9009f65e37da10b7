// The colours before the first paint. Where somebody is signed in, the server has written them into the page; the browser keeps
// a copy for the pages around, which know nobody. Loaded as a plain script in the head.

const KEY = "chat-studio.theme";
const root = document.documentElement.dataset;

try {
  if (root["theme"] !== undefined) localStorage.setItem(KEY, root["theme"]);
  else root["theme"] = localStorage.getItem(KEY) ?? "system";
} catch {
  // A browser that keeps nothing shows the system's colours there.
}

export {};
