// Writing instructions: how long they are, which variables there are, what becomes of them. Nothing here decides: the
// server checks the same when it saves.

{
  const LIKE_A_VARIABLE = /(?<![${])\{([A-Za-z][A-Za-z0-9_]*)\}(?!\})/g;
  const BEING_TYPED = /\{([a-z_]*)$/;
  const CHARACTERS_PER_TOKEN = 4;

  const element = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };

  const insert = (area, text, replaced = 0) => {
    const end = area.selectionStart;
    area.setRangeText(text, end - replaced, area.selectionEnd, "end");
    area.focus();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const counted = (text, most) => {
    const length = [...text].length;
    const tokens = Math.ceil(length / CHARACTERS_PER_TOKEN);
    return `${length.toLocaleString("en")} of ${most.toLocaleString("en")} characters, about ${tokens.toLocaleString("en")} tokens`;
  };

  const faults = (text, most, values) => {
    const unknown = [...new Set([...text.matchAll(LIKE_A_VARIABLE)].map((match) => match[1]))].filter((name) => !(name in values));
    const found = unknown.map((name) => `{${name}} is not a variable.`);
    if ([...text].length > most) found.unshift("This is too long to be saved.");
    return found;
  };

  const enhance = (area) => {
    const values = JSON.parse(area.dataset.variables);
    const most = Number(area.dataset.most);
    const count = element("p", { className: "writing-count" });
    const problem = element("p", { className: "writing-problem", role: "alert", hidden: true });
    const preview = element("div", { className: "writing-preview" });
    const list = element("ul", { className: "writing-suggestions", hidden: true });
    list.setAttribute("aria-label", "Variables");
    let chosen = 0;

    const suggestions = () => {
      const typed = area.value.slice(0, area.selectionStart).match(BEING_TYPED);
      return typed ? Object.keys(values).filter((name) => name.startsWith(typed[1])).map((name) => [name, typed[0].length]) : [];
    };
    const suggest = () => {
      const found = suggestions();
      chosen = Math.min(chosen, Math.max(0, found.length - 1));
      list.hidden = found.length === 0;
      list.replaceChildren(
        ...found.map(([name, replaced], position) => {
          const take = element("button", { type: "button", tabIndex: -1 }, element("strong", {}, `{${name}}`), ` ${values[name]}`);
          take.addEventListener("mousedown", (event) => {
            event.preventDefault();
            insert(area, `{${name}}`, replaced);
          });
          const item = element("li", {}, take);
          item.classList.toggle("is-chosen", position === chosen);
          return item;
        }),
      );
    };
    const show = () => {
      count.textContent = counted(area.value, most);
      const found = faults(area.value, most, values);
      problem.textContent = found.join(" ");
      problem.hidden = found.length === 0;
      preview.textContent = area.value.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
    };

    area.addEventListener("input", () => {
      chosen = 0;
      suggest();
      show();
    });
    area.addEventListener("blur", () => {
      list.hidden = true;
    });
    area.addEventListener("keydown", (event) => {
      const found = list.hidden ? [] : suggestions();
      if (found.length === 0) return;
      const moves = { ArrowDown: 1, ArrowUp: -1 };
      if (event.key in moves) chosen = (chosen + moves[event.key] + found.length) % found.length;
      else if (event.key === "Enter" || event.key === "Tab") insert(area, `{${found[chosen][0]}}`, found[chosen][1]);
      else if (event.key === "Escape") list.replaceChildren();
      else return;
      event.preventDefault();
      if (event.key === "Escape") list.hidden = true;
      else suggest();
    });

    const chips = Object.keys(values).map((name) => {
      const chip = element("button", { type: "button", title: `Now: ${values[name]}` }, `{${name}}`);
      chip.addEventListener("click", () => insert(area, `{${name}}`));
      return chip;
    });
    const opened = element("details", { className: "writing-shown" }, element("summary", {}, "Preview, with your own values"), preview);
    area.after(list, element("div", { className: "writing-bar" }, count, element("div", { className: "writing-chips" }, ...chips)), problem, opened);
    show();
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const area of document.querySelectorAll("textarea[data-variables]")) enhance(area);
  });
}
