// One choice of theme for page and admin. It is one of the person's preferences, of which the page keeps a copy under PAGE
// ("system", "light" or "dark"); the admin's theme keeps its own under ADMIN, as JSON, and says "auto" for the system's.
// Runs before the admin's scripts, which read theirs once.

{
  const PAGE = "chat-studio.theme";
  const ADMIN = "adminTheme";

  const known = localStorage.getItem(PAGE);
  localStorage.setItem(ADMIN, JSON.stringify(known === "light" || known === "dark" ? known : "auto"));

  const tell = () => {
    const chosen = JSON.parse(localStorage.getItem(ADMIN) ?? '"auto"');
    const theme = chosen === "light" || chosen === "dark" ? chosen : "system";
    if (theme === (localStorage.getItem(PAGE) ?? "system")) return;
    localStorage.setItem(PAGE, theme);
    const token = /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
    // Without a network the choice holds in this browser until the server is asked again.
    fetch("/api/preferences", { method: "PATCH", keepalive: true, headers, body: JSON.stringify({ theme }) }).catch(() => {});
  };

  // The admin's theme writes its own down after the click that chose it.
  window.addEventListener("click", () => setTimeout(tell));
  window.addEventListener("pagehide", tell);
}
