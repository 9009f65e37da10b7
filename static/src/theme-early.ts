// Sets the chosen theme before the first paint. Loaded as a plain script in the head.

const chosen = localStorage.getItem("chat-studio.theme");
if (chosen === "light" || chosen === "dark") document.documentElement.dataset["theme"] = chosen;

export {};
