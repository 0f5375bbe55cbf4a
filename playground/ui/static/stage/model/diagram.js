// A model as boxes and arrows (playground.lessons.diagram), drawn as SVG in the page's colours: small in the overview of
// Compare, and live over the picture of each Stage.

const NAMESPACE = "http://www.w3.org/2000/svg";
const TIGHT = { pitch: [58, 34], below: 0 };
const BOX = [36, 22];
const LETTER = 6.3; // the mean width of a letter
const HEAD = 5; // of an arrow

/** The SVG of a diagram, {boxes, arrows, wide, high, says}. Each box is a group with its id as data-box.
 * pitch: px between columns and rows; below: px of room for a note under each box. */
export function draw({ boxes, arrows, wide, high, says }, { pitch, below } = TIGHT) {
  const size = `${wide * pitch[0]} ${high * pitch[1] + below}`;
  const root = element("svg", { viewBox: `0 0 ${size}`, role: "img", class: "diagram" });
  root.setAttribute("aria-label", says);
  const placed = new Map(boxes.map((box) => [box.id, place(box, pitch)]));
  for (const { from, to, training } of arrows) root.append(arrow(placed.get(from), placed.get(to), training, below));
  for (const { text, kind, id } of boxes) root.append(boxed(text, kind, id, placed.get(id)));
  return root;
}

// The middle and half the size of a box.
function place({ at: [column, row], text }, pitch) {
  const half = [Math.max(BOX[0], text.length * LETTER + 12) / 2, BOX[1] / 2];
  return { x: (column + 0.5) * pitch[0], y: (row + 0.5) * pitch[1], half };
}

function boxed(text, kind, id, { x, y, half: [w, h] }) {
  const group = element("g", { class: kind, "data-box": id });
  const radius = kind === "network" ? 5 : h;
  group.append(element("rect", { x: x - w, y: y - h, width: 2 * w, height: 2 * h, rx: radius }));
  const words = element("text", { x, y: y + 4 });
  words.textContent = text;
  group.append(words);
  return group;
}

// From border to border. One that goes back passes under the boxes.
function arrow(from, to, training, below) {
  const back = to.x < from.x && to.y === from.y;
  const group = element("g", { class: training ? "arrow training" : "arrow" });
  if (back) {
    const y = from.y + from.half[1];
    const deep = y + 13 + below;
    group.append(element("path", { d: `M${from.x} ${y} V${deep} H${to.x} V${y + 1}` }));
    group.append(head(to.x, y, 0, -1));
    return group;
  }
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const [x1, y1] = border(from, dx, dy);
  const [x2, y2] = border(to, -dx, -dy);
  const length = Math.hypot(dx, dy);
  group.append(element("path", { d: `M${x1} ${y1} L${x2} ${y2}` }));
  group.append(head(x2, y2, dx / length, dy / length));
  return group;
}

// Where the line from the middle of a box in this direction leaves it.
function border({ x, y, half: [w, h] }, dx, dy) {
  const share = Math.min(
    dx ? w / Math.abs(dx) : Number.POSITIVE_INFINITY,
    dy ? h / Math.abs(dy) : Number.POSITIVE_INFINITY,
  );
  return [x + dx * share, y + dy * share];
}

function head(x, y, dx, dy) {
  const [bx, by] = [x - dx * HEAD, y - dy * HEAD];
  const side = HEAD / 2;
  return element("path", {
    class: "head",
    d: `M${x} ${y} L${bx - dy * side} ${by + dx * side} L${bx + dy * side} ${by - dx * side} Z`,
  });
}

/** A small line under a box. */
export function note(group, text) {
  if ((group.querySelector(".note")?.textContent ?? "") === text) return;
  const line = group.querySelector(".note") ?? group.appendChild(element("text", { class: "note" }));
  const rect = group.querySelector("rect");
  line.setAttribute("x", group.querySelector("text").getAttribute("x"));
  line.setAttribute("y", Number(rect.getAttribute("y")) + Number(rect.getAttribute("height")) + 9);
  line.textContent = text;
}

function element(name, attributes) {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
