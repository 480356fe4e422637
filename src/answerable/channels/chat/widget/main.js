// What the page has of it: one element, and `Answerable` to speak to it.
//   Answerable.open(), Answerable.close()
//   Answerable.identify({ id, email, name, hmac })   who has signed in on this site: see docs/howto/chat.md
//   Answerable.forget()                              they sign out: this browser is nobody's again
const script = document.currentScript;
const [, key] = new URL(script.src).pathname.match(/\/chat\/([^/]+)\/widget\.js$/);
const desk = script.src.slice(0, script.src.indexOf(`/chat/${key}/`));
if (customElements.get("answerable-chat")) return; // the page has it twice
customElements.define("answerable-chat", Panel);

const keeping = new Keeping(key);
const language = script.dataset.language || document.documentElement.lang || navigator.language || "en";
const panel = document.createElement("answerable-chat");
Object.assign(panel, { keeping, line: new Line(desk, key, language, keeping) });
if (script.dataset.theme) panel.dataset.theme = script.dataset.theme;

const forget = () => (panel.talk ?? keeping).forget();

async function identify({ id = "", email = "", name = "", hmac = "" }, again = true) {
  const who = `${id}\n${email.toLowerCase()}`;
  if (keeping.state.who === who) return;
  if (keeping.state.who) forget();
  try {
    await panel.line.ask("identities/", { fields: { external_id: String(id), address: email, name, hmac } });
    keeping.keep({ who });
  } catch (error) {
    if (error.status === 409 && again) {
      forget();
      return identify({ id, email, name, hmac }, false);
    }
    console.error("Answerable.identify:", error.message);
  }
}

window.Answerable = {
  open: () => panel.open(),
  close: () => { if (panel.isOpen) panel.close(); },
  // Asked of the desk only once the chat is opened, or where it was used before.
  identify(who) {
    const go = () => identify(who);
    panel.identity = { then: (done) => { panel.identity = undefined; return go().then(done, done); } };
  },
  forget() {
    forget();
    if (panel.isOpen) panel.close();
  },
};
const place = () => document.body.append(panel);
if (document.body) place();
else addEventListener("DOMContentLoaded", place, { once: true });
