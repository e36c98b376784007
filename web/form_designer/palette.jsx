// What can be put into a form: types of fields in their groups, and ready blocks. By click, by Enter or by dragging.
import { useState } from "preact/hooks";

export const DRAGGED = "application/x-yizhan-field";

export function Palette({ palette, acts }) {
  const [words, setWords] = useState("");
  const types = (names) => names.filter((name) => fits(words, palette.types[name].title, palette.types[name].also_called));
  const blocks = palette.blocks.filter((block) => fits(words, block.label, block.fields.map((field) => field.label).join(" ")));
  const groups = palette.groups.map((group) => ({ ...group, types: types(group.types) })).filter((group) => group.types.length);
  const addFirst = () => {
    if (groups.length) acts.add(groups[0].types[0]);
    else if (blocks.length) acts.addBlock(blocks[0]);
  };
  return (
    <section class="fd-palette" aria-label="可以添加的字段">
      <label class="fd-search">
        <span>找字段</span>
        <input
          type="search"
          data-palette-search
          placeholder="例如：日期、附件"
          value={words}
          onInput={(event) => setWords(event.target.value)}
          onKeyDown={(event) => event.key === "Enter" && (event.preventDefault(), addFirst())}
        />
      </label>
      {groups.map((group) => (
        <details key={group.label} open={isWide || words !== ""}>
          <summary>{group.label}</summary>
          <ul>
            {group.types.map((name) => (
              <Entry key={name} label={palette.types[name].title} dragged={{ type: name }} add={() => acts.add(name)} />
            ))}
          </ul>
        </details>
      ))}
      {blocks.length > 0 && (
        <details open={isWide || words !== ""}>
          <summary>常用组件</summary>
          <ul>
            {blocks.map((block) => (
              <Entry key={block.label} label={block.label} dragged={{ block: palette.blocks.indexOf(block) }} add={() => acts.addBlock(block)} />
            ))}
          </ul>
        </details>
      )}
      {!groups.length && !blocks.length && <p class="quiet small">没有找到，换个词试试。</p>}
    </section>
  );
}

function Entry({ label, dragged, add }) {
  const onDragStart = (event) => {
    event.dataTransfer.setData(DRAGGED, JSON.stringify(dragged));
    event.dataTransfer.effectAllowed = "copy";
  };
  return (
    <li>
      <button type="button" draggable onDragStart={onDragStart} onClick={add}>{label}</button>
    </li>
  );
}

const isWide = !matchMedia("(max-width: 700px)").matches;

const fits = (words, ...texts) => words.trim().split(/\s+/).every((word) => texts.some((text) => text.toLowerCase().includes(word.toLowerCase())));
