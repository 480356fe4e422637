// <answer-live src="/live/events">: hints of what changed, {"id": 981, "root": "conversation-42", "verb": "message.received"}.
//
// An element that shows something says what by data-live (words separated by spaces) and refetches itself:
//   <div data-live="conversation-42" hx-get="/conversations/42/timeline" hx-trigger="changed" hx-swap="innerHTML">
// A hint with `particulars` (a signal: who types) says all there is to say: nothing is fetched for it.
// A word fits a hint when it is its root ("conversation-42"), the root's noun ("conversation": any of them), or "queue"
// for any conversation. Fitting elements get the event `changed`, at most one in 150 ms, or in data-pace ms where that is
// longer; `document` gets `answer:hint` with the hint as detail for each.
//
// What a signal says leaves no event to catch up from: who was not listening yet has missed it. An element that lives by
// signals bears data-passing, and is told `changed` whenever its tab has begun to hear.
//
// What is being typed must not stand inside what is refetched: put the composer beside the live element, or give its
// textarea an id and hx-preserve.
//
// One tab holds the stream and tells the others (browsers allow few streams a server). data-since is the last event
// the page was made after. After a lost connection we come back by ourselves, a little later each time, with the last
// event heard as ?since=: the server tells what was missed, or says `reset` where that is too much to tell; then, and
// where no event was ever heard, everything is refetched. Whose session has ended meanwhile is told so.
import { toast } from "./toast.js";
import { t } from "./words.js";

const GATHER_MS = 150;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30000;

export function fits(word, root) {
  const noun = root.slice(0, Math.max(0, root.lastIndexOf("-")));
  return word === root || word === noun || (word === "queue" && noun === "conversation");
}

class Live extends HTMLElement {
  #source = null;
  #timer = 0;
  #tries = 0;
  #lastId = 0;
  #waiting = new Set();
  #told = new WeakMap();
  #gathering = 0;
  #release = null;
  #channel = null;
  #aborter = null;

  connectedCallback() {
    this.#lastId ||= Number(this.dataset.since) || 0;
    if ("locks" in navigator && "BroadcastChannel" in window) {
      this.#aborter = new AbortController();
      this.#channel = new BroadcastChannel(`answer-live:${this.getAttribute("src")}`);
      this.#channel.onmessage = ({ data }) => (data.asks ? this.#answer() : this.#hear(data));
      this.#channel.postMessage({ asks: true });
      const held = () => new Promise((release) => { this.#release = release; this.#open(); });
      navigator.locks.request("answer-live", { signal: this.#aborter.signal }, held).catch((error) => {
        if (error.name !== "AbortError") throw error;
      });
    } else {
      this.#open();
    }
    addEventListener("pagehide", this.#leave);
    addEventListener("pageshow", this.#return);
  }

  disconnectedCallback() {
    removeEventListener("pagehide", this.#leave);
    removeEventListener("pageshow", this.#return);
    this.#leave();
  }

  #leave = () => {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
    this.#aborter?.abort();
    this.#release?.();
    this.#channel?.close();
  };

  // A page out of the back/forward cache has been away: start over.
  #return = (event) => {
    if (!event.persisted) return;
    this.disconnectedCallback();
    this.connectedCallback();
    this.#changeAll();
  };

  #open() {
    const url = new URL(this.getAttribute("src"), location.href);
    if (this.#lastId) url.searchParams.set("since", this.#lastId);
    this.#source = new EventSource(url);
    this.#source.onopen = () => {
      const isBlind = this.#tries > 0 && !this.#lastId;
      this.#tries = 0;
      this.#tell({ state: "open", reset: isBlind });
    };
    this.#source.addEventListener("reset", () => this.#tell({ reset: true }));
    this.#source.addEventListener("hint", (event) => {
      try {
        this.#tell({ hint: JSON.parse(event.data) });
      } catch (error) {
        console.error("A live hint could not be read:", event.data, error);
      }
    });
    this.#source.onerror = () => {
      const isRefused = this.#source.readyState === EventSource.CLOSED; // a dead line would be CONNECTING
      this.#source.close();
      this.#tries += 1;
      if (this.#tries > 1) this.#tell({ state: "waiting" });
      const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.#tries - 1));
      // Asked only after the wait: a page that is being left also loses its stream, and must not ask for another.
      this.#timer = setTimeout(async () => {
        if (isRefused && (await this.#isSignedOut())) this.#tell({ state: "signed-out" });
        else this.#open();
      }, wait * (0.5 + Math.random() / 2));
    };
  }

  // The browser does not say why a stream was refused.
  async #isSignedOut() {
    const asking = new AbortController();
    try {
      return (await fetch(this.getAttribute("src"), { signal: asking.signal })).status === 401;
    } catch (error) {
      console.warn("The stream can't be asked for:", error);
      return false;
    } finally {
      asking.abort();
    }
  }

  // To a tab that has just come and hears through us.
  #answer() {
    if (this.#source?.readyState === EventSource.OPEN) this.#channel.postMessage({ state: "open" });
  }

  #tell(news) {
    this.#channel?.postMessage(news);
    this.#hear(news);
  }

  #hear({ hint, state, reset }) {
    if (state) {
      this.dataset.state = state;
      this.querySelector(".connection")?.setAttribute("data-state", state);
    }
    if (state === "open") this.#look("[data-live][data-passing]");
    if (state === "signed-out") toast(t("signed_out"), { tone: "bad" });
    if (reset) this.#changeAll();
    if (typeof hint?.root !== "string") return;
    this.#lastId = Math.max(this.#lastId, Number(hint.id) || 0);
    document.dispatchEvent(new CustomEvent("answer:hint", { detail: hint }));
    if (hint.particulars) return;
    for (const element of document.querySelectorAll("[data-live]")) {
      if (element.dataset.live.split(/\s+/).some((word) => fits(word, hint.root))) this.#waiting.add(element);
    }
    this.#gathering ||= setTimeout(() => this.#flush(), GATHER_MS);
  }

  // Those told less than their pace ago wait for the rest of it.
  #flush() {
    const now = performance.now();
    let soonest = Infinity;
    this.#gathering = 0;
    for (const element of [...this.#waiting]) {
      const from = (this.#told.get(element) ?? -Infinity) + (Number(element.dataset.pace) || 0);
      if (from > now) {
        soonest = Math.min(soonest, from);
        continue;
      }
      this.#waiting.delete(element);
      this.#told.set(element, now);
      if (element.isConnected) element.dispatchEvent(new CustomEvent("changed"));
    }
    if (soonest < Infinity) this.#gathering ||= setTimeout(() => this.#flush(), Math.max(GATHER_MS, soonest - now));
  }

  #changeAll() {
    this.#look("[data-live]");
  }

  #look(at) {
    for (const element of document.querySelectorAll(at)) this.#waiting.add(element);
    this.#flush();
  }
}
customElements.define("answer-live", Live);

// A part fetched because something changed takes nobody away from what they are typing, also when they are signed out
// meanwhile: then the stream says so, in words.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { requestConfig, xhr } = event.detail;
  if (requestConfig.triggeringEvent?.type === "changed" && xhr.getResponseHeader("HX-Redirect")) event.preventDefault();
});
