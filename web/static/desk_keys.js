// Keys of the desk. They do nothing while somebody types, and can be switched off (they might be in the way of
// programs that read the screen or take dictation).

export const KEYS = [
  ["j k ↓ ↑", "next, previous story"], ["← →", "the other side"], ["t", "take into the issue"],
  ["d", "drop; asks why"], ["h", "hold: until a day, or the next issue"], ["o Enter", "open or close"],
  ["e", "reword the English headline"], ["u", "reword the Ukrainian headline"], ["n", "note for the readers"],
  ["a", "approve the machine’s English"], ["Shift+J Shift+K Alt+↓ Alt+↑", "move within the issue"],
  ["m", "move to a place; asks which"], ["p", "pick: letters at the rows, each takes its story; Esc ends"],
  ["x", "tick; with Shift all from the last one"], ["l", "next that needs a look"], ["/", "search the bin"],
  ["z", "undo the last change"], ["Esc", "close what is open; back to the row"], ["?", "these keys"],
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

// Letters at the rows that are to be seen; `take(row)` for each that is typed. Returns what ends it.
export function pick(list, take, ended) {
  const shown = list.filter((row) => {
    const box = row.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight;
  }).slice(0, LETTERS.length);
  const marks = new Map(shown.map((row, place) => {
    const mark = document.createElement("kbd");
    mark.className = "pick";
    mark.dataset.local = "";
    mark.textContent = LETTERS[place];
    row.append(mark);
    return [LETTERS[place], {row, mark}];
  }));
  const stop = () => {
    removeEventListener("keydown", typed, true);
    for (const {mark} of marks.values()) mark.remove();
    ended();
  };
  const typed = (event) => {
    const found = marks.get(pressed(event));
    if (!found && event.key.length > 1 && event.key !== "Escape") {
      if (event.key.startsWith("Page") || event.key.startsWith("Arrow")) stop();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (!found) { stop(); return; }
    marks.delete(pressed(event));
    found.mark.remove();
    take(found.row);
    if (!marks.size) stop();
  };
  addEventListener("keydown", typed, true);
  return stop;
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
}
