// A group's "All of these" ticks its lines, and follows them.

for (const group of document.querySelectorAll(".catalogue section")) {
  const all = group.querySelector("[data-all]");
  const lines = [...group.querySelectorAll("[name=model]")];
  const follow = () => {
    const ticked = lines.filter((line) => line.checked).length;
    all.checked = ticked === lines.length;
    all.indeterminate = ticked > 0 && ticked < lines.length;
  };
  all.addEventListener("change", () => {
    for (const line of lines) line.checked = all.checked;
  });
  group.addEventListener("change", follow);
  follow();
}
