// The editor of articles: a TipTap editor over a plain textarea, which stays what the form sends.
import { Editor } from "@tiptap/core";

import { Autosave } from "./autosave.js";
import { LinkDialog, PictureDialog } from "./dialogs.js";
import { Drafts } from "./drafts.js";
import { extensions, html } from "./extensions.js";
import { Toolbar } from "./toolbar.js";
import { uploader } from "./uploads.js";
import "./editor.css";

function mount(root) {
  const area = root.querySelector("textarea");
  const form = area.form;
  const status = root.querySelector("[data-editor-status]");
  const say = (text, kind = "") => {
    status.textContent = text;
    status.dataset.kind = kind;
  };
  const upload = root.dataset.uploadUrl ? uploader(root.dataset.uploadUrl, form) : null;
  const count = root.querySelector("[data-editor-count]");

  const editor = new Editor({
    element: root.querySelector("[data-editor-page]"),
    extensions,
    content: area.value,
    injectCSS: false,
    editorProps: {
      attributes: {
        role: "textbox",
        "aria-multiline": "true",
        "aria-labelledby": root.dataset.labelledBy,
        ...(area.getAttribute("aria-describedby") && { "aria-describedby": area.getAttribute("aria-describedby") }),
        class: "prose",
        lang: "zh-Hans",
      },
      handlePaste: (_, event) => takeFiles(event, event.clipboardData),
      handleDrop: (_, event, __, isMoved) => !isMoved && takeFiles(event, event.dataTransfer),
    },
  });

  const links = new LinkDialog(root, editor);
  const pictures = upload && new PictureDialog(root, editor, upload, say);
  const toolbar = new Toolbar(root, editor, { links, pictures });

  function takeFiles(event, data) {
    const files = [...(data?.files ?? [])];
    if (!files.length || !pictures) return false;
    event.preventDefault();
    pictures.open(files[0]);
    return true;
  }

  function show() {
    const number = editor.storage.characterCount.characters();
    count.textContent = `${number.toLocaleString("zh-CN")} 字`;
    toolbar.update();
  }

  editor.on("update", () => {
    area.value = html(editor);
    // the form's own listeners hear of it as of any other field
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
  editor.on("transaction", show);

  // the textarea only carries the text from now on; its id, to which the error summary leads, is the editor's
  const isWriting = document.activeElement === area;
  area.hidden = true;
  [editor.view.dom.id, area.id] = [area.id, `${area.id}_source`];
  document.getElementById(root.dataset.labelledBy)?.addEventListener("click", () => editor.commands.focus());
  area.value = html(editor);
  root.classList.add("is-ready");
  if (isWriting) editor.commands.focus("end");
  show();

  const drafts = new Drafts(root, form, area, {
    restore: () => editor.commands.setContent(area.value, { emitUpdate: true }),
  });
  new Autosave(root, form, { drafts, say });
}

document.querySelectorAll("[data-editor]").forEach(mount);
