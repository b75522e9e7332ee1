// The page of the segment calculator. It draws what the server has measured, and counts only what a reader sees as
// characters. Text comes back in pieces and never as indices, because JavaScript and Python count characters differently,
// and it goes into the document as text and never as markup.

const PAUSE = 60; // milliseconds without typing before the page asks the server
const SILENCE = 900; // and before a screen reader announces the result
const RETRY = 2000;
const MANY = 10; // segments that are sent without a warning

const ALPHABETS = { GSM_7BIT: "GSM 7-bit", UCS2: "UCS-2" };
const FIELDS = ["text", "price", "recipients", "boundary"];
const KEPT = [...FIELDS, "reference", "currency"];
const OFTEN = ["EUR", "USD", "GBP", "INR", "BRL", "TRY", "MXN", "PLN", "ZAR", "NGN", "PHP", "IDR", "CHF", "CAD", "AUD"];

// What each kind of fix is called, and what it means.
const FIXES = {
  TYPOGRAPHY: ["Plain quotation marks, dashes and spaces", "Reads the same."],
  COMPATIBILITY: ["Plain forms of ligatures, fractions and wide letters", "Reads nearly the same."],
  LOOK_ALIKES: ["Letters without accents, and what looks alike", "Still legible, and misspelt."],
  EMOJI: ["Leave out the emoji", "The rest stays."],
};

const by = (id) => document.getElementById(id);
const text = by("text");

let reply = null; // the last answer, and the text that it is for
let about = "";
let history = []; // for each change by a click: the text and the languages before it, and the label of the undo button
let asking = null;
let timer = 0;
let telling = 0;
let retrying = 0;
let drawn = []; // what each segment on the page was drawn from
let returning = -1; // which of the marked characters gets the focus once a changed segment is drawn again

// Asking -------------------------------------------------------------------------------------------------------------

function question() {
  const body = {
    text: text.value,
    languages: chosen().map((name) => name.toUpperCase()),
    wide_reference: by("reference").value === "wide",
    boundary: by("boundary").value,
    recipients: recipients(),
  };
  const price = by("price").value.replace(/^\s*\p{Sc}|\p{Sc}\s*$/u, "").trim().replace(",", ".");
  return price ? { ...body, price } : body;
}

// Thousands may be set apart. Anything but a number is sent as it is, and refused with a reason.
function recipients() {
  const written = by("recipients").value.trim();
  const digits = /^[0-9]{1,3}([ .,'’\u00a0\u202f][0-9]{3})+$/.test(written) ? written.replace(/[^0-9]/g, "") : written;
  return /^[0-9]{1,12}$/.test(digits) ? Number(digits) : digits || 1;
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

function offerCurrencies() {
  const names = new Intl.DisplayNames("en", { type: "currency" });
  const group = (label, codes) => make("optgroup", { label }, ...codes.map((value) =>
    make("option", { value, textContent: `${value} – ${names.of(value)}` })));
  by("currency").append(group("Often used", OFTEN),
    group("All", Intl.supportedValuesOf("currency").filter((code) => !OFTEN.includes(code))));
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
  showRemedies();
  showCharacters();
  showSegments();
  clearTimeout(telling);
  telling = setTimeout(() => (by("live").textContent = summary(asked)), SILENCE);
  document.body.dataset.about = about;
}

const upper = (words) => words[0].toUpperCase() + words.slice(1);
const titled = (name) => upper(name.toLowerCase());

function tablesInWords({ locking, single }) {
  const shifts = [[locking, "locking"], [single, "single"]].filter(([name]) => name !== "DEFAULT");
  return shifts.map(([name, kind]) => `${titled(name)} ${kind} shift`).join(", ");
}

// Exact decimals as money, to all their places.
function money(amount) {
  const currency = by("currency").value;
  const style = currency ? { style: "currency", currency } : { minimumFractionDigits: 2 };
  return new Intl.NumberFormat("en", { ...style, maximumFractionDigits: 9 }).format(amount);
}

// Nothing typed is nothing to send, though an empty message would take a segment.
const sent = () => (about === "" ? 0 : reply.measurement.segments);

function showFigures(asked) {
  const { alphabet, units, remaining, tables } = reply.measurement;
  const segments = sent();
  const figure = (id, number, noun) => {
    by(`${id}-count`).textContent = number.toLocaleString("en");
    by(`${id}-word`).textContent = number === 1 ? noun : `${noun}s`;
  };
  figure("segments", segments, "segment");
  figure("characters", seen(about), "character");
  by("units").textContent = units.toLocaleString("en");
  by("units-word").textContent = units === 1 ? "unit" : "units";
  by("remaining").textContent = remaining.toLocaleString("en");
  by("remaining-word").textContent = `left in ${segments > 1 ? `segment ${segments.toLocaleString("en")}` : "this segment"}`;
  by("alphabet").textContent = ALPHABETS[alphabet];
  by("tables").textContent = tablesInWords(tables) || "alphabet";
  by("warning").hidden = segments <= MANY;
  by("warning").textContent = `More than ${MANY} segments: many providers refuse so long a message, and each recipient is ` +
    `billed for ${segments.toLocaleString("en")}.`;
  by("cost-figure").hidden = !reply.cost || segments === 0;
  if (reply.cost) {
    by("cost").textContent = money(reply.cost.total);
    by("cost-word").textContent = asked.recipients > 1
      ? `for ${counted(asked.recipients, "recipient")}, ${money(reply.cost.message)} each` : "cost of the message";
  }
}

function summary(asked) {
  const { alphabet, units, remaining, tables } = reply.measurement;
  const segments = sent();
  const shifts = tablesInWords(tables);
  const inWords = ALPHABETS[alphabet] + (shifts ? ` (${shifts})` : "");
  const left = `${remaining} left in ${segments > 1 ? "the last" : "this"} segment`;
  const parts = [counted(segments, "segment"), counted(seen(about), "character"), inWords, counted(units, "unit"), left];
  if (reply.cost && segments) parts.push(`costs ${money(reply.cost.total)} for ${counted(asked.recipients, "recipient")}`);
  return parts.join(", ") + (segments > MANY ? `. ${by("warning").textContent}` : "");
}

// Each fix that saves, the least harmful first, with the button that makes it.
function showRemedies() {
  by("remedies-card").hidden = reply.remedies.length === 0;
  by("remedies").replaceChildren(...reply.remedies.map(remedyItem));
}

function remedyItem({ kind, changes, text: fixed, languages, measurement, saves, cost }, index) {
  const used = [...new Set([measurement.tables.locking, measurement.tables.single])].filter((name) => name !== "DEFAULT");
  const [title, meaning] = FIXES[kind] ?? [`Use the ${used.map(titled).join(" and ")} table${used.length > 1 ? "s" : ""}`,
    "No letter changes. The recipients’ phones must know the table, and older ones do not."];
  const button = make("button", { type: "button", className: index ? "" : "primary", textContent: `Save ${counted(saves, "segment")}` });
  button.setAttribute("aria-label", `${title}: save ${counted(saves, "segment")}`);
  button.addEventListener("click", () => fix(fixed, languages));
  const then = `Then ${counted(measurement.segments, "segment")}${cost ? `, ${money(reply.cost.total)} → ${money(cost.total)}` : ""}.`;
  const words = make("div", {}, make("b", { textContent: title }), make("p", { textContent: `${meaning} ${then}` }));
  if (kind !== "NATIONAL_TABLES") words.append(make("p", { dir: "auto", className: "changes", textContent: upper(changes) }));
  return make("li", {}, words, button);
}

function showCharacters() {
  const { measurement, characters, more_characters: more, scripts, remedies } = reply;
  by("characters-card").hidden = characters.length + scripts.length === 0;
  const outside = measurement.alphabet === "UCS2";
  by("characters-heading").textContent = outside ? "Special characters" : "Characters that count as 2";
  const why = outside ? `Outside the GSM alphabet, so that each segment holds ${measurement.units_per_segment} units in place ` +
    `of ${measurement.segments > 1 ? 153 : 160}.` : "In the extension of the GSM alphabet.";
  const none = measurement.segments > 1 ? "Nothing would save a segment." : "The message is a single segment already.";
  by("characters-why").textContent = remedies.length ? why : `${why} ${none}`;
  const onReplace = document.activeElement?.closest("#characters button");
  by("characters").replaceChildren(...characters.map(characterRow), ...scripts.map(scriptRow));
  if (onReplace) (by("characters").querySelector("button") ?? text).focus();
  by("more-characters").hidden = !more;
  by("more-characters").textContent = `and ${counted(more, "other character")}`;
}

function characterRow({ text: character, shown, code_points: points, name, units, replacement, indices, changes }) {
  const each = `counts as ${units}`;
  const times = indices.length > 1 ? `${indices.length.toLocaleString("en")} times, each ${each}` : each;
  const hidden = shown !== character;
  const glyph = make("bdi", { className: hidden ? "glyph long" : "glyph", textContent: hidden && shown.length > 10 ? `${shown.slice(0, 6)}…` : shown });
  const row = make("li", {}, glyph, make("span", { className: "name", textContent: upper(name) },
    make("small", { textContent: `${points.length > 2 ? "" : `${points.join(" ")}, `}${times}`, title: points.join(" ") })));
  if (changes.length) {
    const becomes = named(replacement);
    const button = make("button", { type: "button" }, "Replace → ", make("span", { className: "becomes", textContent: becomes }));
    button.setAttribute("aria-label", `Replace ${name} with ${becomes}`);
    button.addEventListener("click", () => replace(new Set(changes)));
    row.append(button);
  }
  return row;
}

function scriptRow({ name, sample, times }) {
  return make("li", {}, make("bdi", { className: "glyph", textContent: sample }),
    make("span", { className: "name", textContent: `${name}, ${counted(times, "character")}` }));
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
function replaceText(value, undoing, languages = chosen()) {
  history.push({ before: text.value, languages: chosen(), undoing });
  putBack(value, languages);
}

function undo() {
  const { before, languages } = history.pop();
  putBack(before, languages);
  text.focus();
}

function putBack(value, languages) {
  text.value = value;
  showUndo();
  choose((box) => languages.includes(box.value));
  measure();
}

function fix(fixed, languages) {
  if (text.value !== about) return; // the answer is for an older text
  replaceText(fixed, "Undo", languages.map(titled));
  text.focus();
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
  if (target.dataset.text === undefined) return;
  replaceText(target.dataset.text, "Undo example");
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
for (const id of ["price", "currency", "recipients", "reference", "boundary"]) by(id).addEventListener("input", ask);
by("retry").addEventListener("click", measure);
by("undo").addEventListener("click", undo);
by("clear").addEventListener("click", () => { if (text.value) replaceText("", "Undo clearing"); text.focus(); });
by("copy-text").addEventListener("click", () => copy(text.value, "Text"));
by("copy-summary").addEventListener("click", () => copy(summary(question()), "Summary"));
addEventListener("pagehide", keep); // what was typed just before
addEventListener("pageshow", languagesChanged); // by then the browser has filled in what it remembers
offerCurrencies();
fillAgain();
measure();
