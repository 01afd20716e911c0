// What was typed, from the first letter until the server has confirmed it. Knows nothing of the page's looks.
//
// An edit is one field: what it was written from (base) and what it shall be (value). It lies in localStorage until
// the server said that it is stored, so neither a reload, a server that is away nor an ended log-in can lose it.

const PAUSE = 600; // ms after the last letter
const SLOWEST = 15000; // ms between two tries while the server is away
const MOST = 100; // edits of one request

export class Saving {
  // `on`: {state(kind, words), saved(list, answer), conflict(edit), refused(edit), left(edits)}
  constructor(desk, on) {
    Object.assign(this, {desk, on, edits: new Map(), busy: null, timer: 0, tries: 0, singly: false, stopped: ""});
    this.prefix = `visnyk-desk|${desk.newsletter}|`;
    window.addEventListener("online", () => this.retry());
    window.addEventListener("focus", () => this.retry());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.retry(); });
    window.addEventListener("beforeunload", (event) => { if (this.unsaved()) event.preventDefault(); });
  }

  unsaved() { return this.edits.size; }
  edit(key, field) { return this.edits.get(`${key || ""}|${field}`); }

  // Take up what an earlier window could not store; what belongs to another issue is handed to `on.left`.
  recover() {
    const left = [];
    for (const name of Object.keys(localStorage).filter((name) => name.startsWith(this.prefix))) {
      const edit = parsed(localStorage.getItem(name));
      if (!edit) localStorage.removeItem(name);
      else if (edit.issue !== this.desk.issue) left.push({...edit, name});
      else this.edits.set(`${edit.key || ""}|${edit.field}`, {...edit, refused: ""});
    }
    if (left.length) this.on.left(left);
    if (this.edits.size) this.flush();
    return [...this.edits.values()];
  }

  // Note a new value of a field; it is sent when typing pauses, or `now`.
  put(key, field, base, value, now = false) {
    const id = `${key || ""}|${field}`;
    let edit = this.edits.get(id);
    if (!edit) {
      if (value === base) return;
      edit = {issue: this.desk.issue, key: key || null, field, base, since: this.desk.seq, sent: [], conflict: null};
      this.edits.set(id, edit);
    }
    Object.assign(edit, {value, refused: ""});
    const undone = value === edit.base && !edit.sent.length && !edit.conflict;
    if (undone) this.forget(edit); else this.keep(edit);
    this.show();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), now ? 0 : PAUSE);
  }

  // Settle a conflict: with `value` theirs is replaced, without it ours is given up.
  settle(edit, value = null) {
    const theirs = edit.conflict.theirs;
    Object.assign(edit, {base: theirs, since: this.desk.seq, conflict: null, sent: []});
    if (value === null || value === theirs) this.forget(edit);
    else { edit.value = value; this.keep(edit); this.flush(); }
    this.show();
  }

  retry() {
    if (!this.unsaved() && !this.stopped) return;
    this.tries = 0;
    this.flush();
  }

  // Send what waits, one request at a time; return when nothing more can be sent now.
  flush() {
    clearTimeout(this.timer);
    this.busy = (this.busy || Promise.resolve()).then(() => this.send());
    return this.busy;
  }

  async send() {
    const batch = [...this.edits.values()].filter((edit) => !edit.conflict && !edit.refused)
      .slice(0, this.singly ? 1 : MOST);
    if (!batch.length) { this.singly = false; this.stopped = ""; this.show(); return; }
    for (const edit of batch) { // what the server may have got although its answer was lost is known as ours
      edit.sending = edit.value;
      edit.sent = [...edit.sent.filter((value) => value !== edit.value), edit.value].slice(-20);
      this.keep(edit);
    }
    this.on.state("saving", "saving …");
    const changes = batch.map(({key, field, base, value, since}) => ({key, field, base, value, since}));
    const answer = await this.desk.post("change", {issue: this.desk.issue, changes: JSON.stringify(changes)});
    if (answer.ok) return this.confirmed(batch, answer.body);
    if (answer.status === 403) return this.stop("login", "you are not logged in any more");
    if (answer.status >= 400 && answer.status < 500 && ![408, 423, 425, 429].includes(answer.status)) {
      if (batch.length > 1) this.singly = true; // one bad edit shall not hold up the others
      else { batch[0].refused = answer.error; this.keep(batch[0]); this.on.refused(batch[0]); }
      return this.send();
    }
    this.stop("away", answer.error);
    this.timer = setTimeout(() => this.flush(), Math.min(SLOWEST, 1000 * 2 ** this.tries++));
  }

  stop(kind, why) {
    this.stopped = kind;
    this.on.state(kind, `not saved: ${why}; ${this.waiting()}`);
  }

  waiting() {
    const count = this.unsaved();
    return `${count} ${count === 1 ? "change waits" : "changes wait"} in this browser`;
  }

  confirmed(batch, body) {
    Object.assign(this, {tries: 0, stopped: ""});
    const known = new Map((body.conflicts || []).map((conflict) => [`${conflict.key || ""}|${conflict.field}`, conflict]));
    const stored = new Map((body.saved || []).map((saved) => [`${saved.key || ""}|${saved.field}`, saved.value]));
    for (const edit of batch) {
      const id = `${edit.key || ""}|${edit.field}`;
      const conflict = known.get(id);
      if (conflict && edit.sent.slice(0, -1).includes(conflict.theirs)) { // ours, from a request without an answer
        edit.base = conflict.theirs;
        this.keep(edit);
      } else if (conflict) {
        edit.conflict = conflict;
        this.keep(edit);
        this.on.conflict(edit);
      } else {
        edit.base = stored.has(id) ? stored.get(id) : edit.sending;
        edit.sent = [];
        if (edit.value === edit.sending) this.forget(edit); else this.keep(edit);
      }
    }
    this.on.saved(batch.filter((edit) => !edit.conflict), body);
    return this.send();
  }

  show() {
    const edits = [...this.edits.values()];
    const conflicts = edits.filter((edit) => edit.conflict).length;
    const refused = edits.filter((edit) => edit.refused);
    if (conflicts) this.on.state("conflict", `not saved: ${conflicts} to decide`);
    else if (refused.length) this.on.state("refused", `not saved: ${refused[0].refused}`);
    else if (this.stopped) return;
    else if (edits.length) this.on.state("waiting", "not saved yet");
    else this.on.state("saved", "saved");
  }

  keep(edit) {
    try {
      localStorage.setItem(this.name(edit), JSON.stringify(edit));
    } catch { /* no storage, or none left: it is still in this window, which warns before it closes */ }
  }

  forget(edit) {
    this.edits.delete(`${edit.key || ""}|${edit.field}`);
    localStorage.removeItem(this.name(edit));
  }

  name(edit) { return `${this.prefix}${edit.issue}|${edit.key || ""}|${edit.field}`; }
}

function parsed(text) {
  try { return JSON.parse(text); } catch { return null; }
}
