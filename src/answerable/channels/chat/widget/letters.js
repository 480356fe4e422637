// Forms: a letter where nobody is there, an address or a number to be reached by, a code, a rating.
function field(label, attributes) {
  const control = h(attributes.rows ? "textarea" : "input", attributes);
  return h("label", {}, h("span", {}, label), control);
}

// A form that posts to `path` and says what was wrong; `done` gets what was given.
function form(panel, { path, fields, button, more = () => ({}), done }) {
  const wrong = h("p", { class: "wrong", role: "alert", id: `wrong-${newName()}` });
  const send = h("button", { class: "primary" }, button);
  const place = h("form", { class: "form", novalidate: true, onsubmit: async (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(place));
    wrong.textContent = "";
    place.querySelector("[aria-invalid]")?.removeAttribute("aria-invalid");
    send.disabled = true;
    try {
      await panel.line.ask(path, { fields: { ...given, ...more() } });
      done(given);
    } catch (error) {
      wrong.textContent = error instanceof Refusal ? error.message : panel.t("offline");
      send.disabled = false;
      const unfit = error.field && place.elements[error.field];
      if (unfit) {
        unfit.setAttribute("aria-invalid", "true");
        unfit.setAttribute("aria-describedby", wrong.id);
        unfit.closest("label").after(wrong);
      }
      (unfit || place.querySelector("input, textarea"))?.focus();
    }
  } }, fields, wrong, send);
  return place;
}

function thanks(text, ...more) { return h("div", { class: "thanks" }, h("p", { role: "status" }, text), more); }

function letter(panel) {
  const once = newName();
  const place = h("div", {});
  place.append(form(panel, {
    path: "letters/",
    fields: [
      field(panel.t("your_name"), { name: "name", autocomplete: "name", maxlength: 200, required: true }),
      field(panel.t("your_address"), { name: "address", type: "email", autocomplete: "email", maxlength: 254, required: true }),
      field(panel.t("message"), { name: "text", rows: 4, required: true }),
    ],
    button: panel.t("send"),
    more: () => ({ once }),
    done: () => {
      place.replaceChildren(thanks(panel.t("letter_thanks"), h("button", { type: "button", onclick: () => {
        place.replaceWith(letter(panel));
        panel.focusWriting();
      } }, panel.t("another"))));
      place.querySelector("button").focus();
    },
  }));
  return place;
}

// While they wait: rather by mail, or by telephone.
function instead(panel) {
  const place = h("div", { class: "instead" });
  const chosen = h("div", {});
  const done = (words) => { place.replaceChildren(words); panel.focusWriting(); };
  const open = (kind) => chosen.replaceChildren(kind === "mail"
    ? form(panel, { path: "addresses/", fields: field(panel.t("your_address"), { name: "address", type: "email", autocomplete: "email", required: true, value: panel.talk.state.address }), button: panel.t("by_mail"), done: ({ address }) => done(thanks(say(panel.t("mailed"), address))) })
    : form(panel, { path: "calls/", fields: field(panel.t("your_phone"), { name: "phone", type: "tel", autocomplete: "tel", required: true }), button: panel.t("by_phone"), more: () => ({ once: newName(), conversation: panel.talk.id }), done: () => { done(thanks(panel.t("called"))); panel.talk.fetch(); } }));
  const choose = (kind) => h("button", { type: "button", onclick: () => { open(kind); place.querySelector("input").focus(); } }, panel.t(kind === "mail" ? "by_mail" : "by_phone"));
  place.append(h("p", {}, panel.t("instead")), h("div", { class: "choices" }, choose("mail"), choose("phone")), chosen);
  return place;
}

function awayAddress(panel) {
  const place = h("details", { class: "away" }, h("summary", {}, panel.t("if_away")));
  place.append(form(panel, { path: "addresses/", fields: field(panel.t("your_address"), { name: "address", type: "email", autocomplete: "email", required: true }), button: panel.t("keep"), more: () => ({ wait: true }), done: () => { panel.focusWriting(); panel.talk.fetch(); } }));
  return place;
}

function code(panel) {
  const place = h("div", {});
  const ask = () => form(panel, {
    path: "codes/",
    fields: [h("p", {}, panel.t("code_ask")), field(panel.t("your_address"), { name: "address", type: "email", autocomplete: "email", required: true })],
    button: panel.t("code_send"),
    done: () => turnTo(enter(), another()),
  });
  const enter = () => form(panel, {
    path: "confirmations/",
    fields: field(panel.t("code"), { name: "code", inputmode: "numeric", autocomplete: "one-time-code", maxlength: 20, required: true }),
    button: panel.t("code_go"),
    done: () => panel.start(),
  });
  const turnTo = (...steps) => { place.replaceChildren(...steps); place.querySelector("input").focus(); };
  const another = () => h("button", { type: "button", onclick: () => turnTo(ask()) }, panel.t("code_send"));
  place.append(ask());
  return place;
}

function rating(panel) {
  const place = h("div", { class: "rating" });
  const id = panel.talk.id;
  const rate = (score, given = {}) => panel.line.ask("ratings/", { fields: { conversation: id, score, ...given } });
  const chosen = async (score) => {
    try {
      await rate(score);
    } catch (error) {
      place.append(h("p", { class: "wrong", role: "alert" }, error instanceof Refusal ? error.message : panel.t("offline")));
      return;
    }
    panel.rated = id;
    place.replaceChildren(form(panel, { path: "ratings/", fields: field(panel.t("comment"), { name: "comment", rows: 2, maxlength: 5000 }), button: panel.t("send"), more: () => ({ conversation: id, score }), done: () => { place.replaceChildren(thanks(panel.t("thanks"))); panel.focusWriting(); } }));
    place.prepend(thanks(panel.t("thanks")));
    place.querySelector("textarea").focus();
  };
  place.append(h("p", { id: "rate" }, panel.t("rate")), h("div", { class: "choices scores", role: "group", "aria-labelledby": "rate" },
    panel.t("scores").split("|").map((label, at) => h("button", { type: "button", onclick: () => chosen(at + 1) }, label))));
  return place;
}
