// <answer-countdown data-seconds="30">: a progress bar inside runs down; at its end what stands around it in
// [data-live] is fetched again. Where the page is hidden, the browser says the words of data-notice, if it may.
customElements.define("answer-countdown", class extends HTMLElement {
  connectedCallback() {
    this.ends = Date.now() + Number(this.dataset.seconds) * 1000;
    this.timer = setInterval(() => this.#show(), 250);
    this.#show();
    if (document.hidden && this.dataset.notice && window.Notification?.permission === "granted") {
      this.notice = new Notification(this.dataset.notice, { tag: "answer-offer" });
      this.notice.onclick = () => { window.focus(); this.notice.close(); };
    }
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    this.notice?.close();
  }

  #show() {
    const left = Math.max(0, (this.ends - Date.now()) / 1000);
    const bar = this.querySelector("progress");
    if (bar) bar.value = left;
    if (left > 0) return;
    clearInterval(this.timer);
    this.closest("[data-live]")?.dispatchEvent(new CustomEvent("changed"));
  }
});

// Whoever says that they are here is asked, once, whether the browser may call them.
document.addEventListener("click", ({ target }) => {
  if (target.closest?.("#attendance [value=online]") && window.Notification?.permission === "default") Notification.requestPermission();
});
