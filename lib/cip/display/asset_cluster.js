// Marks that would lie on each other become one with a count. The Python packages that carry
// Leaflet.markercluster are parts of web frameworks, and what is needed here is little: a grid of
// cells at the zoom shown, whose size in pixels decides, so that time grows with the marks alone.
function cipCluster(items, scale) {
  "use strict";
  const cell = cipCluster.cellPx;
  const cells = new Map();
  for (const item of items) {
    const x = item.world.x * scale;
    const y = item.world.y * scale;
    const key = `${Math.floor(x / cell)},${Math.floor(y / cell)}`;
    const held = cells.get(key) ?? { x: 0, y: 0, items: [] };
    held.x += x;
    held.y += y;
    held.items.push(item);
    cells.set(key, held);
  }
  const heaps = [];
  const placed = new Map();
  for (const [key, held] of cells) {
    const heap = { x: held.x / held.items.length, y: held.y / held.items.length, items: held.items };
    const near = findNear(placed, key, heap);
    if (near) join(near, heap);
    else heaps.push(heap);
    placed.set(key, near ?? heap);
  }
  return heaps;

  // Two heaps on either side of a cell's edge would touch.
  function findNear(others, key, heap) {
    const [column, row] = key.split(",").map(Number);
    for (const across of [-1, 0, 1]) {
      for (const down of [-1, 0, 1]) {
        const other = others.get(`${column + across},${row + down}`);
        if (other && Math.hypot(other.x - heap.x, other.y - heap.y) < cipCluster.nearPx) return other;
      }
    }
    return null;
  }

  function join(heap, other) {
    const share = other.items.length / (heap.items.length + other.items.length);
    heap.x += (other.x - heap.x) * share;
    heap.y += (other.y - heap.y) * share;
    heap.items.push(...other.items);
  }
}
cipCluster.cellPx = 60;
cipCluster.nearPx = 38;
