// How a segment is drawn, and the words and elements that it takes; page.js goes on from here, in the same script. It
// counts nothing, and knows no more than the one segment and the answer that it stands in.

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// A replacement that cannot be seen, in words.
const named = (replacement) => ({ "": "(dropped)", " ": "(space)", "\n": "(line feed)" })[replacement] ?? replacement;
const seen = (text) => Array.from(graphemes.segment(text)).length; // characters as a reader sees them
const counted = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

// Drawing ------------------------------------------------------------------------------------------------------------

// A segment of an answer. Its paragraph has the text whole, until its own ``draw`` draws the characters one by one.
function segmentItem({ units, header, runs }, index, { measurement, changes, segments: { length: count } }) {
  const { alphabet, units_per_segment: room } = measurement;
  const item = make("li", { className: "card" }, make("div", { className: "bubble-head" },
    make("b", { textContent: `Segment ${index + 1} of ${count}` }),
    make("span", { textContent: `${units} of ${counted(room, "unit")}` })));
  const bar = strip(runs, header?.units ?? 0, room);
  item.append(bar);
  if (header) {
    item.append(make("p", { className: "udh" }, make("code", { textContent: header.octets.match(/../g).join(" ") }),
      ` header of ${counted(header.units, "unit")}: ${header.elements.join("; ")}`));
  }
  const paragraph = make("p", { className: "drawn", dir: "auto", textContent: runs.map((run) => run.shown ?? run.text).join("") });
  paragraph.draw = () => {
    paragraph.replaceChildren(cells(runs, alphabet, changes));
    bar.classList.toggle("reversed", getComputedStyle(paragraph).direction === "rtl");
  };
  item.append(paragraph);
  return item;
}

const JOINS = /^[\u200d\ufe0e\ufe0f]+$/; // what holds an emoji together

function markOf({ text, kind, expensive, change }) {
  if (kind !== "basic") return kind.split(" ")[0];
  if (JOINS.test(text) && change === undefined) return "surrogate";
  if (!expensive) return "tick";
  return change === undefined ? "foreign" : "expensive";
}

// A bar of the whole segment, a tick for each unit: hatched where the header is, empty where there is room.
function strip(runs, headerUnits, room) {
  const total = headerUnits + room;
  const percent = (units) => `${((100 * units) / total).toFixed(3)}%`;
  let at = headerUnits;
  const stops = [`transparent 0 ${percent(at)}`];
  for (const run of runs) {
    const colour = markOf(run);
    stops.push(`var(--${colour}) ${percent(at)} ${percent(at + run.units)}`);
    at += run.units;
  }
  stops.push(`transparent ${percent(at)} 100%`);
  const bar = make("div", { className: "strip" });
  bar.setAttribute("aria-hidden", "true");
  bar.style.setProperty("--blocks", `linear-gradient(90deg, ${stops.join(", ")})`);
  bar.style.setProperty("--unit", percent(1));
  bar.style.setProperty("--header-units", percent(headerUnits));
  return bar;
}

function cells(runs, alphabet, changes) {
  const fragment = document.createDocumentFragment();
  let plain = []; // characters that are seen as they are, which may belong to one grapheme
  const flush = () => {
    let at = 0;
    for (const { segment } of graphemes.segment(plain.map((one) => one.character).join(""))) {
      const length = Array.from(segment).length;
      fragment.append(cell(segment, plain.slice(at, at + length).map((one) => one.run), alphabet, changes));
      at += length;
    }
    plain = [];
  };
  for (const run of runs) {
    if (run.shown === undefined) {
      for (const character of run.text) plain.push({ character, run });
      continue;
    }
    flush();
    const lineFeed = run.text === "\n";
    const hidden = cell(lineFeed ? "↵" : run.shown, [run], alphabet, changes);
    hidden.classList.add("shown");
    fragment.append(hidden, lineFeed ? "\n" : "");
  }
  if (plain.length) flush();
  return fragment;
}

function cell(shown, runs, alphabet, changes) {
  const units = runs.reduce((sum, run) => sum + run.units / Array.from(run.text).length, 0);
  const element = make("span", { className: `cell n${units}`, textContent: shown });
  if (units > 2) element.style.setProperty("--n", units);
  if (units > 1) element.title = `counts as ${units}`;
  const pair = runs.find((run) => run.kind !== "basic");
  if (pair) element.classList.add("pair", markOf(pair), ...(units > 2 ? ["wide"] : []));
  if (!runs.some((run) => run.expensive) || alphabet !== "UCS2") return element;
  const fixed = runs.find((run) => run.change !== undefined);
  element.classList.add(...(fixed ? ["expensive", "replaceable"] : ["foreign"]));
  if (!fixed) return element;
  element.title = `${shown}: replace with ${named(changes[fixed.change].replacement)}`;
  element.setAttribute("role", "button");
  element.setAttribute("aria-label", element.title);
  element.tabIndex = -1;
  element.dataset.change = fixed.change;
  return element;
}
