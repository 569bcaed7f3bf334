// The map of small areas: draws what the kernel sends, and sends back the code that was chosen.
// Each small area is a button. One of them at a time is in the Tab order; arrow keys move on.

const SVG = "http://www.w3.org/2000/svg";
const HATCH_PX = 9;
const NAME_PX = 13;
const DRAG_PX = 4;
const MOST_ZOOM = 40;

function make(name, attributes, parent) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  parent?.append(node);
  return node;
}

function makeHtml(name, className, parent, text = "") {
  const node = document.createElement(name);
  node.className = className;
  node.textContent = text;
  parent.append(node);
  return node;
}

function makeHatch(id, parent) {
  const pattern = make("pattern", {
    id, width: HATCH_PX, height: HATCH_PX, patternUnits: "userSpaceOnUse",
  }, make("defs", {}, parent));
  make("rect", { width: HATCH_PX, height: HATCH_PX, style: "fill:var(--cip-area-fill)" }, pattern);
  make("path", {
    d: `M0 ${HATCH_PX}L${HATCH_PX} 0M-1 1L1 -1M${HATCH_PX - 1} ${HATCH_PX + 1}L${HATCH_PX + 1} ${HATCH_PX - 1}`,
    style: "stroke:var(--cip-accent);stroke-width:1.6;vector-effect:none",
  }, pattern);
  return pattern;
}

// The notebook's own keys (arrows, Enter, D D) must not act while a control has the focus.
// JupyterLab looks for this mark on the very element that has it, not on those around.
function keepKeys(place) {
  place.addEventListener("focusin", (event) =>
    event.target.setAttribute("data-lm-suppress-shortcuts", "true"));
}

class MapView {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.id = `cip-hatch-${Math.random().toString(36).slice(2)}`;
    this.nodes = new Map();
    this.current = null;
    this.wasDragged = false;
    el.classList.add("cip-area-map");
    keepKeys(el);
    requestAnimationFrame(() => keepKeys(el.closest(".cip-chooser") ?? el));
    this.build();
    this.listen();
    this.draw();
    this.showStatus();
  }

  build() {
    const tools = makeHtml("div", "cip-map-tools", this.el);
    for (const [words, act] of [
      ["Zoom in", () => this.zoom(1 / 1.5)],
      ["Zoom out", () => this.zoom(1.5)],
      ["Whole map", () => this.fit()],
    ]) {
      const button = makeHtml("button", "", tools, words);
      button.type = "button";
      button.addEventListener("click", act);
    }
    this.svg = make("svg", { role: "group", preserveAspectRatio: "xMidYMid meet" }, this.el);
    this.pattern = makeHatch(this.id, this.svg);
    this.layers = {};
    for (const name of ["shapes", "edges", "hits", "wards", "names", "ring"]) {
      const hidden = name === "shapes" ? {} : { "aria-hidden": "true" };
      this.layers[name] = make("g", hidden, this.svg);
    }
    this.buildKey();
    this.caption = makeHtml("p", "cip-map-caption", this.el);
    this.status = makeHtml("p", "cip-map-status", this.el);
    this.status.setAttribute("role", "status");
    this.status.setAttribute("aria-live", "polite");
    this.status.setAttribute("aria-atomic", "true");
  }

  buildKey() {
    const list = makeHtml("ul", "cip-map-key", this.el);
    const box = "M2 2H30V16H2Z";
    for (const [words, marks] of [
      ["In the area", [{ class: "cip-shape", d: box, style: `fill:url(#${this.id}-key)` },
                       { class: "cip-edge", d: box }]],
      ["Not in the area", [{ class: "cip-shape", d: box }]],
      ["Marked in the list of results", [{ class: "cip-hit", d: box }]],
      ["Ward boundary", [{ class: "cip-ward", d: "M1 9H31" }]],
    ]) {
      const item = makeHtml("li", "", list);
      const picture = make("svg", { viewBox: "0 0 32 18", "aria-hidden": "true" }, item);
      if (words === "In the area") makeHatch(`${this.id}-key`, picture);
      for (const mark of marks) make("path", mark, picture);
      item.append(words);
    }
  }

  listen() {
    this.handlers = {
      "change:shapes": () => this.draw(),
      "change:chosen": () => this.showChosen(),
      "change:found": () => this.showFound(),
      "change:status": () => this.showStatus(),
    };
    for (const [name, act] of Object.entries(this.handlers)) this.model.on(name, act);
    this.svg.addEventListener("click", (event) => this.click(event));
    this.svg.addEventListener("keydown", (event) => this.press(event));
    this.svg.addEventListener("pointerover", (event) => this.point(event.target));
    this.svg.addEventListener("focusin", (event) => this.focus(event.target));
    this.svg.addEventListener("focusout", () => this.layers.ring.replaceChildren());
    this.svg.addEventListener("pointerdown", (event) => this.startDrag(event));
    this.svg.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.watch = new ResizeObserver(() => this.look(this.view));
    this.watch.observe(this.svg);
  }

  close() {
    this.watch.disconnect();
    for (const [name, act] of Object.entries(this.handlers)) this.model.off(name, act);
  }

  draw() {
    const hadFocus = this.layers.shapes.contains(document.activeElement);
    this.shapes = this.model.get("shapes");
    this.nodes.clear();
    for (const layer of Object.values(this.layers)) layer.replaceChildren();
    for (const shape of this.shapes) {
      const node = make("path", {
        class: "cip-shape", d: shape.path, role: "button", tabindex: "-1",
        "fill-rule": "evenodd", "data-code": shape.code,
        "aria-label": `${shape.name}, ${shape.code}, ${shape.facts}`,
      }, this.layers.shapes);
      this.nodes.set(shape.code, { node, shape });
    }
    this.names = this.model.get("wards").map((ward) => {
      make("path", { class: "cip-ward", d: ward.path }, this.layers.wards);
      const node = make("text", { x: ward.x, y: ward.y }, this.layers.names);
      node.textContent = ward.name;
      return { node, ward };
    });
    this.svg.setAttribute("aria-label",
      `${this.model.get("words")} Each is a button that adds it to the area or takes it out.`);
    this.caption.textContent = this.shapes.length
      ? "Point at a small area to read its name. Click it to add it or take it out."
      : "There is no map of these small areas. Use the lists.";
    this.makeCurrent(this.nodes.has(this.current) ? this.current : this.findMiddle());
    this.showChosen();
    this.showFound();
    this.isNew = true;
    this.fit();
    if (hadFocus) this.nodes.get(this.current)?.node.focus();
  }

  findMiddle() {
    const chosen = new Set(this.model.get("chosen"));
    return (this.shapes.find((shape) => chosen.has(shape.code)) ?? this.shapes[0])?.code ?? null;
  }

  makeCurrent(code) {
    this.nodes.get(this.current)?.node.setAttribute("tabindex", "-1");
    this.current = code;
    this.nodes.get(code)?.node.setAttribute("tabindex", "0");
  }

  showChosen() {
    const chosen = new Set(this.model.get("chosen"));
    this.layers.edges.replaceChildren();
    for (const [code, { node, shape }] of this.nodes) {
      const isIn = chosen.has(code);
      node.setAttribute("aria-pressed", String(isIn));
      node.style.fill = isIn ? `url(#${this.id})` : "";
      if (isIn) make("path", { class: "cip-edge", d: shape.path }, this.layers.edges);
    }
  }

  showFound() {
    this.layers.hits.replaceChildren();
    for (const code of this.model.get("found")) {
      const entry = this.nodes.get(code);
      if (entry) make("path", { class: "cip-hit", d: entry.shape.path }, this.layers.hits);
    }
  }

  showStatus() {
    this.status.textContent = this.model.get("status");
  }

  find(target) {
    return target instanceof Element ? this.nodes.get(target.getAttribute("data-code")) : undefined;
  }

  toggle(code) {
    this.model.send({ kind: "toggle", code });
  }

  click(event) {
    const entry = this.find(event.target);
    if (!entry || this.wasDragged) return;
    this.makeCurrent(entry.shape.code);
    this.toggle(entry.shape.code);
  }

  point(target) {
    const entry = this.find(target);
    if (entry) this.caption.textContent = `${entry.shape.name} (${entry.shape.code}): ${entry.shape.facts}`;
  }

  focus(target) {
    const entry = this.find(target);
    if (!entry) return;
    this.makeCurrent(entry.shape.code);
    this.point(target);
    this.layers.ring.replaceChildren();
    if (target.matches(":focus-visible")) {
      for (const name of ["cip-ring-out", "cip-ring-in"])
        make("path", { class: name, d: entry.shape.path }, this.layers.ring);
      this.bringIntoView(entry.shape);
    }
  }

  press(event) {
    const entry = this.find(event.target);
    if (!entry || event.ctrlKey || event.metaKey || event.altKey) return;
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.key === "Enter" || event.key === " ") this.toggle(entry.shape.code);
    else if (event.key in steps) this.move(entry.shape, steps[event.key]);
    else if (event.key === "+" || event.key === "=") this.zoom(1 / 1.5);
    else if (event.key === "-") this.zoom(1.5);
    else if (event.key === "Home") this.fit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  move(from, [stepX, stepY]) {
    let best = null;
    let least = Infinity;
    for (const shape of this.shapes) {
      const x = shape.x - from.x;
      const y = shape.y - from.y;
      const along = x * stepX + y * stepY;
      const aside = Math.abs(x * stepY) + Math.abs(y * stepX);
      if (along <= 0 || aside > 2 * along) continue;
      if (along + 2 * aside < least) [best, least] = [shape, along + 2 * aside];
    }
    if (best) this.nodes.get(best.code).node.focus();
  }

  bringIntoView({ x, y }) {
    const [left, top, width, height] = this.view;
    if (x < left || x > left + width || y < top || y > top + height)
      this.look([x - width / 2, y - height / 2, width, height]);
  }

  fit() {
    const [width, height] = this.model.get("size");
    this.look([0, 0, width, height]);
  }

  zoom(factor, [x, y] = [this.view[0] + this.view[2] / 2, this.view[1] + this.view[3] / 2]) {
    const [left, top, width, height] = this.view;
    const [whole] = this.model.get("size");
    const by = Math.min(Math.max(factor, whole / MOST_ZOOM / width), (whole * 1.5) / width);
    this.look([x - (x - left) * by, y - (y - top) * by, width * by, height * by]);
  }

  look(view) {
    if (!view) return;
    this.view = view;
    this.svg.setAttribute("viewBox", view.join(" "));
    const metresPerPx = Math.max(view[2] / (this.svg.clientWidth || 1), view[3] / (this.svg.clientHeight || 1));
    if (metresPerPx === this.metresPerPx && !this.isNew) return;
    this.isNew = false;
    this.metresPerPx = metresPerPx;
    this.placeNames();
    this.pattern.setAttribute("patternTransform", `scale(${metresPerPx})`);
    this.layers.names.setAttribute("style",
      `font-size:${NAME_PX * metresPerPx}px;stroke-width:${3 * metresPerPx}px`);
  }

  // Leave out each name that would run into one that is already there; zooming in brings it back.
  placeNames() {
    const taken = [];
    for (const { node, ward } of this.names) {
      const x = ward.x / this.metresPerPx;
      const y = ward.y / this.metresPerPx;
      const half = ward.name.length * NAME_PX * 0.3;
      const isFree = taken.every((other) =>
        Math.abs(other.x - x) > other.half + half || Math.abs(other.y - y) > NAME_PX * 1.2);
      node.style.display = isFree ? "" : "none";
      if (isFree) taken.push({ x, y, half });
    }
  }

  locate(event) {
    const point = new DOMPoint(event.clientX, event.clientY);
    const { x, y } = point.matrixTransform(this.svg.getScreenCTM().inverse());
    return [x, y];
  }

  wheel(event) {
    // A wheel by itself scrolls the notebook.
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(event.deltaY < 0 ? 1 / 1.2 : 1.2, this.locate(event));
  }

  startDrag(event) {
    this.wasDragged = false;
    if (event.button !== 0) return;
    const [startX, startY, start] = [event.clientX, event.clientY, this.view];
    const drag = (moved) => {
      const [x, y] = [moved.clientX - startX, moved.clientY - startY];
      if (!this.wasDragged && Math.hypot(x, y) < DRAG_PX) return;
      this.wasDragged = true;
      this.look([start[0] - x * this.metresPerPx, start[1] - y * this.metresPerPx, start[2], start[3]]);
    };
    const stop = () => {
      window.removeEventListener("pointermove", drag);
      window.removeEventListener("pointerup", stop);
      window.removeEventListener("pointercancel", stop);
    };
    window.addEventListener("pointermove", drag);
    window.addEventListener("pointerup", stop);
    window.addEventListener("pointercancel", stop);
  }
}

export default {
  render({ model, el }) {
    const view = new MapView(model, el);
    return () => view.close();
  },
};
