// The map on which the place of a new asset is pointed out: by click, or with arrow keys and Enter.
// It draws what the kernel sends and sends back one point, in metres of the National Grid.

const SVG = "http://www.w3.org/2000/svg";
const DRAG_PX = 4;
const STEP_PX = 12;
const MARK_PX = 6;
const MOST_ZOOM = 60;
const WINDS = ["east", "south-east", "south", "south-west", "west", "north-west", "north", "north-east"];
// Corners of each mark on a circle around its middle, as turns from the right hand, clockwise.
const CORNERS = {
  square: [0.125, 0.375, 0.625, 0.875],
  diamond: [0, 0.25, 0.5, 0.75],
  triangle: [0.75, 0.0833, 0.4167],
  hexagon: [0, 0.1667, 0.3333, 0.5, 0.6667, 0.8333],
  shield: [0.625, 0.875, 0.05, 0.25, 0.45],
};

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

function drawMark(shape, x, y, r) {
  const turns = CORNERS[shape];
  if (!turns) return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
  const points = turns.map((turn) => {
    const angle = turn * 2 * Math.PI;
    return `${x + r * Math.cos(angle)} ${y + r * Math.sin(angle)}`;
  });
  return `M${points.join("L")}Z`;
}

class ClickMap {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.wasDragged = false;
    el.classList.add("cip-area-map", "cip-click-map");
    this.build();
    this.listen();
    this.draw();
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
    this.svg = make("svg", {
      role: "application", tabindex: "0", preserveAspectRatio: "xMidYMid meet",
    }, this.el);
    this.layers = {};
    for (const name of ["shapes", "outline", "marks", "pin", "cross"])
      this.layers[name] = make("g", { "aria-hidden": "true" }, this.svg);
    this.key = makeHtml("ul", "cip-map-key", this.el);
    this.caption = makeHtml("p", "cip-map-caption", this.el);
    this.caption.setAttribute("aria-live", "polite");
  }

  listen() {
    this.handlers = { "change:marks": () => this.draw(), "change:pin": () => this.showPin() };
    for (const [name, act] of Object.entries(this.handlers)) this.model.on(name, act);
    this.svg.addEventListener("click", (event) => this.click(event));
    this.svg.addEventListener("keydown", (event) => this.press(event));
    this.svg.addEventListener("pointermove", (event) => this.hover(event));
    this.svg.addEventListener("focus", () => this.showCross());
    this.svg.addEventListener("blur", () => this.layers.cross.replaceChildren());
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
    for (const layer of Object.values(this.layers)) layer.replaceChildren();
    this.shapes = this.model.get("shapes");
    this.marks = this.model.get("marks");
    this.groups = this.model.get("groups");
    for (const shape of this.shapes)
      make("path", { class: "cip-shape", d: shape.path, "fill-rule": "evenodd" }, this.layers.shapes);
    make("path", { class: "cip-edge", d: this.model.get("outline") }, this.layers.outline);
    this.svg.setAttribute("aria-label", this.model.get("words"));
    this.svg.style.display = this.model.get("has_map") ? "" : "none";
    this.caption.textContent = this.model.get("has_map")
      ? "Click where the asset is. With the keyboard: arrow keys move a cross (with Shift by small "
        + "steps), Enter puts the pin, plus and minus zoom."
      : "There is no map of this area. Type easting and northing, or give a postcode.";
    this.buildKey();
    const [width, height] = this.model.get("size");
    this.cross = [width / 2, height / 2];
    this.fitArea();
    this.drawMarks();
    this.showPin();
  }

  buildKey() {
    this.key.replaceChildren();
    const used = new Set(this.marks.map((mark) => mark.group));
    this.groups.forEach((group, place) => {
      if (!used.has(place)) return;
      const item = makeHtml("li", "", this.key);
      const picture = make("svg", { viewBox: "0 0 18 18", "aria-hidden": "true" }, item);
      make("path", { class: "cip-mark", d: drawMark(group.shape, 9, 9, 7), fill: group.colour }, picture);
      item.append(group.label);
    });
  }

  // One path for each layer: thousands of marks are a handful of elements.
  drawMarks() {
    this.layers.marks.replaceChildren();
    const r = MARK_PX * this.metresPerPx;
    this.groups.forEach((group, place) => {
      const own = this.marks.filter((mark) => mark.group === place);
      const d = own.map((mark) => drawMark(group.shape, mark.x, mark.y, r)).join("");
      if (d) make("path", { class: "cip-mark", d, fill: group.colour }, this.layers.marks);
    });
  }

  showPin() {
    this.layers.pin.replaceChildren();
    const pin = this.model.get("pin");
    if (pin.length !== 2 || !this.metresPerPx) return;
    const [west, north] = this.model.get("corner");
    const [x, y] = [pin[0] - west, north - pin[1]];
    const r = 9 * this.metresPerPx;
    const d = `M${x} ${y}L${x - r} ${y - 2 * r}A${1.2 * r} ${1.2 * r} 0 1 1 ${x + r} ${y - 2 * r}Z`;
    make("path", { class: "cip-pin", d }, this.layers.pin);
  }

  showCross() {
    this.layers.cross.replaceChildren();
    if (!this.svg.matches(":focus-visible")) return;
    const [x, y] = this.cross;
    const r = 16 * this.metresPerPx;
    const d = `M${x - r} ${y}H${x + r}M${x} ${y - r}V${y + r}`;
    for (const name of ["cip-ring-out", "cip-ring-in"]) make("path", { class: name, d }, this.layers.cross);
  }

  // Where a point is, in words: for eyes and for whoever hears the map.
  describe([x, y]) {
    const [west, north] = this.model.get("corner");
    const words = `Easting ${Math.round(west + x)}, northing ${Math.round(north - y)}`;
    let best = null;
    let least = Infinity;
    for (const mark of this.marks) {
      const far = Math.hypot(mark.x - x, mark.y - y);
      if (far < least) [best, least] = [mark, far];
    }
    if (!best) return `${words}.`;
    const turn = Math.atan2(y - best.y, x - best.x) / (Math.PI / 4);
    const wind = WINDS[(Math.round(turn) + 8) % 8];
    return `${words}: ${Math.round(least)} m ${wind} of ${best.name}.`;
  }

  send([x, y]) {
    const [west, north] = this.model.get("corner");
    this.model.send({ kind: "pin", x: Math.round(west + x), y: Math.round(north - y) });
  }

  click(event) {
    if (this.wasDragged) return;
    this.cross = this.locate(event);
    this.caption.textContent = this.describe(this.cross);
    this.send(this.cross);
  }

  hover(event) {
    if (event.buttons) return;
    const [x, y] = this.locate(event);
    const near = this.marks.find((m) => Math.hypot(m.x - x, m.y - y) < MARK_PX * this.metresPerPx);
    if (near) this.caption.textContent = near.name;
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.key === "Enter" || event.key === " ") this.send(this.cross);
    else if (event.key in steps) this.move(steps[event.key], event.shiftKey ? 1 : STEP_PX);
    else if (event.key === "+" || event.key === "=") this.zoom(1 / 1.5, this.cross);
    else if (event.key === "-") this.zoom(1.5, this.cross);
    else if (event.key === "Home") this.fit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  move([stepX, stepY], px) {
    const by = px * this.metresPerPx;
    const [x, y] = [this.cross[0] + stepX * by, this.cross[1] + stepY * by];
    this.cross = [x, y];
    const [left, top, width, height] = this.view;
    if (x < left || x > left + width || y < top || y > top + height)
      this.look([x - width / 2, y - height / 2, width, height]);
    this.showCross();
    this.caption.textContent = this.describe(this.cross);
  }

  // The area fills the map at first; what lies around it comes with "Whole map".
  fitArea() {
    const { x, y, width, height } = this.layers.outline.getBBox();
    if (!width) return this.fit();
    const room = 0.08 * Math.max(width, height);
    this.look([x - room, y - room, width + 2 * room, height + 2 * room]);
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
    const metresPerPx = Math.max(
      view[2] / (this.svg.clientWidth || 1), view[3] / (this.svg.clientHeight || 1));
    if (metresPerPx !== this.metresPerPx) {
      this.metresPerPx = metresPerPx;
      this.drawMarks();
      this.showPin();
    }
    this.showCross();
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
      for (const [name, act] of [["pointermove", drag], ["pointerup", stop], ["pointercancel", stop]])
        window.removeEventListener(name, act);
    };
    for (const [name, act] of [["pointermove", drag], ["pointerup", stop], ["pointercancel", stop]])
      window.addEventListener(name, act);
  }
}

export default {
  render({ model, el }) {
    const view = new ClickMap(model, el);
    return () => view.close();
  },
};
