// <input data-chooses="where=there"> belongs to one of several choices: who types in it has chosen that one.
document.addEventListener("input", ({ target }) => {
  const [name, value] = target.dataset?.chooses?.split("=") ?? [];
  if (!name || !target.value) return;
  target.form.querySelector(`[type=radio][name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`).checked = true;
});
