// The newsletter's desk in the browser. Without scripts the page works as forms; this makes it quick: keys, dragging,
// saving while one types, changes of others as they come. Every change goes the same way: Saving.put, then the page of
// the server is laid over this one.

import {Saving} from "./desk_saving.js";
import {Server, layOver} from "./desk_page.js";
import * as texts from "./desk_fields.js";
import * as lists from "./desk_rows.js";
import * as keys from "./desk_keys.js";

const LOOKED = 4000; // ms between two looks for changes of others
const STRUCTURE = new Set(["decision", "until", "reason", "section", "position", "removed"]);
const root = document.getElementById("desk");
const notices = document.getElementById("notices");
const server = new Server(root);
const undoable = []; // [{group, changes}]
let number = 0;
let due = 0;
let pages = 1; // of the bin, in this page
let opening = null; // letters typed while a field is on its way

const state = Object.assign(document.createElement("output"), {id: "saving", className: "saved", textContent: "saved"});
state.dataset.local = "";
(document.getElementById("counts") || notices).after(state);

const saving = new Saving(server, {
  state(kind, words) {
    if (state.textContent !== words) state.textContent = words;
    state.className = kind;
    if (kind === "login") notify("login", `${words}. `, {href: "/-/login?next=/desk", text: "Log in in another window"},
      " and come back: it is sent then.");
    else notify("login", "");
  },
  saved,
  conflict(edit) { texts.showConflict(edit, (value) => decided(edit, value)).scrollIntoView({block: "nearest"}); },
  refused(edit) {
    for (const field of texts.fields(edit.key, edit.field)) texts.say(field, "error", `not saved: ${edit.refused}`);
    if (STRUCTURE.has(edit.field)) { // there is no field to mend it in: it is said, and given up
      notify("refused", `Not done: ${edit.refused}`);
      saving.forget(edit);
      later();
    } else homeless(edit);
  },
  left(edits) {
    for (const edit of edits) notify(`left-${edit.name}`, `Typed in ${edit.issue}, which is closed now, and never saved:
      ${texts.nameOf(edit.field)}: “${edit.value}”. `, null, "", () => localStorage.removeItem(edit.name));
  },
});

// One line on top; an empty one goes away.
function notify(id, words, link = null, more = "", discard = null) {
  let line = document.getElementById(`notice-${id}`);
  if (!words) { line?.remove(); return; }
  if (line?.dataset.words === words) return;
  line ||= Object.assign(document.createElement("p"), {id: `notice-${id}`, className: "note"});
  line.dataset.local = "";
  line.dataset.words = words;
  line.replaceChildren(words);
  if (link) line.append(Object.assign(document.createElement("a"), {href: link.href, textContent: link.text,
    target: "_blank", rel: "noopener"}));
  line.append(more);
  if (discard || id === "refused") {
    const button = Object.assign(document.createElement("button"), {type: "button", textContent: "Discard"});
    button.addEventListener("click", () => { discard?.(); line.remove(); });
    line.append(button);
  }
  notices.append(line);
}

// What was refused and has no field on the page any more (its story was merged or sent) is shown on top, word for word.
function homeless(edit) {
  const isLost = edit.refused && !texts.fields(edit.key, edit.field).length;
  notify(`kept-${edit.key}-${edit.field}`, isLost ? `Not saved: ${edit.refused}. Typed was, as ${texts.nameOf(edit.field)}: “${edit.value}”. ` : "",
    null, "", () => { saving.forget(edit); saving.show(); });
}

// ── saving ──────────────────────────────────────────────────────────────────────────────────────────────────────

function put(key, field, value, {group = "", now = false} = {}) {
  saving.put(key, field, texts.baseOf(key, field), value, now);
  const edit = saving.edit(key, field);
  if (edit) edit.group = group || `text|${key}|${field}`;
}

function saved(edits, body) {
  const groups = new Map(edits.map((edit) => [`${edit.key || ""}|${edit.field}`, edit.group]));
  for (const one of body.saved || []) {
    texts.setBase(one.key, one.field, one.value);
    for (const field of texts.fields(one.key, one.field)) {
      if (!saving.edit(one.key, one.field) && document.activeElement !== field) texts.setValue(field, one.value);
      texts.say(field, "");
    }
    // what follows from a change of ours (the first story taken fixes the choice) is undone with it
    if (one.change) remember(groups.get(`${one.key || ""}|${one.field}`) || edits[0]?.group, one.change);
    if (one.field === "name") server.issue = root.dataset.issue = one.value;
  }
  if (body.seq === server.seq + (body.saved || []).length) server.seq = body.seq; // nobody else changed anything
  later();
}

function remember(group, change) {
  const top = undoable.at(-1);
  if (top && top.group === group) top.changes.push(change);
  else undoable.push({group, changes: [change]});
}

async function undo() {
  await saving.flush();
  const last = undoable.pop();
  if (last) await takeBack(last.changes.reverse()); else notify("undo", "There is nothing to undo in this window.");
}

async function takeBack(changes, together = false) {
  notify("undo", "");
  for (const change of changes) {
    const answer = await server.post("undo", {issue: server.issue, change, ...(together && {together: 1})});
    const conflict = answer.body?.conflicts?.[0];
    for (const one of answer.body?.saved || []) applied({...one, became: one.value});
    if (answer.ok && !conflict) continue;
    notify("undo", `Not undone: ${conflict ? `${conflict.by || "somebody"} changed it since` : answer.error}`);
    break;
  }
  later();
}

function decided(edit, value) {
  texts.setBase(edit.key, edit.field, edit.conflict.theirs);
  const shown = value === null ? edit.conflict.theirs : value;
  for (const field of texts.fields(edit.key, edit.field)) texts.setValue(field, shown);
  saving.settle(edit, value);
  later();
}

// ── the page of the server, and changes of others ───────────────────────────────────────────────────────────────

const isKept = (field) => document.activeElement === field || (field.dataset.field
  ? Boolean(saving.edit(texts.keyOf(field), field.dataset.field)) : field.value !== field.defaultValue);

function later() {
  clearTimeout(due);
  due = setTimeout(fresh, 120);
}

async function fresh() {
  await saving.flush();
  const asked = new URLSearchParams(location.search);
  if (pages > 1) { asked.set("page", pages); asked.set("through", "1"); } // what was let in below stays
  const page = await server.page(`${location.pathname}?${asked}`);
  const wanted = page?.getElementById("desk");
  if (!wanted) return false;
  if (wanted.dataset.issue !== server.issue) { gone(wanted.dataset.issue); return false; }
  layOver(root, wanted, isKept);
  for (const row of document.querySelectorAll(".story[data-key]")) // what is not saved yet is shown as that
    row.classList.toggle("going", Boolean(saving.edit(row.dataset.key, "decision")));
  for (const field of document.querySelectorAll(".detail [data-field]")) stale(field);
  for (const edit of saving.edits.values()) homeless(edit);
  lists.decorate();
  watch();
  return true;
}

// Places and decisions follow from those of other stories too; an open story takes them from its row.
function stale(field) {
  const name = field.dataset.field;
  const row = lists.rowOf(field);
  if (!STRUCTURE.has(name) || isKept(field) || !row.hasAttribute(`data-${name}`)) return;
  field.dataset.base = row.getAttribute(`data-${name}`);
  texts.setValue(field, field.dataset.base);
}

function gone(name) {
  notify("gone", `${server.issue} is not open any more (now: ${name || "none"}). `, {href: location.pathname, text: "Open the desk anew"});
}

async function look() {
  if (document.hidden || saving.unsaved()) return;
  const answer = await server.changes(server.seq);
  if (!answer.ok) {
    if (answer.status === 403) saving.stop("login", "you are not logged in any more");
    return;
  }
  if (saving.stopped) saving.retry();
  server.seq = Math.max(server.seq, answer.body.seq || 0);
  const foreign = (answer.body.changes || []).filter(applied);
  if (foreign.length) later();
}

// Show one change; true when the page did not know of it.
function applied(change) {
  if (texts.baseOf(change.key, change.field) === change.became) return false;
  if (change.field === "name" && !change.key) server.issue = root.dataset.issue = change.became;
  for (const field of texts.fields(change.key, change.field)) {
    if (saving.edit(change.key, change.field)) continue; // the answer to ours will show both
    if (document.activeElement === field) { field.dataset.theirs = JSON.stringify(change); continue; }
    texts.setValue(field, change.became);
    field.dataset.base = change.became;
    if (change.by) texts.say(field, "theirs", `changed by ${change.by}, ${texts.when(change.at)}`);
  }
  return true;
}

// ── what is done with rows ──────────────────────────────────────────────────────────────────────────────────────

const chosen = () => { const many = lists.ticked(); return many.length ? many : [lists.selected()].filter(Boolean); };

function decide(rows, values) {
  const group = `act|${++number}`;
  const next = rows.includes(lists.selected()) ? lists.after(rows.at(-1)) : null;
  for (const row of rows) {
    row.classList.add("going");
    const box = row.querySelector("input.mark");
    if (box) box.checked = false;
    for (const [field, value] of Object.entries(values)) put(row.dataset.key, field, value, {group, now: true});
  }
  if (next) lists.select(next);
}

// Ask for one thing in the row itself. Enter does it, Escape does not.
function ask(row, words, type, act) {
  document.getElementById("ask")?.remove();
  const form = Object.assign(document.createElement("form"), {id: "ask", className: "ask"});
  form.dataset.local = "";
  const input = Object.assign(document.createElement("input"), {type, name: "answer", maxLength: 1000});
  const label = document.createElement("label");
  label.append(words, " ", input);
  const yes = Object.assign(document.createElement("button"), {textContent: "OK"});
  const no = Object.assign(document.createElement("button"), {type: "button", textContent: "Cancel", className: "quiet"});
  const close = () => { form.remove(); row.focus({preventScroll: true}); };
  form.addEventListener("submit", (event) => { event.preventDefault(); close(); act(input.value.trim()); });
  no.addEventListener("click", close);
  form.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); close(); } });
  form.append(label, yes, no);
  row.append(form);
  input.focus();
}

async function open(row) {
  const shown = row.querySelector(":scope > .detail");
  if (shown) { close(row); return null; }
  const page = await server.page(`${server.base}/story/${row.dataset.key}?newsletter=${encodeURIComponent(server.newsletter)}`);
  if (!page?.querySelector(".opened")) { notify("open", "The story cannot be opened now: the desk does not answer."); return null; }
  notify("open", "");
  const detail = Object.assign(document.createElement("div"), {className: "detail"});
  detail.dataset.local = "";
  detail.append(document.importNode(page.querySelector(".opened"), true));
  row.append(detail);
  for (const field of detail.querySelectorAll("[data-field]")) {
    const edit = saving.edit(row.dataset.key, field.dataset.field);
    if (edit) restore(edit);
    texts.grow(field);
  }
  return detail;
}

function close(row) {
  const had = row.contains(document.activeElement);
  row.querySelector(":scope > .detail")?.remove();
  if (had) row.focus({preventScroll: true});
}

// Edit one field in the row itself, or where the story is open.
async function edit(name) {
  const row = lists.selected();
  if (!row) return;
  const find = () => row.querySelector(`[data-field="${name}"]:not([type="hidden"])`);
  if (!find()) {
    opening = "";
    const page = await server.page(`${server.base}/story/${row.dataset.key}?newsletter=${encodeURIComponent(server.newsletter)}`);
    const field = page?.querySelector(`.opened [data-field="${name}"]`);
    if (!field) notify("open", "The story cannot be opened now: the desk does not answer."); else inline(row, field);
  }
  const field = find();
  const typed = opening;
  opening = null;
  if (!field) return;
  field.focus();
  field.select?.();
  if (typed) { field.setRangeText(typed, 0, field.value.length, "end"); field.dispatchEvent(new Event("input", {bubbles: true})); }
}

function inline(row, field) {
  const box = Object.assign(document.createElement("div"), {className: "inline"});
  box.dataset.local = "";
  const label = Object.assign(document.createElement("label"), {htmlFor: field.id, textContent: texts.nameOf(field.dataset.field)});
  box.append(label, document.importNode(field, true));
  row.append(box);
  const waits = saving.edit(row.dataset.key, field.dataset.field);
  if (waits) restore(waits);
}

// An editor of one line goes away with the focus, unless there is something to decide; not under a click, whose aim
// would move away.
let isPressed = false;
addEventListener("pointerdown", () => { isPressed = true; }, true);
for (const end of ["pointerup", "pointercancel", "dragend"]) addEventListener(end, () => { isPressed = false; }, true);
function leave(field) {
  const box = field.closest(".inline");
  if (box) setTimeout(() => {
    if (isPressed) leave(field);
    else if (!box.contains(document.activeElement) && !box.querySelector(".versions, .said")) box.remove();
  }, 30);
}

function place(row, where) {
  if (where.bin) { if (lists.side(row) === "issue") decide([row], {decision: ""}); return; }
  const group = `act|${++number}`;
  const position = String(lists.placeIn(where.list, where.before, row));
  if (lists.side(row) === "bin") put(row.dataset.key, "decision", "taken", {group, now: true});
  if (texts.baseOf(row.dataset.key, "section") !== where.section)
    put(row.dataset.key, "section", where.section, {group, now: true});
  put(row.dataset.key, "position", position, {group, now: true});
  if (where.before) where.before.before(row); else where.list.append(row);
  lists.select(row);
}

function shift(by) {
  const row = lists.selected();
  const list = row?.closest("[data-section]:not(.story)");
  if (!list || lists.side(row) !== "issue") return;
  const all = [...list.querySelectorAll(".story[data-key]")];
  const at = all.indexOf(row) + by;
  if (at >= 0 && at < all.length) { place(row, {list, section: list.dataset.section, before: all[by > 0 ? at + 1 : at] || null}); return; }
  const others = [...document.querySelectorAll("#issue [data-section]:not(.story)")];
  const next = others[others.indexOf(list) + by];
  if (next) place(row, {list: next, section: next.dataset.section, before: by > 0 ? next.querySelector(".story[data-key]") : null});
}

function moveTo(row) {
  const list = row?.closest("#issue [data-section]:not(.story)");
  if (list) ask(row, "To place", "number", (answer) => {
    const others = [...list.querySelectorAll(".story[data-key]")].filter((one) => one !== row);
    if (Number(answer) >= 1) place(row, {list, section: list.dataset.section, before: others[Number(answer) - 1] || null});
  });
}

const ACTS = {
  take(rows, form) {
    const section = form?.elements.section?.value;
    decide(rows, {decision: "taken", ...(section && {section})});
  },
  back: (rows) => decide(rows, {decision: ""}),
  drop(rows, form) {
    const act = (reason) => decide(rows, {decision: "dropped", reason});
    if (form) act(form.elements.reason.value.trim());
    else ask(rows[0], rows.length > 1 ? `Drop ${rows.length}: why?` : "Drop: why?", "text", act);
  },
  hold(rows, form) {
    const act = (until) => decide(rows, {decision: "held", until});
    if (form) act(form.elements.until.value);
    else ask(rows[0], "Hold until (empty: the next issue)", "date", act);
  },
  move(rows, form) {
    const {section, position} = form.elements;
    decide(rows, {...(section.value && {section: section.value}), ...(position.value && {position: position.value})});
  },
  open: ([row]) => open(row),
  up: () => shift(-1),
  down: () => shift(1),
  approve: (rows) => {
    for (const row of rows) {
      const text = row.dataset.machine || row.querySelector('input[name="approved"]')?.value;
      if (text) put(row.dataset.key, "approved", text, {group: `act|${++number}`, now: true});
    }
    if (rows.includes(lists.selected())) lists.step(1);
  },
};

function nextLook() {
  const list = lists.listed(lists.side(lists.selected()));
  const from = list.indexOf(lists.selected());
  const looks = list.filter((row) => row.matches(".look, [data-look]"));
  const row = looks.find((one) => list.indexOf(one) > from) || looks[0];
  if (row) lists.select(row); else notify("look", "Nothing here needs a look.");
}

function otherSide() {
  const other = lists.side(lists.selected()) === "bin" ? "issue" : "bin";
  const [row] = lists.listed(other);
  if (row) lists.select(row);
}

const acts = (name) => () => {
  const rows = chosen();
  if (rows.length) ACTS[name](rows); else lists.step(0); // the first press of all shows which story it would be
};
const DOES = {
  j: () => lists.step(1), k: () => lists.step(-1), ArrowDown: () => lists.step(1), ArrowUp: () => lists.step(-1),
  PageDown: () => lists.page(1), PageUp: () => lists.page(-1),
  Home: () => lists.step(-9999), End: () => lists.step(9999), ArrowLeft: otherSide, ArrowRight: otherSide,
  t: () => acts(lists.side(lists.selected()) === "issue" && !lists.ticked().length ? "back" : "take")(),
  d: acts("drop"), h: acts("hold"), a: acts("approve"), o: acts("open"), Enter: acts("open"),
  e: () => edit("title_en"), u: () => edit("title_uk"), n: () => edit("note"),
  "Shift+j": () => shift(1), "Shift+k": () => shift(-1), "Alt+ArrowDown": () => shift(1), "Alt+ArrowUp": () => shift(-1),
  m: () => moveTo(lists.selected()), s: seal, l: nextLook, z: undo, "?": keys.help,
  "/": () => { const box = document.querySelector('#bin input[type="search"]'); box?.focus(); box?.select(); },
  x: tickSelected,
  f: () => keys.pick(lists.shown, lists.select),
  "Shift+t": () => keys.pick(() => lists.shown().filter((row) => lists.side(row) === "bin" && !row.classList.contains("going")),
    (row) => decide([row], {decision: "taken"}), true),
  Escape: () => { const row = lists.selected(); if (row?.querySelector(":scope > .detail")) close(row); },
};

for (const key of ["d", "h", "o", "e", "u", "n", "a", "m"]) // the same for the story whose letter comes next
  DOES[`Shift+${key}`] = () => keys.pick(lists.shown, (row) => { lists.select(row); DOES[key](); });

function tickSelected() {
  const box = lists.selected()?.querySelector("input.mark");
  if (!box) return;
  box.checked = !box.checked;
  lists.tick(box, false);
}

function seal() { document.querySelector("a.seal")?.click(); }

// ── listening ───────────────────────────────────────────────────────────────────────────────────────────────────

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]") || event.defaultPrevented) return;
  const name = keys.pressed(event);
  if (opening !== null && event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
    opening += event.key;
    event.preventDefault();
    return;
  }
  if (keys.isTyping(event.target)) { inField(event); return; }
  const isControl = event.target.closest?.("button, a, summary");
  const isLetter = name.length === 1 || name.startsWith("Shift+");
  if (!DOES[name] || (isLetter && !keys.areOn()) || (isControl && name === "Enter")) return;
  if (!isLetter && name !== "Escape" && !lists.rowOf(event.target) && event.target !== document.body) return;
  event.preventDefault();
  DOES[name]();
});

function inField(event) {
  const field = event.target;
  const isLine = field.tagName !== "TEXTAREA" || event.ctrlKey;
  if (!field.dataset.field || (event.key !== "Escape" && !(event.key === "Enter" && isLine))) return;
  const row = lists.rowOf(field);
  event.preventDefault();
  saving.flush();
  if (row) lists.select(row); else field.blur();
}

document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.dataset?.field) return;
  texts.say(field, "");
  texts.grow(field);
  put(texts.keyOf(field), field.dataset.field, texts.valueOf(field));
});

document.addEventListener("focusout", (event) => {
  const field = event.target;
  if (!field.dataset?.field) return;
  const theirs = field.dataset.theirs;
  delete field.dataset.theirs;
  if (saving.edit(texts.keyOf(field), field.dataset.field)) saving.flush();
  else if (theirs) setTimeout(() => applied(JSON.parse(theirs)));
  leave(field);
});

document.addEventListener("focusin", (event) => {
  const row = lists.rowOf(event.target);
  if (row && row !== lists.selected()) lists.select(row, {focus: false});
});

document.addEventListener("click", (event) => {
  const away = event.target.closest("#desk a[href]:not([data-act], [target])");
  if (away && saving.unsaved() && !event.ctrlKey && !event.metaKey && !away.hash) { // what is typed is seen there
    event.preventDefault();
    saving.flush().then(() => location.assign(away.href));
    return;
  }
  const row0 = lists.rowOf(event.target);
  if (row0 && event.target.closest(".titles > .en") && !event.target.closest("a")) { lists.select(row0); edit("title_en"); return; }
  const box = event.target.closest('input.mark');
  if (box) { lists.tick(box, event.shiftKey); return; }
  const button = event.target.closest("[data-act]");
  const row = lists.rowOf(button);
  if (!row || !ACTS[button.dataset.act] || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  lists.select(row, {focus: false});
  ACTS[button.dataset.act]([row], button.closest("form.decide"));
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const act = event.submitter?.name === "act" ? event.submitter.value : "";
  const rows = form.matches(".bulk") ? lists.ticked().filter((row) => form.closest("section").contains(row)) : [];
  if (form.matches(".filters")) filter(form);
  else if (form.matches(".bulk") && ACTS[act]) {
    notify("marked", rows.length ? "" : "Nothing is marked.");
    if (rows.length) { ACTS[act](rows, form); form.reset(); } // the reason of these is not that of the next ones
  }
  else if (form.matches(".edit") && !act) saving.flush(); // every field is on its way already
  else if (["change", "step"].includes(event.submitter?.name))
    takeBack([event.submitter.value], event.submitter.name === "step" || Boolean(form.elements.together));
  else if (form.method !== "post" || !saving.unsaved() || form.dataset.sure) return;
  else saving.flush().then(() => { // first what was typed, then what is to be done with it
    if (saving.unsaved()) { notify("sure", `First see to what is not saved: ${state.textContent}`); return; }
    form.dataset.sure = "1";
    form.requestSubmit(event.submitter);
  });
  event.preventDefault();
});

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (event.target.matches("select, input[type='checkbox']") && form?.matches(".filters")) filter(form);
});

async function filter(form) {
  const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  history.replaceState(null, "", `${location.pathname}?${asked}`);
  pages = 1;
  for (const field of form.elements) field.defaultValue = field.value; // what was asked for is not being edited any more
  if (await fresh() && document.activeElement?.type === "search") lists.select(lists.listed("bin")[0]);
}

let dragged = null;
document.addEventListener("dragstart", (event) => {
  dragged = lists.rowOf(event.target);
  if (!dragged || keys.isTyping(event.target)) { dragged = null; return; }
  event.dataTransfer.setData("text/plain", dragged.dataset.key);
  event.dataTransfer.effectAllowed = "move";
});
document.addEventListener("dragover", (event) => {
  const where = dragged && lists.target(event);
  mark(where);
  if (where) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const where = dragged && lists.target(event);
  mark(null);
  if (where) { event.preventDefault(); place(dragged, where); }
});
document.addEventListener("dragend", () => { dragged = null; mark(null); });

function mark(where) {
  for (const one of document.querySelectorAll(".drop-here, .drop-before")) one.classList.remove("drop-here", "drop-before");
  if (where?.before) where.before.classList.add("drop-before");
  else (where?.list || (where?.bin && document.getElementById("bin")))?.classList.add("drop-here");
}

// Further pages of the bin come when their place comes into view.
const seen = new IntersectionObserver((found) => { if (found.some((one) => one.isIntersecting)) more(); }, {rootMargin: "400px"});
function watch() {
  seen.disconnect();
  const link = document.querySelector("#bin-rows a[rel='next']");
  if (link) seen.observe(link);
}

let loading = false;
async function more() {
  const list = document.getElementById("bin-rows");
  if (loading || !list.querySelector("a[rel='next']")) return;
  loading = true;
  if (await append(list, pages + 1)) pages += 1;
  loading = false;
  lists.decorate();
  watch();
}

async function append(list, at) {
  const asked = new URLSearchParams(location.search);
  asked.set("page", at);
  asked.set("newsletter", server.newsletter);
  const page = await server.page(`${server.base}/bin?${asked}`);
  if (!page) return false;
  list.querySelector(".pager")?.remove();
  for (const part of page.querySelectorAll(".story[data-key], .pager"))
    if (!part.id || !list.querySelector(`[id="${part.id}"]`)) list.append(document.importNode(part, true));
  return true;
}

// ── beginning ───────────────────────────────────────────────────────────────────────────────────────────────────

function restore(edit) {
  for (const field of texts.fields(edit.key, edit.field)) texts.setValue(field, edit.value);
  if (edit.conflict) texts.showConflict(edit, (value) => decided(edit, value));
}

lists.decorate();
for (const edit of saving.recover()) restore(edit);
watch();
setInterval(look, LOOKED);
document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
root.dataset.scripts = "on";
