// <answer-theme> with buttons [data-value=auto|light|dark]: sets the page's mode and remembers it on this device.
customElements.define("answer-theme", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const button = event.target.closest("[data-value]");
      if (!button) return;
      const value = button.dataset.value;
      document.documentElement.dataset.theme = value;
      const secure = location.protocol === "https:" ? "; Secure" : "";
      document.cookie = `theme=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
      for (const other of document.querySelectorAll("answer-theme [data-value]")) {
        other.setAttribute("aria-pressed", String(other.dataset.value === value));
      }
    });
  }
});
