// Rows of the desk: which one is selected, what is open in it, what is ticked, what is dragged.

const ROWS = "#bin .story[data-key], #issue .story[data-key]";
const CONTROLS = "a[href], button, input, select, textarea, summary";

export const rowOf = (node) => node?.closest?.(".story[data-key]") || null;
export const rows = (within = document) =>
  [...within.querySelectorAll(ROWS)].filter((row) => row.offsetParent !== null);
export const selected = () => document.querySelector('.story[aria-current="true"]');
export const side = (row) => (row?.closest("#issue") ? "issue" : "bin");
export const listed = (where) => rows().filter((row) => side(row) === where);

// Controls of a row can be reached with Tab once the row is selected: else 400 rows were thousands of stops.
export function decorate() {
  for (const fold of document.querySelectorAll("details.fold:not([data-known])")) { // they are for those without scripts
    fold.open = true;
    fold.dataset.known = "";
  }
  const current = selected() || rows()[0];
  for (const row of document.querySelectorAll(ROWS)) {
    const isCurrent = row === current;
    row.tabIndex = isCurrent ? 0 : -1;
    row.draggable = true;
    for (const button of row.querySelectorAll(":scope > .acts > button")) button.title = button.textContent;
    for (const control of row.querySelectorAll(CONTROLS))
      if (isCurrent || control.closest(".detail, .inline")) control.removeAttribute("tabindex");
      else control.tabIndex = -1;
  }
  if (current) read(current);
  offer();
}

export function select(row, {focus = true} = {}) {
  if (!row) return;
  const former = selected();
  if (former && former !== row) {
    former.removeAttribute("aria-current");
    reachable(former, false);
  }
  row.setAttribute("aria-current", "true");
  for (const other of document.querySelectorAll('.story[tabindex="0"]')) if (other !== row) reachable(other, false);
  reachable(row, true);
  read(row);
  if (focus) {
    row.focus({preventScroll: true});
    row.scrollIntoView({block: "nearest"});
  }
}

function reachable(row, is) {
  row.tabIndex = is ? 0 : -1;
  for (const control of row.querySelectorAll(CONTROLS))
    if (is || control.closest(".detail, .inline")) control.removeAttribute("tabindex");
    else control.tabIndex = -1;
}

// Rows are one line; the whole headlines of the selected one stand below, where nothing moves.
const reading = Object.assign(document.createElement("div"), {id: "reading"});
reading.dataset.local = "";
reading.setAttribute("aria-hidden", "true"); // the row itself has them all
document.body.append(reading);
export function read(row) {
  const parts = [...row.querySelectorAll(":scope > .titles > *")].filter((part) => part.textContent.trim());
  reading.replaceChildren(...parts.map((part) =>
    Object.assign(document.createElement("p"), {textContent: part.textContent, lang: part.querySelector("[lang]")?.lang || part.lang})));
}

// The row to go to when this one leaves its list.
export function after(row) {
  const list = listed(side(row)).filter((other) => other === row || !other.classList.contains("going"));
  const place = list.indexOf(row);
  return list[place + 1] || list[place - 1] || null;
}

export function step(by) {
  const current = selected();
  const list = listed(side(current));
  const place = current ? list.indexOf(current) + by : 0;
  const row = list[Math.max(0, Math.min(list.length - 1, place))];
  select(row);
  return row !== current;
}

// Rows of the list of the selected one that are wholly to be seen.
export function shown() {
  return listed(side(selected())).filter((row) => {
    const [box, window] = [row, row.closest("#bin, #issue")].map((part) => part.getBoundingClientRect());
    return box.top >= Math.max(0, window.top - 1) && box.bottom <= Math.min(innerHeight, window.bottom + 1);
  });
}

// A window further: what was last is selected and stands first, or the other way round.
export function page(by) {
  const seen = shown();
  const row = (by > 0 ? seen.at(-1) : seen[0]) || selected();
  if (!row) return;
  if (row === selected()) step(by); else select(row);
  row.scrollIntoView({block: by > 0 ? "start" : "end"});
}

export function ticked() {
  return [...document.querySelectorAll(".story input.mark:checked")].map(rowOf);
}

// What can be done with ticked rows is shown where there are any.
export function offer() {
  for (const form of document.querySelectorAll(".bulk"))
    form.classList.toggle("any", Boolean(form.closest("section").querySelector("input.mark:checked")));
}

// Shift and a click on a second box tick all between the two.
let last = null;
export function tick(box, isRange) {
  const boxes = listed(side(rowOf(box))).map((row) => row.querySelector('input.mark'));
  const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
  if (isRange && from >= 0) for (const one of boxes.slice(from, to + 1)) if (one) one.checked = box.checked;
  last = box;
  offer();
}

// Where a dragged row would be put: before that row, or at the end of that section (null: into the bin).
export function target(event) {
  if (event.target.closest("#bin")) return {bin: true};
  const list = event.target.closest("[data-section]:not(.story)");
  if (!list) return null;
  const over = rowOf(event.target);
  const box = over?.getBoundingClientRect();
  const before = over && event.clientY > box.y + box.height / 2 ? next(over) : over;
  return {list, section: list.dataset.section, before};
}

function next(row) {
  const all = [...row.closest("[data-section]:not(.story)").querySelectorAll(".story[data-key]")];
  return all[all.indexOf(row) + 1] || null;
}

// The place from 1 that a row gets in a section when it is put before another.
export function placeIn(list, before, row) {
  const others = [...list.querySelectorAll(".story[data-key]")].filter((other) => other !== row);
  return (before && before !== row ? others.indexOf(before) : before === row ? placeOf(list, row) : others.length) + 1;
}

function placeOf(list, row) {
  return [...list.querySelectorAll(".story[data-key]")].indexOf(row);
}
