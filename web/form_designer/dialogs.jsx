// The dialogs beside those of conditions: what is wrong, the preview, bringing a form along, the shortcuts.
import { useEffect, useRef, useState } from "preact/hooks";

import { csrfToken } from "../editor/answers.js";
import { MaterialDialog } from "./bound.jsx";
import { nodeAt, placeOf } from "./definition.js";
import { ExpressionDialog } from "./expressions.jsx";
import { SHORTCUTS } from "./keys.js";
import { Modal } from "./modal.jsx";

const DIALOGS = {
  condition: ExpressionDialog, formula: ExpressionDialog, faults: Faults, preview: Preview, import: Import, shortcuts: Shortcuts,
  material: MaterialDialog,
};

export function Dialogs(props) {
  const { dialog } = props.store;
  const Shown = dialog && DIALOGS[dialog.kind];
  return Shown ? <Shown {...props} dialog={dialog} /> : null;
}

function Shortcuts({ store }) {
  return (
    <Modal title="快捷键" close={() => store.open(null)}>
      <p class="quiet">先用 Tab 键走到中间的表单，再用下面的键。鼠标能做的，键盘都能做。</p>
      <dl class="fd-keys">
        {SHORTCUTS.map(([keys, said]) => (
          <div key={keys}><dt><kbd>{keys}</kbd></dt><dd>{said}</dd></div>
        ))}
      </dl>
    </Modal>
  );
}

function Faults({ store, studying, given }) {
  const { goal } = given.words;
  const [failure, setFailure] = useState("");
  useEffect(() => {
    studying.now().catch((error) => setFailure(error.message));
  }, []);
  const { faults } = store.study;
  const go = (fault) => {
    store.open(null);
    goTo(store, fault);
  };
  return (
    <Modal title="检查表单" close={() => store.open(null)}>
      {failure && <p class="fd-fault" role="alert">{failure}</p>}
      {!failure && !faults.length && <p>没有发现问题，可以{goal}。</p>}
      {faults.length > 0 && <p>有 {faults.length} 处要改，改好才能{goal}。点一下到那个字段。</p>}
      <ul class="fd-faults">
        {faults.map((fault) => (
          <li key={`${fault.where} ${fault.message}`}>
            <button type="button" onClick={() => go(fault)}>
              <strong>{labelOf(store.form, fault)}</strong>
              <span>{fault.message}</span>
            </button>
          </li>
        ))}
      </ul>
    </Modal>
  );
}

export function labelOf(form, fault) {
  const { path } = placeOf(form, fault.where);
  return path.length ? nodeAt(form, path).label || "（还没有名称）" : "整张表单";
}

// the field of a fault is selected, and what is to be mended has the focus
export function goTo(store, fault) {
  const { path, attribute } = placeOf(store.form, fault.where);
  store.select(path);
  setTimeout(() => {
    const id = `fd-${path.join("-")}-${attribute}`;
    const box = document.getElementById(id) ?? document.querySelector(`[data-expression="${attribute}"]`);
    (box ?? document.querySelector("[data-side] :is(input, textarea, select)"))?.focus();
  });
}

// The server draws what is on this page, saved or not, into a frame in which nothing can run.
function Preview({ store, given }) {
  const [view, setView] = useState(given.previews[0]);
  const form = useRef(null);
  useEffect(() => form.current.submit(), [view]);
  const asked = { ...view.asked, definition: JSON.stringify(store.form), csrfmiddlewaretoken: csrfToken({ elements: {} }) };
  return (
    <Modal title="预览" close={() => store.open(null)} isWide>
      <div class="fd-views" role="group" aria-label="以谁的眼光看">
        {given.previews.map((one) => (
          <button key={one.name} type="button" aria-pressed={one === view} onClick={() => setView(one)}>{one.label}</button>
        ))}
      </div>
      <form ref={form} method="post" action={given.preview_url} target="fd-preview" hidden>
        {Object.entries(asked).map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />)}
      </form>
      <iframe class={`fd-preview is-${view.name}`} name="fd-preview" title={`预览：${view.label}`} />
    </Modal>
  );
}

function Import({ store, acts, server }) {
  const [text, setText] = useState("");
  const [failure, setFailure] = useState("");
  const read = async (file) => file && setText(await file.text());
  const accept = async () => {
    let form;
    try {
      form = JSON.parse(text);
    } catch {
      setFailure("这不是表单的文件：读不懂它的内容。请选从“导出”得到的文件。");
      return;
    }
    if (!Array.isArray(form?.parts) || !form.parts.every((part) => Array.isArray(part?.fields) && part.fields.length)) {
      setFailure("这个文件里没有表单的部分和字段。请选从“导出”得到的文件。");
      return;
    }
    try {
      const study = await server.study(form);
      if (study.is_editable) {
        acts.take(form);
        store.open(null);
      } else setFailure(study.faults.slice(0, 5).map((fault) => fault.message).join(" "));
    } catch (error) {
      setFailure(error.message);
    }
  };
  return (
    <Modal title="导入表单" close={() => store.open(null)} accept={accept} word="导入">
      <p class="quiet">导入会换掉现在的全部字段；不满意可以撤销。</p>
      <div class="field">
        <label for="fd-import-file">从“导出”得到的文件</label>
        <input type="file" id="fd-import-file" accept="application/json,.json" onChange={(event) => read(event.target.files[0])} />
      </div>
      <div class="field">
        <label for="fd-import-text">或者粘贴它的内容</label>
        <textarea id="fd-import-text" rows={8} value={text} onInput={(event) => setText(event.target.value)} />
      </div>
      {failure && <p class="fd-fault" role="alert">{failure}</p>}
    </Modal>
  );
}
