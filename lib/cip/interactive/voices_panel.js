// The page of the voices editor. What people said comes in messages and goes when the page goes:
// nothing of it is kept as state of the widget. Every text is put in as text, never as markup.

const WAIT_MS = 8000;
const NO_ANSWER =
  "The kernel does not answer. What was saved before is safe. If it has died, restart it and run " +
  "this cell again; copy first what you have typed here.";
const TYPED = "input:not([type=checkbox]),textarea,select";

let number = 0;

function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child != null && child !== ""));
  return node;
}

class VoicesPage {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    el.classList.add("cip-chooser", "cip-voices");
    this.status = h("p", { class: "cip-map-status", role: "status", "aria-live": "polite", "aria-atomic": "true" });
    this.parts = {};
    for (const [name, label] of [["head", "Voices"], ["browse", "Browse and code"], ["settle", "Settle differences"], ["clear", "Clear quotations"]])
      this.parts[name] = h("section", { "aria-label": label, class: `cip-voices-${name}` });
    const { head, browse, settle, clear } = this.parts;
    // The line that is read out may be out of sight: what it says stands below the part in use too.
    this.echoes = new Map([browse, settle, clear].map((part) => [part, h("p", { class: "cip-echo", "aria-hidden": "true" })]));
    this.say("Waiting for the kernel. If nothing comes, run this cell.");
    el.append(head, this.status, ...[...this.echoes].flat());
    // JupyterLab looks for this mark on the very element that has the focus.
    el.addEventListener("focusin", (event) => event.target.setAttribute("data-lm-suppress-shortcuts", "true"));
    browse.addEventListener("keydown", (event) => this.pressKey(event));
    this.receive = (message) => this.take(message);
    model.on("msg:custom", this.receive);
    this.send({ act: "open" });
  }

  close() {
    clearTimeout(this.timer);
    this.model.off("msg:custom", this.receive);
  }

  send(message) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.say(NO_ANSWER, true), WAIT_MS);
    this.used = [...this.echoes.keys()].find((part) => part.contains(document.activeElement));
    this.model.send(message);
  }

  take(message) {
    clearTimeout(this.timer);
    if (message.kind === "say") this.say(message.words, message.trouble);
    else if (message.kind === "check") this.showCheck(message);
    else if (message.kind === "view") this.draw(message.part, message.view);
  }

  say(words, isTrouble = false) {
    this.status.textContent = words;
    this.status.style.visibility = words ? "" : "hidden";
    this.status.classList.toggle("cip-trouble", isTrouble);
    for (const [part, echo] of this.echoes ?? []) {
      echo.textContent = part === this.used ? words : "";
      echo.classList.toggle("cip-trouble", isTrouble);
    }
  }

  draw(part, view) {
    const place = this.parts[part];
    const held = place.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const scroll = place.querySelector("select[size]")?.scrollTop;
    place.replaceChildren(...this[part](view).flat().filter(Boolean));
    const list = place.querySelector("select[size]");
    if (list && scroll) list.scrollTop = scroll;
    // The control that had the focus is a new one now; where it is gone, the part's own text has it.
    if (held) {
      const same = [...place.querySelectorAll("[data-key]")].find((one) => one.dataset.key === held && !one.disabled);
      (same ?? place.querySelector("[data-key=text]"))?.focus({ preventScroll: true });
    }
  }

  // --- Controls -----------------------------------------------------------------------------------

  button(words, message, extra = {}) {
    return h("button", { type: "button", class: "jupyter-button", "data-key": `button ${words}`, onclick: () => this.send(typeof message === "function" ? message() : message), ...extra }, words);
  }

  labelled(label, control) {
    control.id ||= `cip-voices-${++number}`;
    return h("div", { class: "cip-voices-field" }, h("label", { for: control.id }, label), control);
  }

  select(label, options, value, act, extra = {}) {
    const control = h("select", { "data-key": `select ${label}`, ...extra }, options.map(([id, words]) => h("option", { value: id }, words)));
    control.value = value;
    if (act) control.addEventListener("change", () => this.send(act(control.value)));
    return this.labelled(label, control);
  }

  text(label, value, extra = {}, tag = "input") {
    const control = h(tag, { "data-key": `text ${label}`, autocomplete: "off", spellcheck: "false", ...(tag === "input" ? { type: "text" } : {}), ...extra });
    control.value = value ?? "";
    return this.labelled(label, control);
  }

  tick(label, on, act, extra = {}) {
    const control = h("input", { type: "checkbox", id: `cip-voices-${++number}`, "data-key": `tick ${label}`, ...extra });
    control.checked = on;
    if (act) control.addEventListener("change", () => this.send(act(control.checked)));
    return h("div", { class: "cip-voices-tick" }, control, h("label", { for: control.id }, label));
  }

  said(label, ...children) {
    return h("blockquote", { class: "cip-said", dir: "auto", tabindex: "0", role: "region", "aria-label": label, "data-key": "text" }, ...children);
  }

  row(...children) {
    return h("div", { class: "cip-voices-row" }, ...children);
  }

  facts(pairs) {
    return h("dl", {}, pairs.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
  }

  pieces(pieces) {
    return pieces.map(({ text, kind, label }) =>
      kind ? h("mark", { class: kind === "name" || kind === "place" ? "cip-name" : "cip-identifier" }, text, h("span", { class: "cip-flag", dir: "ltr" }, ` [${label}]`)) : text);
  }

  // --- Parts --------------------------------------------------------------------------------------

  head(view) {
    const { coder, coders, proposal, waiting, undo, notes, title } = view;
    const nodes = [
      h("h4", {}, `Voices of ${title}`),
      h("p", {}, "Read what people said, code it, settle where coders differ and clear quotations. Every action is saved at once in the area's own files. What is shown here is never saved in this notebook."),
    ];
    if (coder) nodes.push(h("p", {}, "You code as ", h("strong", {}, coder), ". What others found in an excerpt is hidden until you have read it."));
    else {
      if (coders.length) {
        const list = this.select("Who codes", [["", "choose once"], ...coders], "", null);
        nodes.push(this.row(list, this.button("Code as this coder", () => ({ act: "coder", name: list.querySelector("select").value }))));
      }
      if (proposal) {
        const name = this.text("Or one more coder (a role, never a name)", proposal);
        nodes.push(this.row(name, this.button("Make a file and code", () => ({ act: "new_coder", name: name.querySelector("input").value }))));
      }
    }
    for (const words of notes) nodes.push(h("p", { class: "cip-fact-note" }, words));
    for (const [step, words] of waiting)
      nodes.push(h("div", { class: "cip-waiting" }, h("p", {}, `Not written yet: ${words}`), this.row(
        this.button("Write it now", { act: "retry", step }, { "data-key": `retry ${step}`, "aria-label": `Write it now: ${words}` }),
        this.button("Let it go", { act: "drop", step }, { "data-key": `drop ${step}`, "aria-label": `Let it go: ${words}` }))));
    nodes.push(this.row(this.button("Undo", { act: "undo" }, { disabled: !undo }), h("span", {}, undo ? `Last: ${undo}` : "There is nothing to undo.")));
    return nodes;
  }

  browse(view) {
    const ask = () => {
      const values = { words: words.querySelector("input").value, suggestion: suggestion.querySelector("input").checked };
      for (const [name, node] of fields) values[name] = node.querySelector("select").value;
      return { act: "filter", values };
    };
    const fields = view.filters.map(({ name, label, options, value }) => [name, this.select(label, options, value, ask)]);
    const words = this.text("Words in it", view.words, { onchange: () => this.send(ask()) });
    const suggestion = this.tick("Only what residents suggest", view.suggestion, ask);
    const list = this.select("Excerpts", view.listed, view.current, (excerpt) => ({ act: "show", excerpt }), { size: 8, class: "cip-voices-list" });
    return [
      h("h5", {}, "1. Browse and code"),
      h("div", { class: "cip-voices-filters" }, fields.map(([, node]) => node), words, suggestion),
      h("p", {}, view.found), list,
      this.row(this.button("Previous", { act: "go", to: "previous" }), this.button("Next", { act: "go", to: "next" })),
      view.excerpt ? this.excerpt(view.excerpt, view.coding) : null,
    ];
  }

  excerpt(excerpt, coding) {
    return h("div", { class: "cip-sheet" },
      h("h6", {}, excerpt.place + (excerpt.suggestion ? " (a suggestion)" : "")),
      this.said(`Excerpt ${excerpt.id}`, excerpt.text),
      this.facts(excerpt.who),
      h("h6", {}, "Codes"),
      excerpt.codes.length ? this.facts(excerpt.codes) : h("p", {}, "Nobody has coded yet."),
      coding ? this.coding(excerpt.id, coding) : h("p", {}, "To code, say first who codes, at the top."),
      this.row(this.button("Make a quotation of it", { act: "new_quote", excerpt: excerpt.id })));
  }

  coding(excerpt, { themes, offered, offered_by, read }) {
    const groups = new Map();
    themes.forEach((theme, place) => groups.set(theme.above, [...(groups.get(theme.above) ?? []), [theme, place]]));
    const box = ([theme, place]) => {
      const keys = place < 9 ? { "aria-keyshortcuts": `${place + 1}`, "data-number": place + 1 } : {};
      const node = this.tick(theme.name, theme.on, (on) => ({ act: "tick", excerpt, theme: theme.id, on }), { "data-key": `theme ${theme.id}`, title: theme.about, ...keys });
      if (place < 9) node.append(h("kbd", { "aria-hidden": "true" }, `${place + 1}`));
      return node;
    };
    return h("div", { class: "cip-coding" },
      h("h6", {}, read ? "Your themes" : "Your themes (not read by you yet)"),
      offered.length ? h("div", {}, h("p", { class: "cip-fact-note" }, `${offered_by} This may be wrong, and nothing is applied until you press it.`),
        this.row(...offered.map(([theme, name]) => this.button(`Apply: ${name}`, { act: "tick", excerpt, theme, on: true })))) : null,
      [...groups].map(([above, members]) => h("fieldset", {}, h("legend", {}, above || "Themes"), members.map(box))),
      this.row(this.button("Read, no theme applies", { act: "no_theme", excerpt }, { disabled: themes.some((theme) => theme.on) })),
      h("p", { class: "cip-fact-note" }, "Keys, while the focus is in this part and not in a field: N next, P previous, 1 to 9 the first themes."));
  }

  settle(view) {
    const { excerpt } = view;
    const nodes = [h("h5", {}, "2. Settle where coders differ"), h("p", {}, view.found)];
    if (!excerpt) return nodes;
    nodes.push(
      this.select("Excerpts on which coders differ", view.listed, view.current, (one) => ({ act: "dispute", excerpt: one }), { size: 5, class: "cip-voices-list" }),
      this.row(this.button("Next open one", { act: "dispute", excerpt: "" })),
      h("div", { class: "cip-sheet" }, h("h6", {}, `Excerpt ${excerpt.id}`), this.said(`Excerpt ${excerpt.id}, on which coders differ`, excerpt.text),
        h("div", { class: "cip-table-scroll" }, h("table", {},
          h("caption", {}, "Themes on which coders differ"),
          h("thead", {}, h("tr", {}, ["Theme", ...excerpt.coders, "Decision"].map((name) => h("th", { scope: "col" }, name)))),
          h("tbody", {}, excerpt.themes.map((theme) => this.dispute(excerpt, theme)))))));
    return nodes;
  }

  dispute(excerpt, theme) {
    const choice = (decision, words) => this.button(words, { act: "settle", excerpt: excerpt.id, theme: theme.id, decision }, {
      "aria-pressed": `${theme.decision === decision}`, "aria-label": `${words}: ${theme.name}`, "data-key": `settle ${theme.id} ${decision}`,
    });
    return h("tr", {}, h("th", { scope: "row", title: theme.about }, theme.name),
      excerpt.coders.map((coder) => h("td", {}, theme.yes.includes(coder) ? "applied" : "not applied")),
      h("td", {}, this.row(choice("applies", "Applies"), choice("does not apply", "Does not apply"), choice("", "Leave open")),
        theme.day ? h("span", { class: "cip-fact-note" }, `decided ${theme.day}`) : null));
  }

  clear(view) {
    const nodes = [h("h5", {}, "3. Clear quotations"), h("p", {}, view.found)];
    if (view.trouble) nodes.push(h("p", { class: "cip-trouble" }, `The register cannot be used: ${view.trouble}`));
    if (view.listed.length) nodes.push(this.select("Quotations", view.listed, view.current, (quote) => ({ act: "quote", quote }), { size: 5, class: "cip-voices-list" }));
    if (!view.quote) nodes.push(h("p", {}, "Choose a quotation, or press “Make a quotation of it” at an excerpt."));
    else if (view.quote.is_missing) nodes.push(h("p", {}, `There is no excerpt ${view.quote.excerpt} any more.`));
    else nodes.push(this.quote(view.quote));
    return nodes;
  }

  quote(quote) {
    const { fields } = quote;
    const inputs = {
      text: this.text("Words to publish: those of the excerpt, … for what is left out, [ ] for your own", fields.text, { rows: 4, dir: "auto" }, "textarea"),
      names_allowed: this.text("Names in it that may be published, parted by semicolons", fields.names_allowed),
      speaker_label: this.text("Speaker: characteristics parted by semicolons, or your own words; blank: Resident", fields.speaker_label),
      theme_id: this.select("Theme", quote.themes, fields.theme_id, null),
      cleared_by: this.text("Role of who clears it, never a name", fields.cleared_by),
    };
    const consent = this.tick("The speaker agreed to be quoted", quote.consent, null);
    const collect = (act) => () => {
      const given = { consent: consent.querySelector("input").checked };
      for (const [name, node] of Object.entries(inputs)) given[name] = node.querySelector(TYPED).value;
      return { act, fields: given };
    };
    this.checked = h("div", { class: "cip-checked" });
    const known = quote.who.map(([id, name, value]) => `${id} (${name}: ${value})`).join(", ");
    return h("div", { class: "cip-sheet" },
      h("h6", {}, `Quotation ${quote.id}, of excerpt ${quote.excerpt}${quote.is_new ? ", not in the register yet" : ""}`),
      this.said(`Excerpt ${quote.excerpt}, with what may identify somebody marked`, this.pieces(quote.pieces)),
      inputs.text, inputs.names_allowed,
      h("p", { class: "cip-fact-note" }, known ? `Known of the speaker: ${known}. ${quote.counts}` : "Nothing is known of the speaker."),
      inputs.speaker_label, inputs.theme_id, consent, inputs.cleared_by, this.checked,
      this.row(
        this.button("Check the words", collect("check")), this.button("Clear and write", collect("clear"), { class: "jupyter-button cip-main" }),
        this.button("Keep as a draft", collect("draft")),
        quote.is_new ? null : this.button("Withdraw", { act: "withdraw", quote: quote.id })));
  }

  showCheck({ fine, words, pieces }) {
    this.checked?.replaceChildren(
      h("p", { class: fine ? "" : "cip-trouble" }, words),
      this.said("Your words, with what may identify somebody marked", this.pieces(pieces)));
  }

  // --- Keys ---------------------------------------------------------------------------------------

  pressKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches(TYPED)) return;
    const to = { n: "next", p: "previous" }[event.key.toLowerCase()];
    if (to) this.send({ act: "go", to });
    else if (/^[1-9]$/.test(event.key)) this.parts.browse.querySelector(`[data-number="${event.key}"]`)?.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

export default {
  render({ model, el }) {
    const page = new VoicesPage(model, el);
    return () => page.close();
  },
};
