// The page of the segment calculator. It counts nothing: it draws what the server has measured. Text comes back in pieces
// and never as indices, because JavaScript and Python count characters differently, and it goes into the document as text
// and never as markup.

const PAUSE = 60; // milliseconds without typing before the page asks the server
const SILENCE = 900; // and before a screen reader announces the result
const RETRY = 2000;

const ALPHABETS = { GSM_7BIT: "GSM 7-bit", UCS2: "UCS-2" };
const FIELDS = ["text", "price", "recipients", "boundary"];
const KEPT = [...FIELDS, "reference"];

const by = (id) => document.getElementById(id);
const text = by("text");

let reply = null; // the last answer, and the text that it is for
let about = "";
let history = []; // for each replacement by a click: the text before it, and the label of the undo button
let asking = null;
let timer = 0;
let telling = 0;
let retrying = 0;
let drawn = []; // what each segment on the page was drawn from
let returning = -1; // which of the marked characters gets the focus once a changed segment is drawn again

// Asking -------------------------------------------------------------------------------------------------------------

function question() {
  const recipients = by("recipients").value.trim();
  const body = {
    text: text.value,
    languages: chosen().map((name) => name.toUpperCase()),
    wide_reference: by("reference").value === "wide",
    boundary: by("boundary").value,
    recipients: /^[0-9]{1,12}$/.test(recipients) ? Number(recipients) : recipients || 1,
  };
  const price = by("price").value.trim().replace(",", ".");
  return price ? { ...body, price } : body;
}

function ask() {
  clearTimeout(timer);
  timer = setTimeout(measure, PAUSE);
}

async function measure() {
  clearTimeout(timer);
  clearTimeout(retrying);
  asking?.abort();
  const mine = (asking = new AbortController());
  const asked = question();
  keep();
  try {
    const headers = { "Content-Type": "application/json" };
    const request = { method: "POST", headers, body: JSON.stringify(asked), signal: mine.signal };
    const response = await fetch("/api/measure", request);
    const answer = await response.json();
    if (mine !== asking) return;
    stopped(false);
    problem(answer.error);
    if (!answer.error) show(asked, answer);
  } catch {
    if (mine === asking) stopped(true);
  }
}

function stopped(is) {
  document.body.classList.toggle("stale", is);
  if (is) {
    by("banner-text").textContent =
      `The calculator does not answer: it was probably stopped. Start it again with “smscodec serve --port ${location.port}”; ` +
      "this page keeps trying, and your text is still here.";
    retrying = setTimeout(measure, RETRY);
  }
  by("banner").hidden = !is;
}

// An error is shown at its field, or else at the text.
function problem(error) {
  for (const id of FIELDS) by(id).setAttribute("aria-invalid", error?.field === id);
  by("problem").textContent = error?.message ?? "";
  by("problem").hidden = !error;
  const field = by(FIELDS.includes(error?.field) ? error.field : "text");
  (field.closest("label") ?? field).after(by("problem"));
  document.body.classList.toggle("stale", Boolean(error));
}

// Keeping ------------------------------------------------------------------------------------------------------------

// The fields keep their values over a reload or a return in the same tab: the browser's own memory of fields is written
// a second late, and not at all for a page that must not be stored.
function keep() {
  const values = Object.fromEntries(KEPT.map((id) => [id, by(id).value]));
  try {
    sessionStorage.removeItem("fields"); // if the next line fails: no text is better than an older one
    sessionStorage.setItem("fields", JSON.stringify({ values, languages: chosen() }));
  } catch { /* storing is forbidden, or there is too much: the page works without */ }
}

function fillAgain() {
  let kept;
  try {
    kept = JSON.parse(sessionStorage.getItem("fields"));
  } catch { /* reading is forbidden, or another program has stored something else */ }
  for (const id of KEPT) fill(by(id), kept?.values?.[id]);
  if (Array.isArray(kept?.languages)) for (const box of boxes()) box.checked = kept.languages.includes(box.value);
}

function fill(field, value) {
  const allowed = field.options && Array.from(field.options, (option) => option.value);
  if (allowed ? allowed.includes(value) : typeof value === "string") field.value = value;
}

// Showing ------------------------------------------------------------------------------------------------------------

function show(asked, answer) {
  reply = answer;
  about = asked.text;
  showFigures(asked);
  showCharacters();
  showSegments();
  clearTimeout(telling);
  telling = setTimeout(() => (by("live").textContent = summary(asked)), SILENCE);
  document.body.dataset.about = about;
}

function tablesInWords({ locking, single }) {
  const titled = (name) => name[0] + name.slice(1).toLowerCase();
  const shifts = [[locking, "locking"], [single, "single"]].filter(([name]) => name !== "DEFAULT");
  return shifts.map(([name, kind]) => `${titled(name)} ${kind} shift`).join(", ");
}

function showFigures(asked) {
  const { alphabet, units, segments, remaining, tables } = reply.measurement;
  by("segments-count").textContent = segments.toLocaleString("en");
  by("segments-word").textContent = segments === 1 ? "segment" : "segments";
  by("alphabet").textContent = ALPHABETS[alphabet];
  by("tables").textContent = tablesInWords(tables) || "alphabet";
  by("units").textContent = units.toLocaleString("en");
  by("units-word").textContent = UNITS[alphabet] + (units === 1 ? "" : "s");
  by("remaining").textContent = remaining.toLocaleString("en");
  by("remaining-word").textContent = segments === 1 ? "left in this segment" : "left in the last segment";
  by("cost-figure").hidden = !reply.cost;
  if (reply.cost) {
    by("cost").textContent = reply.cost.total;
    by("cost-word").textContent = asked.recipients > 1
      ? `for ${counted(asked.recipients, "recipient")}, ${reply.cost.message} each` : "cost of the message";
  }
}

function summary(asked) {
  const { alphabet, units, segments, remaining, tables } = reply.measurement;
  const shifts = tablesInWords(tables);
  const inWords = ALPHABETS[alphabet] + (shifts ? ` (${shifts})` : "");
  const left = `${remaining} left in ${segments > 1 ? "the last" : "this"} segment`;
  const parts = [counted(segments, "segment"), inWords, counted(units, UNITS[alphabet]), left];
  if (reply.cost) parts.push(`costs ${reply.cost.total} for ${counted(asked.recipients, "recipient")}`);
  return parts.join(", ");
}

function showCharacters() {
  const { measurement, suggested, characters, more_characters: more, suggestion, cost } = reply;
  by("characters-card").hidden = characters.length === 0;
  by("characters-why").textContent = measurement.alphabet === "UCS2"
    ? "These are not in the GSM 7-bit alphabet, so the whole message goes out as UCS-2: 70 code units in a segment, or 67 " +
      "in each of several, instead of 160 and 153."
    : "Each of these takes an escape and a second septet.";
  by("replace-offer").hidden = suggestion === about;
  const saved = measurement.segments - suggested.segments;
  by("replace-all").classList.toggle("primary", saved > 0);
  by("replace-saves").textContent = `${saved ? `saves ${counted(saved, "segment")}: then` : "saves no segment: still"} ` +
    `${counted(suggested.segments, "segment")}, ${ALPHABETS[suggested.alphabet]}` +
    (cost && saved ? `, ${cost.total} → ${cost.suggested_total}` : "");
  const onReplace = document.activeElement?.closest("#characters button");
  by("characters").replaceChildren(...characters.map(characterRow));
  if (onReplace) (by("characters").querySelector("button") ?? text).focus();
  by("more-characters").hidden = !more;
  by("more-characters").textContent = `and ${counted(more, "other character")}`;
}

function characterRow({ character, shown, code_point: point, name, units, replacement, indices, changes }) {
  const each = counted(units, UNITS[reply.measurement.alphabet]);
  const times = indices.length > 1 ? `${indices.length.toLocaleString("en")} times, ${each} each` : each;
  const glyph = make("bdi", { className: shown === character ? "glyph" : "glyph long", textContent: shown });
  const row = make("li", {}, glyph, make("span", { className: "name", textContent: name },
    make("small", { textContent: `${point}, ${times}` })));
  if (replacement === null || changes.length === 0) {
    row.append(make("small", { className: "note", textContent: reply.measurement.alphabet === "UCS2" ? "no replacement" : "" }));
  } else {
    const becomes = named(replacement);
    const button = make("button", { type: "button" }, "Replace → ", make("span", { className: "becomes", textContent: becomes }));
    button.setAttribute("aria-label", `Replace ${name} with ${becomes}`);
    button.addEventListener("click", () => replace(new Set(changes)));
    row.append(button);
  }
  return row;
}

// A segment's characters become cells only when it scrolls into view: nobody sees ten thousand characters at once.
const sight = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    sight.unobserve(target);
    target.draw();
  }
  oneStop();
  goOn();
}, { rootMargin: "300px" });

function showSegments() {
  by("empty").hidden = about !== "";
  const list = by("segments");
  const segments = about === "" ? [] : reply.segments ?? [];
  const { alphabet, units_per_segment: room } = reply.measurement;
  const becoming = ({ runs }) => runs.map((run) => reply.changes[run.change]?.replacement);
  const now = segments.map((segment) => JSON.stringify([segment, segments.length, alphabet, room, becoming(segment)]));
  segments.forEach((segment, index) => {
    if (now[index] === drawn[index]) return;
    const item = segmentItem(segment, index, reply);
    sight.observe(item.lastChild);
    if (list.children[index]) list.children[index].replaceWith(item);
    else list.append(item);
  });
  while (list.children.length > segments.length) list.lastChild.remove();
  drawn = now;
  if (reply.refusal) problem({ message: reply.refusal, field: "text" });
  oneStop();
}

// Replacing ---------------------------------------------------------------------------------------------------------

const replaceable = () => Array.from(document.querySelectorAll("#segments .replaceable"));

// One stop for the Tab key; arrow keys go on from there.
function oneStop() {
  const places = replaceable();
  by("marks-help").hidden = places.length === 0;
  if (places.length && !places.some((place) => place.tabIndex === 0)) stopAt(places, places[0]);
}

function stopAt(places, place) {
  for (const other of places) other.tabIndex = other === place ? 0 : -1;
}

// After replacing one character: on to the next, or back to the text if none is left.
function goOn() {
  if (returning < 0) return;
  const places = replaceable();
  const next = places[Math.min(returning, places.length - 1)];
  returning = -1;
  if (next) stopAt(places, next);
  (next ?? text).focus();
}

// A browser drops its undo history when a script changes the text, so the page keeps its own.
function replaceText(value, undoing) {
  history.push({ before: text.value, undoing });
  text.value = value;
  showUndo();
  measure();
}

function undo() {
  text.value = history.pop().before;
  showUndo();
  text.focus();
  measure();
}

function showUndo() {
  by("undo").hidden = history.length === 0;
  by("undo").textContent = history.at(-1)?.undoing ?? "";
}

function replace(numbers) {
  if (text.value !== about) return; // the answer is for an older text
  let result = "";
  let used = 0;
  reply.changes.forEach(({ kept, original, replacement }, number) => {
    result += kept + (numbers.has(number) ? replacement : original);
    used += kept.length + original.length;
  });
  replaceText(result + about.slice(used), "Undo replacing");
}

function replacePlace(place) {
  returning = replaceable().indexOf(place);
  replace(new Set([Number(place.dataset.change)]));
}

by("segments").addEventListener("click", ({ target }) => {
  const place = target.closest(".replaceable");
  if (place) replacePlace(place);
});

by("segments").addEventListener("keydown", (event) => {
  const places = replaceable();
  const here = places.indexOf(event.target);
  if (here < 0) return;
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (step) {
    const next = places[Math.min(Math.max(here + step, 0), places.length - 1)];
    stopAt(places, next);
    next.focus();
  } else if (event.key === "Enter" || event.key === " ") {
    replacePlace(event.target);
  } else return;
  event.preventDefault();
});

// Controls -----------------------------------------------------------------------------------------------------------

async function copy(value, what) {
  try {
    await navigator.clipboard.writeText(value);
    by("copied").textContent = `${what} copied`;
  } catch {
    text.select();
    by("copied").textContent = "The browser does not allow copying: the text is selected, press Ctrl+C";
  }
}

const boxes = () => Array.from(document.querySelectorAll("#languages input"));
const chosen = () => boxes().filter((box) => box.checked).map((box) => box.value);

function choose(wanted) {
  for (const box of boxes()) box.checked = wanted(box);
  languagesChanged();
}

function languagesChanged() {
  const names = chosen();
  by("languages-chosen").textContent = names.length === boxes().length ? "all" : names.join(", ") || "none";
  ask();
}

by("languages").addEventListener("change", languagesChanged);
by("languages-all").addEventListener("click", () => choose(() => true));
by("languages-none").addEventListener("click", () => choose(() => false));
by("examples").addEventListener("click", ({ target }) => {
  const { text: example, language } = target.dataset;
  if (example === undefined) return;
  replaceText(example, "Undo example");
  if (language) choose((box) => box.value === language);
  text.focus();
});

text.addEventListener("input", () => {
  history = [];
  returning = -1;
  showUndo();
  by("copied").textContent = "";
  ask();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "z" || !(event.ctrlKey || event.metaKey) || event.altKey || history.length === 0) return;
  if (event.target.closest("input")) return; // a field of the options undoes its own typing
  event.preventDefault();
  undo();
});
for (const id of ["price", "recipients", "reference", "boundary"]) by(id).addEventListener("input", ask);
by("retry").addEventListener("click", measure);
by("replace-all").addEventListener("click", () => { if (text.value === about) replaceText(reply.suggestion, "Undo replacing"); text.focus(); });
by("undo").addEventListener("click", undo);
by("clear").addEventListener("click", () => { if (text.value) replaceText("", "Undo clearing"); text.focus(); });
by("copy-text").addEventListener("click", () => copy(text.value, "Text"));
by("copy-summary").addEventListener("click", () => copy(summary(question()), "Summary"));
addEventListener("pagehide", keep); // what was typed just before
addEventListener("pageshow", languagesChanged); // by then the browser has filled in what it remembers
fillAgain();
measure();
