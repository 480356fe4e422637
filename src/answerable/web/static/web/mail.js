// <answer-mail src="/messages/9/html" title="Message from Nino"></answer-mail>: a mail in a frame that can run nothing,
// as high as its words. The address answers web/mail_document.html with the headers of web/mail.py.
const LOWEST = 48;
const HIGHEST = 20000;

customElements.define("answer-mail", class extends HTMLElement {
  connectedCallback() {
    if (this.firstElementChild) return;
    const frame = document.createElement("iframe");
    // No allow-scripts, ever: with allow-same-origin beside it the frame could free itself.
    frame.setAttribute("sandbox", "allow-same-origin allow-popups allow-popups-to-escape-sandbox");
    frame.setAttribute("loading", "lazy");
    frame.title = this.getAttribute("title") ?? "";
    this.removeAttribute("title");
    frame.addEventListener("load", () => this.#fit(frame));
    frame.src = this.getAttribute("src");
    this.append(frame);
  }

  disconnectedCallback() { this.observer?.disconnect(); }

  #fit(frame) {
    const body = frame.contentDocument?.body;
    if (!body) return;
    this.observer?.disconnect();
    this.observer = new ResizeObserver(() => {
      const height = Math.ceil(body.getBoundingClientRect().height);
      const bar = frame.contentDocument.documentElement.scrollWidth > frame.clientWidth ? 18 : 0;
      frame.style.height = `${Math.min(HIGHEST, Math.max(LOWEST, height + bar))}px`;
    });
    this.observer.observe(body);
  }
});
