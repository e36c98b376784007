// What a text may hold: the same as foundation/html.py lets through, and no more.
import { Node, mergeAttributes } from "@tiptap/core";
import { Table, TableCell, TableHeader, TableRow } from "@tiptap/extension-table";
import { CharacterCount, Placeholder } from "@tiptap/extensions";
import StarterKit from "@tiptap/starter-kit";

// a picture with its caption; a bare picture of an older text becomes one
const Figure = Node.create({
  name: "figure",
  group: "block",
  content: "inline*",
  draggable: true,
  isolating: true,
  addAttributes() {
    const fromImage = (name) => ({
      default: "",
      parseHTML: (element) => (element.matches("img") ? element : element.querySelector("img"))?.getAttribute(name) ?? "",
      renderHTML: () => ({}),
    });
    return { src: fromImage("src"), alt: fromImage("alt") };
  },
  parseHTML() {
    const caption = (element) => element.querySelector("figcaption") ?? document.createElement("figcaption");
    return [
      { tag: "figure", getAttrs: (element) => (element.querySelector("img[src]") ? null : false), contentElement: caption },
      { tag: "img[src]", contentElement: caption },
    ];
  },
  renderHTML({ node, HTMLAttributes }) {
    const picture = { src: node.attrs.src, alt: node.attrs.alt };
    return ["figure", mergeAttributes(HTMLAttributes), ["img", picture], ["figcaption", 0]];
  },
});

// widths are the site's business: neither a colgroup nor a style goes into the text
const PlainTable = Table.extend({ renderHTML: () => ["table", ["tbody", 0]] });

export const extensions = [
  StarterKit.configure({
    heading: { levels: [2, 3, 4] },
    code: false,
    codeBlock: false,
    link: {
      openOnClick: false,
      protocols: ["http", "https", "mailto", "tel"],
      HTMLAttributes: { target: null, rel: null, class: null },
    },
  }),
  Figure,
  PlainTable.configure({ resizable: false }),
  TableRow,
  TableHeader,
  TableCell,
  CharacterCount,
  Placeholder.configure({ placeholder: "在这里写正文。也可以从文档粘贴，格式会自动整理。" }),
];

// An empty text is "", not an empty paragraph; a picture without a caption has none.
export function html(editor) {
  return editor.isEmpty ? "" : editor.getHTML().replaceAll("<figcaption></figcaption>", "");
}
