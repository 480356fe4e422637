// <answer-passkey kind="create|get" options="ID of a JSON script" or from="URL of options">: its button [data-passkey]
// asks the device for a passkey, its form carries the answer in the field "credential". Web Authentication, level 3.
async function askedFor(element) {
  if (element.getAttribute("options")) return JSON.parse(document.getElementById(element.getAttribute("options")).textContent);
  const response = await fetch(element.getAttribute("from"), { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  return response.json();
}

async function created(options) {
  const { publicKey } = options.creation_options;
  publicKey.authenticatorSelection = {
    ...publicKey.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required",
  };
  return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
}

async function gotten(options) {
  const { publicKey } = options.request_options;
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
}

customElements.define("answer-passkey", class extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("[data-passkey]");
    if (!window.PublicKeyCredential?.parseCreationOptionsFromJSON) {
      button.disabled = true;
      this.querySelector("[data-unable]").hidden = false;
      return;
    }
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      const failure = this.querySelector("[data-failure]");
      failure.hidden = true;
      button.disabled = true;
      try {
        const options = await askedFor(this);
        const credential = await (this.getAttribute("kind") === "create" ? created(options) : gotten(options));
        const form = this.querySelector("form");
        form.elements.credential.value = JSON.stringify(credential.toJSON());
        form.submit();
      } catch (error) {
        console.warn(error);
        failure.hidden = false;
        button.disabled = false;
        button.focus();
      }
    });
  }
});
