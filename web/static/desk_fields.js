// Fields of the desk: their values and bases, what is said beside them, conflicts side by side.

export const keyOf = (node) => node.closest("[data-key]")?.dataset.key || null;
const isBox = (field) => field.type === "checkbox";
export const valueOf = (field) => (isBox(field) ? (field.checked ? field.value : "") : field.value.replace(/\r\n?/g, "\n"));

// All places of the page that show one field as something to edit.
export function fields(key, name) {
  const found = document.querySelectorAll(`[data-field="${CSS.escape(name)}"]`);
  return [...found].filter((field) => keyOf(field) === (key || null) && "value" in field);
}

export function baseOf(key, name) {
  const [field] = fields(key, name);
  if (field) return field.dataset.base ?? field.defaultValue;
  const row = key && document.getElementById(key);
  return row?.getAttribute(`data-${name.replaceAll("_", "-")}`) ?? "";
}

export function setBase(key, name, value) {
  for (const field of fields(key, name)) field.dataset.base = value;
  const row = key && document.getElementById(key);
  row?.setAttribute(`data-${name.replaceAll("_", "-")}`, value);
}

export function setValue(field, value) {
  if (isBox(field)) field.checked = value === field.value;
  else if (field.value !== value) field.value = value;
  grow(field);
}

// Fields of several lines are as high as their text, so that all of it is seen.
export function grow(field) {
  if (field.tagName !== "TEXTAREA" || CSS.supports("field-sizing", "content")) return;
  field.rows = Math.max(2, Math.min(12, field.value.split("\n").length));
}

// Say something beside a field: `kind` is error, theirs, saving or "" (nothing).
export function say(field, kind, words = "") {
  let note = field.parentElement.querySelector(`:scope > .said[data-for="${CSS.escape(field.dataset.field)}"]`);
  if (!kind) { note?.remove(); field.removeAttribute("aria-invalid"); field.removeAttribute("data-state"); return; }
  if (!note) {
    note = document.createElement("small");
    note.dataset.local = "";
    note.dataset.for = field.dataset.field;
    field.after(note);
  }
  note.className = `said ${kind}`;
  note.textContent = words;
  field.dataset.state = kind;
  if (kind === "error") field.setAttribute("aria-invalid", "true");
}

export function when(at) {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return "";
  const day = {timeZone: "Europe/Kyiv", day: "numeric", month: "short"};
  const isToday = date.toLocaleDateString("en-GB", day) === new Date().toLocaleDateString("en-GB", day);
  return date.toLocaleString("en-GB", {...(isToday ? {timeZone: "Europe/Kyiv"} : day), hour: "2-digit", minute: "2-digit"});
}

const NAMES = {title_en: "English headline", title_uk: "Ukrainian headline", lead_en: "English lead",
  lead_uk: "Ukrainian lead", note: "note", remark: "remark", decision: "decision", position: "place",
  section: "section", reason: "reason", until: "held until"};
export const nameOf = (field) => NAMES[field] || field.replaceAll("_", " ");

// Both texts side by side. Ours stays in its field and may be edited until one of the buttons decides.
export function showConflict(edit, decide) {
  const {key, field: name, conflict} = edit;
  const [field] = fields(key, name);
  const home = document.getElementById(key || "") || document.getElementById("notices");
  const id = `conflict-${key || "issue"}-${name.replace(/[^a-z_0-9]/gi, "-")}`;
  document.getElementById(id)?.remove();
  const box = document.createElement("div");
  Object.assign(box, {id, className: "versions", tabIndex: -1});
  box.dataset.local = "";
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", `Two versions of the ${nameOf(name)}`);
  const done = (value) => { box.remove(); for (const one of fields(key, name)) say(one, ""); decide(value); };
  const ours = side("Yours", edit.value, "Keep mine", () => done(edit.value));
  const by = conflict.by ? `By ${conflict.by}${conflict.at ? `, ${when(conflict.at)}` : ""}` : "Now there";
  box.append(ours, side(by, conflict.theirs, "Take theirs", () => done(null)));
  for (const one of fields(key, name)) say(one, "error", "not saved: somebody else changed it too");
  if (field) (field.parentElement.querySelector(`:scope > .said[data-for="${CSS.escape(name)}"]`) || field).after(box);
  else home.append(box);
  return box;
}

function side(title, text, label, act) {
  const part = document.createElement("div");
  const button = Object.assign(document.createElement("button"), {type: "button", textContent: label});
  button.addEventListener("click", act);
  part.append(Object.assign(document.createElement("strong"), {textContent: title}),
    Object.assign(document.createElement("p"), {textContent: text || "(empty)"}), button);
  return part;
}
