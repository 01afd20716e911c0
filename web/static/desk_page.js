// The page as the server renders it, laid over the page as it stands: rows keep their focus, place and typed text.

// Set by scripts, so not known to the server's page.
const OURS = new Set(["tabindex", "aria-current", "draggable", "data-state", "data-scripts", "open", "aria-invalid", "title",
  "aria-describedby", "data-known"]);
const FIELDS = "input, textarea, select";

// `isKept(field)`: the field is being edited and keeps its value.
export function layOver(old, fresh, isKept) {
  const {activeElement: focused} = document;
  const [from, to] = focused?.selectionStart === undefined ? [] : [focused.selectionStart, focused.selectionEnd];
  overlay(old, fresh, isKept);
  parted.clear();
  if (!focused?.isConnected || document.activeElement === focused) return;
  focused.focus({preventScroll: true}); // its row was moved
  if (typeof from === "number") focused.setSelectionRange(from, to);
}

function overlay(old, fresh, isKept) {
  if (old.isEqualNode(fresh)) return;
  for (const {name} of [...old.attributes])
    if (!fresh.hasAttribute(name) && !OURS.has(name)) old.removeAttribute(name);
  const isField = old.matches(FIELDS);
  const keeps = isField && isKept(old);
  for (const {name, value} of [...fresh.attributes]) {
    if (keeps && (name === "value" || name === "data-base" || name === "checked")) continue;
    if (OURS.has(name) && old.hasAttribute(name)) continue;
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  if (isField && !keeps && old.type !== "checkbox" && old.type !== "radio") {
    if (old.tagName === "SELECT") { children(old, fresh, isKept); old.value = fresh.value; }
    else if (old.value !== fresh.value) old.value = fresh.value;
    return;
  }
  if (!isField) children(old, fresh, isKept);
}

function children(old, fresh, isKept) {
  const named = new Map();
  for (const child of old.children) {
    const name = nameOf(child);
    if (name) named.set(name, child);
  }
  const wantedNames = new Set([...fresh.children].map(nameOf));
  let place = skip(old.firstChild);
  for (const wanted of [...fresh.childNodes]) {
    const name = wanted.nodeType === Node.ELEMENT_NODE ? nameOf(wanted) : "";
    while (place && name && nameOf(place) && !wantedNames.has(nameOf(place))) { // it left: what follows need not move
      const next = skip(place.nextSibling);
      parted.set(nameOf(place), place);
      place.remove();
      place = next;
    }
    let found = name ? named.get(name) || elsewhere(wanted) : place;
    if (found && !name && (found.nodeType !== wanted.nodeType || found.nodeName !== wanted.nodeName || nameOf(found)))
      found = null;
    if (!found) old.insertBefore(document.importNode(wanted, true), place);
    else {
      if (found === place) place = skip(place.nextSibling);
      else old.insertBefore(found, place);
      if (found.nodeType === Node.ELEMENT_NODE) overlay(found, wanted, isKept);
      else if (found.nodeValue !== wanted.nodeValue) found.nodeValue = wanted.nodeValue;
    }
  }
  while (place) {
    const next = skip(place.nextSibling);
    place.remove();
    place = next;
  }
}

// What scripts put into the page is no part of the server's.
function skip(node) {
  while (node && node.nodeType === Node.ELEMENT_NODE && node.hasAttribute("data-local")) node = node.nextSibling;
  return node;
}

function nameOf(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.dataset.key || node.id : "";
}

// A row that went from one list to the other is moved, with all that is open in it.
const parted = new Map();
function elsewhere(wanted) {
  const name = wanted.matches("[data-key]") ? nameOf(wanted) : "";
  return (name && (parted.get(name) || document.getElementById(wanted.id))) || null;
}

// Requests of the desk; an answer is {ok, status, error, body}, also where there was none.
export class Server {
  constructor(root) {
    this.newsletter = root.dataset.newsletter || "";
    this.issue = root.dataset.issue || "";
    this.seq = Number(root.dataset.seq || 0); // the newest change that this page has seen
    this.base = new URL(root.dataset.desk || "/desk", location.href).pathname;
    this.token = document.querySelector('input[name="csrftoken"]')?.value || "";
  }

  async post(what, fields) {
    const body = new URLSearchParams({csrftoken: this.token, newsletter: this.newsletter, ...fields});
    const answer = await this.ask(`${this.base}/${what}`, {method: "POST", body, headers: {accept: "application/json"}});
    if (answer.status === 403 && await this.renew()) { // the log-in holds: only the form's token was not of it
      body.set("csrftoken", this.token);
      return this.ask(`${this.base}/${what}`, {method: "POST", body, headers: {accept: "application/json"}});
    }
    return answer;
  }

  // Take the token of a fresh page; false without a log-in.
  async renew() {
    const page = await this.page(location.href);
    const token = page && page.querySelector('input[name="csrftoken"]')?.value;
    const isNew = Boolean(token) && token !== this.token;
    if (token) this.token = token;
    return isNew;
  }

  changes(since) {
    return this.ask(`${this.base}/changes?${new URLSearchParams({newsletter: this.newsletter, since})}`, {headers: {accept: "application/json"}});
  }

  async page(address) {
    const answer = await this.ask(address, {}, "text");
    return answer.ok ? new DOMParser().parseFromString(answer.body, "text/html") : null;
  }

  async ask(address, options, kind = "json") {
    try {
      const answer = await fetch(address, {credentials: "same-origin", cache: "no-store",
        signal: AbortSignal.timeout(30000), ...options});
      const text = await answer.text();
      const body = kind === "json" ? asJson(text) : text;
      const ok = answer.ok && body !== null;
      return {ok, status: ok || !answer.ok ? answer.status : 502, body, error: asJson(text)?.error || words(answer, text)};
    } catch {
      return {ok: false, status: 0, body: null, error: "the desk does not answer"};
    }
  }
}

function words(answer, text) {
  return answer.status === 503 ? "the database is busy" : text.length < 200 && !text.includes("<") ? text
    : `the desk answered with ${answer.status}`;
}

function asJson(text) {
  try { return JSON.parse(text); } catch { return null; }
}
