// The glossary: a table of terms, searched and filtered here, without Python; Python opens the figures.

function element(tag, properties = {}, children = []) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Text as it is searched: in small letters, in British spelling. */
const plain = (text) => text.toLowerCase().replace(/i[sz](?=[aei])/g, "is").replaceAll("’", "'");
const numbered = (number) => String(number).padStart(2, "0");

class Glossary {
  constructor(model, el) {
    Object.assign(this, { model, el });
    this.search = element("input", { type: "search", placeholder: "a word, or a part of one" });
    this.filter = element("select");
    this.count = element("span", { className: "wbviz-glossary-count" });
    this.count.setAttribute("role", "status");
    const bar = element("div", { className: "wbviz-glossary-bar" }, [
      element("label", {}, ["Search ", this.search]), element("label", {}, ["Chapter ", this.filter]), this.count,
    ]);
    this.body = element("tbody");
    this.box = element("div", { className: "wbviz-glossary-box", tabIndex: 0 }, [this.table()]);
    this.box.setAttribute("role", "region");
    this.box.setAttribute("aria-label", "Terms and their meanings");
    el.classList.add("wbviz-glossary");
    el.dataset.lmSuppressShortcuts = "true"; // without this the notebook would take the keys pressed here
    el.append(bar, this.box);
    this.listen();
    this.fill();
  }

  table() {
    const heads = ["Term", "Meaning", "Chapter", "Figure"].map((textContent) => element("th", { textContent, scope: "col" }));
    return element("table", {}, [element("thead", {}, [element("tr", {}, heads)]), this.body]);
  }

  listen() {
    this.el.addEventListener("keydown", (event) => (event.stopPropagation(), this.key(event)));
    this.search.addEventListener("input", () => this.show());
    this.filter.addEventListener("change", () => this.show());
    this.body.addEventListener("click", ({ target }) => {
      const { term, figure } = target.closest("button")?.dataset ?? {};
      if (figure) this.model.send({ open: figure });
      if (term) this.find(term);
    });
  }

  /** Make a row for each term, and the chapters to choose from. */
  fill() {
    const [entries, chapters, disabled] = ["entries", "chapters", "disabled"].map((name) => this.model.get(name));
    const known = new Set(entries.map(([name]) => name));
    const held = new Set(entries.map(([, , number]) => number));
    const named = Object.fromEntries(chapters.map(([number, title, file]) => [number, { title, file }]));
    this.rows = entries.map((entry) => this.row(entry, named[entry[2]], known, disabled));
    const options = chapters.filter(([number]) => held.has(number));
    this.filter.replaceChildren(
      element("option", { value: "", textContent: "all" }),
      ...options.map(([number, title]) => element("option", { value: number, textContent: `${numbered(number)} ${title}` })),
    );
    this.show();
  }

  row([name, meaning, number, figure], chapter, known, disabled) {
    const link = element("a", { textContent: numbered(number), href: chapter?.file ?? "", target: "_blank" });
    link.setAttribute("aria-label", `${numbered(number)} ${chapter?.title ?? ""}`);
    link.title = chapter?.title ?? "";
    const button = element("button", { type: "button", className: "jupyter-button", textContent: `Open ${figure}` });
    button.dataset.figure = name;
    button.setAttribute("aria-label", `Open ${figure} for ${name}`);
    const cells = [
      element("th", { scope: "row", textContent: name }),
      element("td", {}, this.meaning(name, meaning, known)),
      element("td", {}, [chapter && !disabled ? link : numbered(number)]),
      element("td", {}, [disabled ? figure : button]),
    ];
    return { name: plain(name), text: plain([name, meaning, figure].join(" ")), number, tr: element("tr", {}, cells) };
  }

  /** The meaning; other terms that it names in full, such as “bias (parameter)”, can be pressed. */
  meaning(name, text, known) {
    return text.split(/(\w+ \([^)]*\))/).map((part) => {
      if (part === name || !known.has(part)) return part;
      const button = element("button", { type: "button", className: "wbviz-glossary-term", textContent: part });
      button.dataset.term = part;
      return button;
    });
  }

  /** Show the rows in which every word of the search occurs: first those whose name begins with it, or holds it. */
  show() {
    const wanted = plain(this.search.value.trim());
    const words = wanted.split(/\s+/);
    const chapter = this.filter.value;
    const found = this.rows
      .filter(({ text, number }) => words.every((word) => text.includes(word)) && (!chapter || number === Number(chapter)))
      .map((row) => [row.name.startsWith(wanted) ? 0 : row.name.includes(wanted) ? 1 : 2, row]);
    found.sort(([one], [other]) => one - other);
    this.body.replaceChildren(...found.map(([, { tr }]) => tr));
    this.box.scrollTop = 0;
    const none = found.length ? "" : ". Try fewer letters, or all chapters";
    this.count.textContent = `${found.length} of ${this.rows.length} terms${none}`;
  }

  /** Search for a term, in all chapters. */
  find(term) {
    this.search.value = term;
    this.filter.value = "";
    this.show();
    this.search.focus();
  }

  /** Down from the search into the list, up and down in it, Escape back to an empty search. */
  key(event) {
    const buttons = [...this.body.querySelectorAll("[data-figure]")];
    const at = buttons.indexOf(document.activeElement);
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") this.find("");
    if (!by || (at < 0 && (by < 0 || document.activeElement !== this.search))) return;
    event.preventDefault();
    if (at + by < 0) this.search.focus();
    else buttons[at + by]?.focus();
  }
}

function render({ model, el }) {
  const glossary = new Glossary(model, el);
  const fill = () => glossary.fill();
  const names = "change:entries change:chapters change:disabled";
  model.on(names, fill);
  return () => model.off(names, fill);
}

export default { render };
