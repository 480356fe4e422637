// Pictures are drawn on canvases: a page's policy may forbid images of any source, and a drawing is none. They stand in
// a frame whose size is known before they are, so that nothing jumps. SVG is a program, and is a file to be saved.
const PICTURES = /^image\/(png|jpeg|gif|webp)$/;
const LARGEST_PICTURE = 5e6; // what is larger is saved, not shown
const SMALL = 480; // pixels of the longer side
const FULL = 4096;

const isPicture = ({ type, size }) => PICTURES.test(type) && size <= LARGEST_PICTURE;

// It comes once it is looked at. What is no picture after all is a file to be saved.
function picture(panel, file, load) {
  let found;
  const show = () => (found ??= load().then(async (blob) => {
    element.replaceChildren(await drawn(blob, file.name, SMALL));
    return blob;
  }));
  const failed = (error) => {
    found = undefined;
    console.debug("The picture could not be shown:", error);
  };
  const element = h("button", { type: "button", class: "picture", title: file.name, onclick: async () => {
    try {
      await enlarge(panel, file, await show());
    } catch (error) {
      failed(error);
      panel.download(file);
    }
  } }, icon("file"), h("span", { class: "cut" }, file.name));
  const looking = new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting) return;
    looking.disconnect();
    show().catch(failed);
  });
  looking.observe(element);
  return element;
}

async function drawn(blob, name, most) {
  const bitmap = await createImageBitmap(blob);
  const { width, height } = bitmap;
  const scale = Math.min(1, most / Math.max(width, height));
  const canvas = h("canvas", { role: "img", "aria-label": name, class: scale < 1 && "large", width: Math.ceil(width * scale), height: Math.ceil(height * scale) });
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas;
}

// As large as the window; Escape, a click beside it or the cross brings back to where they were.
async function enlarge(panel, file, blob) {
  const close = () => dialog.close();
  const dialog = h("dialog", { class: "viewer", "aria-label": file.name, onclose: () => dialog.remove(), onkeydown: (event) => event.stopPropagation(), onclick: (event) => { if (event.target === dialog) close(); } },
    h("div", { class: "bar" }, panel.fileButton(file),
      h("button", { type: "button", class: "only", "aria-label": panel.t("close"), title: panel.t("close"), onclick: close }, icon("close"))),
    await drawn(blob, file.name, FULL));
  panel.root.append(dialog);
  dialog.showModal();
  dialog.querySelector(".only").focus();
}
