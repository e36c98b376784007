// The toolbar: one Tab stop, arrows inside it (WAI-ARIA toolbar pattern); buttons say whether they are on.
const COMMANDS = {
  undo: (chain) => chain.undo(),
  redo: (chain) => chain.redo(),
  paragraph: (chain) => chain.setParagraph(),
  h2: (chain) => chain.toggleHeading({ level: 2 }),
  h3: (chain) => chain.toggleHeading({ level: 3 }),
  bold: (chain) => chain.toggleBold(),
  italic: (chain) => chain.toggleItalic(),
  underline: (chain) => chain.toggleUnderline(),
  bulletList: (chain) => chain.toggleBulletList(),
  orderedList: (chain) => chain.toggleOrderedList(),
  blockquote: (chain) => chain.toggleBlockquote(),
  rule: (chain) => chain.setHorizontalRule(),
  table: (chain) => chain.insertTable({ rows: 3, cols: 3, withHeaderRow: true }),
  rowAfter: (chain) => chain.addRowAfter(),
  rowDelete: (chain) => chain.deleteRow(),
  columnAfter: (chain) => chain.addColumnAfter(),
  columnDelete: (chain) => chain.deleteColumn(),
  headerRow: (chain) => chain.toggleHeaderRow(),
  tableDelete: (chain) => chain.deleteTable(),
};

const PRESSED = {
  h2: (editor) => editor.isActive("heading", { level: 2 }),
  h3: (editor) => editor.isActive("heading", { level: 3 }),
  bold: (editor) => editor.isActive("bold"),
  italic: (editor) => editor.isActive("italic"),
  underline: (editor) => editor.isActive("underline"),
  bulletList: (editor) => editor.isActive("bulletList"),
  orderedList: (editor) => editor.isActive("orderedList"),
  blockquote: (editor) => editor.isActive("blockquote"),
  link: (editor) => editor.isActive("link"),
};

const NEEDS_ROOM = { undo: (editor) => editor.can().undo(), redo: (editor) => editor.can().redo() };

export class Toolbar {
  constructor(root, editor, { links, pictures }) {
    this.editor = editor;
    this.bar = root.querySelector("[data-editor-bar]");
    this.tableBar = root.querySelector("[data-editor-table-bar]");
    this.buttons = [...root.querySelectorAll("[data-do]")];
    const openers = { link: () => links.open(), picture: () => pictures?.open() };
    if (!pictures) root.querySelector('[data-do="picture"]').hidden = true;
    for (const bar of [this.bar, this.tableBar]) {
      // the text keeps the focus: what is typed at once comes where it should, and a phone's keyboard stays open
      bar.addEventListener("mousedown", (event) => event.preventDefault());
      bar.addEventListener("click", (event) => {
        const button = event.target.closest("[data-do]");
        if (!button || button.getAttribute("aria-disabled") === "true") return;
        const name = button.dataset.do;
        if (openers[name]) openers[name]();
        else COMMANDS[name](editor.chain().focus()).run();
      });
      bar.addEventListener("keydown", (event) => this.walk(bar, event));
      this.makeStop(bar, this.stops(bar)[0]);
    }
    // from the text to the toolbar without a mouse, as word processors do
    editor.view.dom.addEventListener("keydown", (event) => {
      if (event.key === "F10" && event.altKey) {
        event.preventDefault();
        this.bar.querySelector('[tabindex="0"]').focus();
      }
    });
    // on the toolbar too: after a command the focus goes back to the text a frame later
    for (const place of [editor.view.dom, this.bar, this.tableBar]) {
      place.addEventListener("keydown", (event) => {
        if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        event.stopPropagation();
        links.open();
      });
    }
  }

  stops(bar) {
    return [...bar.querySelectorAll("[data-do]")].filter((button) => !button.hidden);
  }

  makeStop(bar, chosen) {
    for (const button of bar.querySelectorAll("[data-do]")) button.tabIndex = button === chosen ? 0 : -1;
  }

  walk(bar, event) {
    const stops = this.stops(bar);
    const place = stops.indexOf(document.activeElement);
    const next = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: stops.length - 1 }[event.key];
    if (event.key === "Escape") this.editor.commands.focus();
    if (next === undefined) return;
    event.preventDefault();
    const button = stops[(next + stops.length) % stops.length];
    this.makeStop(bar, button);
    button.focus();
  }

  update() {
    for (const button of this.buttons) {
      const name = button.dataset.do;
      if (PRESSED[name]) button.setAttribute("aria-pressed", String(PRESSED[name](this.editor)));
      if (NEEDS_ROOM[name]) button.setAttribute("aria-disabled", String(!NEEDS_ROOM[name](this.editor)));
    }
    this.tableBar.hidden = !this.editor.isActive("table");
  }
}
