// The line to the desk. The secret travels in a header, never in an address.
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30000;
const SILENCE_MS = 45000; // the desk says "still here" every fifteen seconds

class Refusal extends Error {
  constructor(status, words, wait, field) {
    super(words || String(status));
    Object.assign(this, { status, wait, field });
  }
}

const delay = (tries) => Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries) * (0.5 + Math.random() / 2);

// So long, or until the network is back or somebody looks at the page again.
function pause(milliseconds, signal) {
  return new Promise((done) => {
    const ended = new AbortController();
    const end = () => { ended.abort(); clearTimeout(timer); done(); };
    const timer = setTimeout(end, milliseconds);
    const options = { signal: ended.signal };
    addEventListener("online", end, options);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) end(); }, options);
    signal?.addEventListener("abort", end, options);
  });
}

class Line {
  constructor(desk, key, language, keeping) {
    Object.assign(this, { desk, key, language, keeping });
    this.lastId = 0;
    this.tries = 0;
  }

  address(path, query = {}) {
    const url = new URL(`${this.desk}/chat/${this.key}/${path}`);
    for (const [name, value] of Object.entries({ language: this.language, ...query })) url.searchParams.set(name, value);
    return url;
  }

  // `fields`: what is posted; without, it is a question. `known`: whose answer depends on who asks.
  async ask(path, { fields, query, known = true, keepalive = false, as = "json" } = {}) {
    const headers = known ? { Authorization: `Bearer ${this.keeping.secret}` } : {};
    const response = await fetch(this.address(path, query), {
      method: fields ? "POST" : "GET", headers, keepalive, credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", body: fields ? formOf(fields) : undefined,
    });
    if (!response.ok) {
      const said = await response.json().catch(() => ({}));
      throw new Refusal(response.status, said.error, Number(response.headers.get("Retry-After")) || 0, said.field);
    }
    return response.status === 204 ? null : response[as]();
  }

  // Hints of what changed, for as long as it is wanted. Whoever listens asks for what is new whenever the line opens.
  listen(hear, open) {
    this.stop();
    const stopping = this.stopping = new AbortController();
    this.tries = 0;
    const go = async () => {
      while (!stopping.signal.aborted) {
        try {
          await this.#read(hear, open, stopping.signal);
        } catch (error) {
          if (stopping.signal.aborted) return;
          console.debug("The chat's line was cut:", error);
          if (error.status === 429 || error.status === 503) hear({}); // no place for another page: it asks instead
        }
        await pause(delay(this.tries), stopping.signal);
        this.tries += 1;
      }
    };
    go();
  }

  stop() { this.stopping?.abort(); }

  async #read(hear, open, signal) {
    const url = new URL(`${this.desk}/live/chat`);
    url.searchParams.set("key", this.key);
    if (this.lastId) url.searchParams.set("since", this.lastId);
    const cut = new AbortController();
    const end = () => cut.abort();
    signal.addEventListener("abort", end, { once: true });
    let silence = setTimeout(end, SILENCE_MS);
    try {
      const response = await fetch(url, { headers: { Authorization: `Bearer ${this.keeping.secret}` }, credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", signal: cut.signal });
      if (!response.ok) throw new Refusal(response.status);
      this.tries = 0;
      open();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let unread = ""; ;) {
        const { done, value } = await reader.read();
        if (done) return;
        clearTimeout(silence);
        silence = setTimeout(end, SILENCE_MS);
        const whole = (unread + value).split("\n\n");
        unread = whole.pop();
        for (const block of whole) this.#take(block, hear);
      }
    } finally {
      clearTimeout(silence);
      signal.removeEventListener("abort", end);
    }
  }

  // One server-sent event (HTML standard, 9.2).
  #take(block, hear) {
    const said = {};
    for (const line of block.split("\n")) {
      const at = line.indexOf(":");
      if (at > 0) said[line.slice(0, at)] = line.slice(at + 1).trimStart();
    }
    if (said.id) this.lastId = said.id;
    if (said.event === "reset") hear({});
    else if (said.event === "hint") hear(JSON.parse(said.data));
  }
}

function formOf(fields) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (Array.isArray(value)) for (const file of value) form.append(name, file, file.name);
    else if (value !== undefined && value !== null && value !== false) form.append(name, value === true ? "1" : value);
  }
  return form;
}
