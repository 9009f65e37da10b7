// One choice of theme for page and admin. The page keeps it under PAGE ("light", "dark", or nothing for the system's);
// the admin's theme keeps its own under ADMIN, as JSON. Runs before the admin's scripts, which read theirs once.

{
  const PAGE = "chat-studio.theme";
  const ADMIN = "adminTheme";

  localStorage.setItem(ADMIN, JSON.stringify(localStorage.getItem(PAGE) ?? "auto"));

  window.addEventListener("pagehide", () => {
    const chosen = JSON.parse(localStorage.getItem(ADMIN) ?? '"auto"');
    if (chosen === "light" || chosen === "dark") localStorage.setItem(PAGE, chosen);
    else localStorage.removeItem(PAGE);
  });
}
