// The asset map: search, layers, map and list kept in step. Everything from outside is set as
// text, never as HTML. Called with the map and with what the page holds as data.
(function (map, data) {
  "use strict";
  const MOST_LISTED = 200;
  const SAY_AFTER_MS = 250;
  const CHOSEN_ZOOM = 15;
  const FIRST_NAMED_ZOOM = 13;
  const find = (id) => document.getElementById(id);
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  function make(name, className, parent, text) {
    const node = document.createElement(name);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    if (parent) parent.append(node);
    return node;
  }

  const cell = (column, i) => column.values[column.codes[i]];
  const items = data.numbers.map((number, i) => {
    const item = { i, number, name: cell(data.name, i), type: cell(data.type, i),
      style: cell(data.style, i), kind: cell(data.kind, i), place: cell(data.place, i),
      state: cell(data.state, i), label: cell(data.label, i) };
    item.words = fold([item.number, item.name,
      ...data.facts.filter((fact) => fact.search).map((fact) => cell(fact, i))].join(" \n "));
    if (data.lat[i] !== null) {
      item.at = L.latLng(data.lat[i], data.lng[i]);
      item.world = map.project(item.at, 0);
    }
    return item;
  });

  const box = map.getContainer();
  const search = find("am-search");
  const list = find("am-list");
  const status = find("am-status");
  const layers = find("am-layers");
  const selects = { place: find("am-place"), state: find("am-state") };
  const typeBoxes = [...layers.querySelectorAll("input[data-type]")];
  const groupBoxes = [...layers.querySelectorAll("input[data-group]")];
  const kindBoxes = [...layers.querySelectorAll("input[data-kind]")];
  let shown = items;
  let only = null; // the assets at one place, when the reader asked for them
  let chosen = null;
  let version = 0;

  // What is shown

  function choose(query) {
    const words = fold(query).split(/\s+/).filter(Boolean);
    const types = new Set(typeBoxes.filter((b) => b.checked).map((b) => b.dataset.type));
    const off = new Set(kindBoxes.filter((b) => !b.checked).map((b) => b.dataset.kind));
    const place = selects.place.value;
    const state = selects.state.value;
    return items.filter((item) => types.has(item.type) && !off.has(item.kind)
      && (!place || item.place === place) && (!state || item.state === state)
      && (!only || only.has(item)) && words.every((word) => item.words.includes(word)));
  }

  function update() {
    shown = choose(search.value);
    version += 1;
    if (chosen && !shown.includes(chosen)) forget();
    drawList();
    drawMarks();
    say();
  }

  let sayTimer = 0;
  function say() {
    const some = shown.length === items.length ? `All ${items.length.toLocaleString("en-GB")}`
      : `${shown.length.toLocaleString("en-GB")} of ${items.length.toLocaleString("en-GB")}`;
    const parts = [`${some} shown${only ? ", those at one place" : ""}.`];
    const off = shown.filter((item) => !item.at).length;
    if (off) parts.push(`${off.toLocaleString("en-GB")} without a place on the map.`);
    if (shown.length > MOST_LISTED) parts.push(`The first ${MOST_LISTED} are listed.`);
    clearTimeout(sayTimer);
    sayTimer = setTimeout(() => { status.textContent = parts.join(" "); }, SAY_AFTER_MS);
  }

  // The list

  const rows = new Map();

  function drawList() {
    const hadFocus = list.contains(document.activeElement);
    const listed = shown.slice(0, MOST_LISTED);
    if (chosen && !listed.includes(chosen)) listed.unshift(chosen);
    rows.clear();
    const parts = document.createDocumentFragment();
    for (const item of listed) parts.append(drawRow(item));
    if (shown.length > MOST_LISTED) {
      make("li", "am-more", parts,
        `${(shown.length - MOST_LISTED).toLocaleString("en-GB")} more match. Search or switch layers off to see them.`);
    }
    if (!shown.length) make("li", "am-more", parts, "Nothing matches.");
    list.replaceChildren(parts);
    const first = rows.get(chosen) ?? rows.values().next().value;
    if (first) first.button.tabIndex = 0;
    if (hadFocus) (first?.button ?? search).focus();
  }

  function drawRow(item) {
    const row = make("li", "");
    const button = make("button", "am-item", row);
    button.type = "button";
    button.tabIndex = -1;
    button.setAttribute("aria-expanded", "false");
    button.append(copyMark(item));
    const words = make("span", "am-words", button);
    make("span", "am-name", words, `${item.number} ${item.name}`);
    make("span", "am-type", words, item.place === "unplaced"
      ? `${item.label}, not on the map` : item.label);
    button.addEventListener("click", () => (chosen === item ? forget() : show(item, "list")));
    rows.set(item, { row, button });
    if (item === chosen) drawFacts(item);
    return row;
  }

  function copyMark(item) {
    return find(`am-mark-${item.style}-${item.kind}`).content.firstElementChild.cloneNode(true);
  }

  function drawFacts(item) {
    const { row, button } = rows.get(item);
    const facts = make("dl", "am-facts", row);
    for (const fact of data.facts) {
      const words = cell(fact, item.i);
      if (!words) continue;
      make("dt", "", facts, fact.label);
      make("dd", "", facts, words);
    }
    button.setAttribute("aria-expanded", "true");
    row.classList.add("am-chosen");
  }

  function moveIn(buttons, event) {
    const at = buttons.indexOf(document.activeElement);
    const steps = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1,
      Home: 0, End: buttons.length - 1 };
    if (at < 0 || !(event.key in steps) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const next = buttons[Math.max(0, Math.min(buttons.length - 1, steps[event.key]))];
    buttons[at].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  // One item at a time

  function show(item, from) {
    close();
    chosen = item;
    if (!rows.has(item)) drawList();
    else drawFacts(item);
    const { row, button } = rows.get(item);
    for (const other of rows.values()) other.button.tabIndex = other.button === button ? 0 : -1;
    const top = row.offsetTop;
    if (from === "map" || top < list.scrollTop || top + 60 > list.scrollTop + list.clientHeight) {
      list.scrollTop = top;
    }
    if (from === "map") button.focus({ preventScroll: true });
    if (item.at) {
      if (from === "list") {
        map.setView(item.at, Math.max(map.getZoom(), CHOSEN_ZOOM), { animate: false });
      }
      openPopup(item);
    }
    version += 1;
    drawMarks();
  }

  function close() {
    map.closePopup();
    const held = rows.get(chosen);
    if (held) {
      held.row.querySelector("dl")?.remove();
      held.row.classList.remove("am-chosen");
      held.button.setAttribute("aria-expanded", "false");
    }
    chosen = null;
  }

  function forget() {
    close();
    version += 1;
    drawMarks();
  }

  function openPopup(item) {
    const words = make("div", "am-popup");
    make("strong", "", words, `${item.number} ${item.name}`);
    make("span", "", words, item.label);
    L.popup({ offset: [0, -12], autoPanPadding: [12, 12], maxWidth: 220 })
      .setLatLng(item.at).setContent(words).openOn(map);
  }

  // Marks

  const marks = L.layerGroup().addTo(map);
  let drawn = new Map();
  let heaps = [];
  let heapsOf = "";

  function drawMarks() {
    const zoom = map.getZoom();
    if (heapsOf !== `${version} ${zoom}`) {
      heaps = cipCluster(shown.filter((item) => item.at && item !== chosen), 2 ** zoom);
      heapsOf = `${version} ${zoom}`;
    }
    const view = map.getPixelBounds();
    const margin = cipCluster.cellPx;
    const kept = new Map();
    const wanted = heaps.filter((heap) => heap.x > view.min.x - margin && heap.x < view.max.x + margin
      && heap.y > view.min.y - margin && heap.y < view.max.y + margin);
    if (chosen?.at) wanted.push({ items: [chosen], isChosen: true });
    const hadFocus = box.contains(document.activeElement) && document.activeElement.closest(".am-mark");
    for (const heap of wanted) {
      const key = `${zoom} ${heap.isChosen ? "chosen" : heap.items.length} ${heap.items[0].i}`;
      const mark = drawn.get(key) ?? makeMark(heap, zoom);
      drawn.delete(key);
      kept.set(key, mark);
    }
    for (const mark of drawn.values()) marks.removeLayer(mark);
    drawn = kept;
    const buttons = listMarks();
    if (buttons.length && !buttons.some((button) => button.tabIndex === 0)) buttons[0].tabIndex = 0;
    if (hadFocus && !box.contains(document.activeElement)) box.focus({ preventScroll: true });
  }

  function listMarks() {
    return [...box.querySelectorAll(".am-mark button")];
  }

  function makeMark(heap, zoom) {
    const [first] = heap.items;
    const isOne = heap.items.length === 1;
    const button = make("button", isOne ? "am-one" : "am-heap");
    button.type = "button";
    button.tabIndex = -1;
    if (heap.isChosen) button.classList.add("am-ring");
    if (isOne) {
      button.append(copyMark(first));
      button.setAttribute("aria-label", `${first.number} ${first.name}, ${first.label}`);
    } else {
      button.textContent = String(heap.items.length);
      button.setAttribute("aria-label", nameHeap(heap));
    }
    button.addEventListener("click", () => (isOne ? show(first, "map") : open(heap)));
    L.DomEvent.disableClickPropagation(button);
    const size = isOne ? 34 : 36;
    const at = isOne ? first.at : map.unproject(L.point(heap.x, heap.y), zoom);
    const icon = L.divIcon({ html: button, className: "am-mark", iconSize: [size, size] });
    return L.marker(at, { icon, keyboard: false, interactive: false,
      zIndexOffset: heap.isChosen ? 1000 : 0 }).addTo(marks);
  }

  function nameHeap(heap) {
    const counts = new Map();
    for (const item of heap.items) {
      const label = data.styles[item.style];
      counts.set(label, (counts.get(label) ?? 0) + 1);
    }
    const parts = [...counts].sort((a, b) => b[1] - a[1]).map(([label, count]) => `${label} ${count}`);
    return `${heap.items.length} close together: ${parts.join(", ")}. Open to see them.`;
  }

  function open(heap) {
    const bounds = L.latLngBounds(heap.items.map((item) => item.at));
    const zoom = map.getBoundsZoom(bounds.pad(0.2));
    const apart = map.project(bounds.getNorthWest(), map.getMaxZoom())
      .distanceTo(map.project(bounds.getSouthEast(), map.getMaxZoom()));
    if (apart > 2 * cipCluster.cellPx && zoom > map.getZoom()) {
      map.setView(bounds.getCenter(), Math.min(zoom, map.getMaxZoom()), { animate: false });
      return;
    }
    // Things at one point never come apart on a map: the list shows them.
    only = new Set(heap.items);
    update();
    rows.values().next().value?.button.focus({ preventScroll: true });
  }

  // Streets: on a canvas of their own, so that thousands of lines cost little

  const streetWidths = { path: 0.8, street: 1.6, main: 3 }; // pixels at the zoom where a street is read
  const streetLayers = [];

  function readLine(steps) {
    const line = [];
    let lat = 0;
    let lng = 0;
    for (let i = 0; i < steps.length; i += 2) {
      lat += steps[i];
      lng += steps[i + 1];
      line.push([lat / 1e5, lng / 1e5]);
    }
    return line;
  }

  function widenStreets() {
    const share = Math.min(3, Math.max(0.5, 2 ** ((map.getZoom() - CHOSEN_ZOOM) / 1.5)));
    // Set without drawing: the canvas is drawn anew when the move that brought the zoom has ended.
    for (const { layer, width } of streetLayers) layer.options.weight = width * share;
  }

  function nameStreets(names, labels) {
    const zoom = map.getZoom();
    const taken = [];
    labels.clearLayers();
    if (zoom < FIRST_NAMED_ZOOM) return;
    for (const [name, lat, lng] of names) {
      const { x, y } = map.project([lat, lng], zoom);
      const half = name.length * 3.2 + 8;
      if (taken.some((other) => Math.abs(other.x - x) < other.half + half && Math.abs(other.y - y) < 24)) continue;
      taken.push({ x, y, half });
      const icon = L.divIcon({ html: make("span", "", null, name), className: "am-street", iconSize: [0, 14] });
      L.marker([lat, lng], { icon, pane: "am-names", interactive: false, keyboard: false }).addTo(labels);
    }
  }

  function drawStreets({ lines, names, colour }) {
    map.createPane("am-streets").style.zIndex = 401;
    map.createPane("am-names").style.zIndex = 450;
    const renderer = L.canvas({ pane: "am-streets", padding: 0.3 });
    for (const [kind, width] of Object.entries(streetWidths)) {
      // A browser takes many times longer for one large path than for the same in small ones.
      for (const steps of lines[kind]) {
        const layer = L.polyline(readLine(steps), { renderer, interactive: false, color: colour,
          weight: width }).addTo(map);
        streetLayers.push({ layer, width });
      }
    }
    const labels = L.layerGroup().addTo(map);
    map.on("zoomend", () => {
      widenStreets();
      nameStreets(names, labels);
    });
    widenStreets();
    nameStreets(names, labels);
  }
  if (data.streets) drawStreets(data.streets);

  // Layers and filters

  function matchGroups() {
    for (const group of groupBoxes) {
      const own = typeBoxes.filter((b) => b.dataset.of === group.dataset.group);
      const on = own.filter((b) => b.checked).length;
      group.checked = on > 0;
      group.indeterminate = on > 0 && on < own.length;
    }
  }

  layers.addEventListener("change", (event) => {
    const group = event.target.dataset.group;
    if (group) {
      for (const own of typeBoxes) if (own.dataset.of === group) own.checked = event.target.checked;
    }
    matchGroups();
    update();
  });
  for (const select of Object.values(selects)) select.addEventListener("change", update);
  search.addEventListener("input", update);
  find("am-form").addEventListener("submit", (event) => event.preventDefault());
  find("am-all").addEventListener("click", () => {
    search.value = "";
    only = null;
    for (const select of Object.values(selects)) select.value = "";
    for (const each of [...typeBoxes, ...kindBoxes]) each.checked = true;
    matchGroups();
    update();
    map.fitBounds(data.bounds, { padding: [12, 12], animate: false });
  });
  search.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    rows.values().next().value?.button.focus();
  });
  list.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && chosen) {
      const { button } = rows.get(chosen);
      forget();
      button.focus();
    } else {
      moveIn([...rows.values()].map((row) => row.button), event);
    }
  });
  box.addEventListener("keydown", (event) => {
    if (event.target.closest(".am-mark")) moveIn(listMarks(), event);
  });

  // The gaps: small areas with people beyond reach of a type

  const gapSelect = find("am-gap");
  const gapLayer = L.layerGroup();
  function drawGaps() {
    gapLayer.clearLayers().addTo(map);
    for (const shape of data.gaps ?? []) {
      const people = shape.beyond[gapSelect.value];
      if (!people) continue;
      L.geoJSON(shape.geometry, { interactive: false,
        style: { fillColor: "url(#am-gaps)", fillOpacity: 1, color: data.ink, weight: 1.5 } }).addTo(gapLayer);
      const words = make("span", "", null, people.toLocaleString("en-GB"));
      L.marker(shape.at, { interactive: false, keyboard: false, zIndexOffset: 2000,
        icon: L.divIcon({ html: words, className: "am-people", iconSize: [48, 18] }) }).addTo(gapLayer);
    }
  }
  gapSelect?.addEventListener("change", drawGaps);

  // A frame has no width before it is laid out. On a phone the layers would push the list away.
  const firstSize = new ResizeObserver(() => {
    if (box.clientWidth < 60) return;
    layers.open = window.innerWidth >= 600;
    firstSize.disconnect();
  });
  firstSize.observe(box);
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", data.title);
  map.attributionControl.remove();
  L.control.scale({ imperial: false }).addTo(map);
  map.on("moveend", drawMarks);
  update();
  cipFit(map, data.bounds);
})
