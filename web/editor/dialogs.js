// The two dialogs: an address for a link; a picture with the words for those who cannot see it, or an attachment.
// They stand inside the article's form, so their fields have no names and Enter in them is caught.
class Dialog {
  constructor(element) {
    this.dialog = element;
    this.fault = element.querySelector("[data-fault]");
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.matches("button")) return;
      event.preventDefault();
      this.accept();
    });
    element.querySelector("[data-accept]").addEventListener("click", () => this.accept());
    // typing here is no change of the article
    element.addEventListener("input", (event) => event.stopPropagation());
  }

  field(name) {
    return this.dialog.querySelector(`[data-field="${name}"]`);
  }

  refuse(text) {
    this.fault.textContent = text;
    this.fault.hidden = !text;
  }

  show() {
    this.refuse("");
    this.dialog.showModal();
  }
}

export class LinkDialog extends Dialog {
  constructor(root, editor) {
    super(root.querySelector("[data-link-dialog]"));
    this.editor = editor;
    this.remove = this.dialog.querySelector("[data-remove]");
    this.remove.addEventListener("click", () => {
      this.dialog.close();
      editor.chain().focus().extendMarkRange("link").unsetLink().run();
    });
  }

  open() {
    const { from, to } = this.editor.state.selection;
    const href = this.editor.getAttributes("link").href ?? "";
    this.field("href").value = href;
    this.field("text").value = this.editor.state.doc.textBetween(from, to);
    this.field("text").closest(".field").hidden = href !== "" || from !== to;
    this.remove.hidden = href === "";
    this.show();
    this.field("href").focus();
  }

  accept() {
    const href = this.field("href").value.trim();
    if (!/^(https?:\/\/|mailto:|tel:|\/(?!\/))\S+$/.test(href)) {
      this.refuse("请填写以 http://、https://、mailto:、tel: 或 / 开头的地址。");
      return;
    }
    this.dialog.close();
    const chain = this.editor.chain().focus();
    if (this.field("text").closest(".field").hidden) chain.extendMarkRange("link").setLink({ href }).run();
    else {
      const text = this.field("text").value.trim() || href;
      chain.insertContent({ type: "text", text, marks: [{ type: "link", attrs: { href } }] }).run();
    }
  }
}

export class PictureDialog extends Dialog {
  constructor(root, editor, upload, say) {
    super(root.querySelector("[data-picture-dialog]"));
    Object.assign(this, { editor, upload, say });
    this.field("file").addEventListener("change", () => this.take(this.field("file").files[0]));
  }

  open(file = null) {
    for (const name of ["file", "alt", "caption"]) this.field(name).value = "";
    this.show();
    this.take(file);
    (file ? this.field("alt") : this.field("file")).focus();
  }

  take(file) {
    this.file = file ?? null;
    this.dialog.querySelector("[data-chosen]").textContent = file ? `已选择：${file.name}` : "";
    this.dialog.querySelector("[data-for-picture]").hidden = file ? !file.type.startsWith("image/") : false;
  }

  async accept() {
    if (!this.file) {
      this.refuse("请先选择文件。");
      return;
    }
    const isPicture = this.file.type.startsWith("image/");
    const alt = this.field("alt").value.trim();
    if (isPicture && !alt) {
      this.refuse("请用一句话说明图上有什么，看不见图片的读者靠它了解内容。");
      this.field("alt").focus();
      return;
    }
    const accept = this.dialog.querySelector("[data-accept]");
    accept.disabled = true;
    try {
      const stored = await this.upload(this.file, isPicture ? alt : "", (share) => {
        this.refuse(`正在上传 ${Math.round(share * 100)}%`);
      });
      this.dialog.close();
      this.insert(stored, isPicture, alt);
    } catch (error) {
      this.refuse(error.message);
    } finally {
      accept.disabled = false;
    }
  }

  insert(stored, isPicture, alt) {
    const chain = this.editor.chain().focus();
    if (isPicture) {
      const caption = this.field("caption").value.trim();
      const content = caption ? [{ type: "text", text: caption }] : [];
      chain.insertContent({ type: "figure", attrs: { src: stored.url, alt }, content }).run();
      this.say("图片已插入。");
    } else {
      const marks = [{ type: "link", attrs: { href: stored.url } }];
      chain.insertContent({ type: "text", text: stored.name, marks }).run();
      this.say("附件已插入。");
    }
  }
}
