// Keys of the desk. They do nothing while somebody types, and can be switched off (they might be in the way of
// programs that read the screen or take dictation).

export const KEYS = [
  ["j k ↓ ↑", "next, previous story"], ["← →", "the other side"], ["PageUp PageDown", "a window further"],
  ["t", "take into the issue; there: back to the bin"], ["d", "drop; asks why"],
  ["h", "hold: until a day, or the next issue"], ["o Enter", "open or close"],
  ["e", "reword the English headline"], ["u", "reword the Ukrainian headline"], ["n", "note for the readers"],
  ["a", "approve the machine’s English"], ["Shift+J Shift+K Alt+↓ Alt+↑", "move within the issue"],
  ["m", "move to a place; asks which"], ["f", "go to a story by the letter that is shown at it"],
  ["Shift+T", "take story after story by their letters; Esc ends"],
  ["Shift+D Shift+H Shift+O Shift+E Shift+U Shift+N Shift+A Shift+M", "the same as the small letter, for the story whose letter comes next"],
  ["x", "tick; keys then do it with all that are ticked"], ["l", "next that needs a look"], ["/", "search the bin"],
  ["z", "undo the last change of this window"], ["s", "seal; asks first"],
  ["Enter Esc Ctrl+Enter", "in a field: done, back to the row (Ctrl+Enter in one of several lines)"], ["?", "these keys"],
];
const STORED = "visnyk-desk-keys";
const LETTERS = "asdfghjklqwertyuiopzxcvbnm1234567890";

export const areOn = () => localStorage.getItem(STORED) !== "off";
export const switchKeys = (on) => localStorage.setItem(STORED, on ? "on" : "off");
export const isTyping = (node) =>
  Boolean(node?.closest?.('textarea, select, input:not([type="checkbox"]):not([type="radio"]), [contenteditable]'));

// The name of a key press as it stands in the table of actions below, or "".
export function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.isComposing) return "";
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1]; // by place: the same on a Ukrainian keyboard
  const isLatin = /^[a-z]$/i.test(event.key);
  const name = letter && !isLatin && event.key.length === 1 ? letter.toLowerCase() : event.key;
  const key = name.length === 1 ? name.toLowerCase() : name;
  const shift = event.shiftKey && (letter || name.length > 1) ? "Shift+" : "";
  if (event.code === "Slash" && !isLatin && !letter) return event.shiftKey ? "?" : "/";
  return `${event.altKey ? "Alt+" : ""}${shift}${key}`;
}

// Letters at the rows that are to be seen: `act(row)` for the one that is typed, with `many` for each until Esc.
export function pick(find, act, many = false) {
  const marks = new Map();
  const letter = () => {
    for (const {mark} of marks.values()) mark.remove();
    marks.clear();
    for (const [place, row] of find().slice(0, LETTERS.length).entries()) {
      const mark = Object.assign(document.createElement("kbd"), {className: "pick", textContent: LETTERS[place]});
      mark.dataset.local = "";
      row.append(mark);
      marks.set(LETTERS[place], {row, mark});
    }
  };
  const stop = () => {
    removeEventListener("keydown", typed, true);
    for (const {mark} of marks.values()) mark.remove();
  };
  const typed = (event) => {
    const found = marks.get(pressed(event));
    if (!found && event.key.length > 1 && event.key !== "Escape") { // a window further goes on there
      if (event.key.startsWith("Page") && many) setTimeout(letter, 60); else if (event.key !== "Shift") stop();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (!found || !many) stop();
    if (!found) return;
    marks.delete(pressed(event));
    found.mark.remove();
    act(found.row);
  };
  addEventListener("keydown", typed, true);
  letter();
}

// The dialog that lists the keys.
export function help() {
  const dialog = document.createElement("dialog");
  dialog.dataset.local = "";
  dialog.className = "keys";
  dialog.setAttribute("aria-labelledby", "keys-title");
  const title = Object.assign(document.createElement("h2"), {id: "keys-title", textContent: "Keys"});
  const list = document.createElement("dl");
  for (const [keys, what] of KEYS) {
    const term = document.createElement("dt");
    for (const key of keys.split(" ")) term.append(Object.assign(document.createElement("kbd"), {textContent: key}), " ");
    list.append(term, Object.assign(document.createElement("dd"), {textContent: what}));
  }
  const label = document.createElement("label");
  const box = Object.assign(document.createElement("input"), {type: "checkbox", checked: areOn()});
  box.addEventListener("change", () => switchKeys(box.checked));
  label.append(box, " keys of one letter are on");
  const close = Object.assign(document.createElement("button"), {type: "button", textContent: "Close"});
  close.addEventListener("click", () => dialog.close());
  dialog.append(title, list, label, close);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  dialog.scrollTop = 0;  // the focus is on the box below the list
}
