// The whole of the designer: palette, form, properties, and the bar above them.
import { Left } from "../designer/left.jsx";
import { Canvas } from "./canvas.jsx";
import { placeOf } from "./definition.js";
import { Dialogs, goTo, labelOf } from "./dialogs.jsx";
import { Icon } from "./icon.jsx";
import { Palette } from "./palette.jsx";
import { Panel } from "./panel.jsx";

export function Designer(props) {
  const { store, acts, palette } = props;
  return (
    <>
      <div class="notice fd-narrow">
        <div class="grow"><p>窗口窄的时候也能改：先点字段，属性在下面。拖动和预览请用更宽的窗口。</p></div>
      </div>
      <Unsaved {...props} />
      <Bar {...props} />
      <div class="fd-columns">
        <Palette palette={palette} acts={acts} />
        <Canvas {...props} />
        <Panel {...props} />
      </div>
      <p class="visually-hidden" role="status">{store.said}</p>
      <Dialogs {...props} />
    </>
  );
}

// what was never saved, as this browser has kept it
function Unsaved({ store, acts, kept, saving, given }) {
  const { left } = store;
  const drop = () => {
    kept.forget(left.key);
    store.tellLeft(null);
  };
  const put = () => {
    acts.takeLeft(left.what);
    kept.keep(saving.revision, left.what);
    drop();
  };
  const said = left && left.revision !== given.revision ? "那以后表单又保存过，放回来会换掉后来的改动；不满意可以撤销。" : "";
  return <Left left={left} said={said} put={put} drop={drop} />;
}

function Bar({ store, acts, saving }) {
  const { faults } = store.study;
  return (
    <div class="fd-bar" role="toolbar" aria-label="设计">
      <Act icon="undo-2" onClick={() => store.undo()} isOff={!store.past.length}>撤销</Act>
      <Act icon="redo-2" onClick={() => store.redo()} isOff={!store.future.length}>重做</Act>
      <span class="gap" />
      <Act icon={faults.length ? "triangle-alert" : "circle-check"} onClick={() => store.open({ kind: "faults" })}>
        {faults.length ? `检查（${faults.length} 处要改）` : "检查"}
      </Act>
      <Act icon="eye" onClick={() => store.open({ kind: "preview" })}>预览</Act>
      <Act icon="plus" onClick={() => acts.addPart()}>加一部分</Act>
      <Act icon="upload" onClick={() => store.open({ kind: "import" })}>导入</Act>
      <Act icon="download" onClick={() => exported(store.form)}>导出</Act>
      <Act icon="info" onClick={() => store.open({ kind: "shortcuts" })}>快捷键</Act>
      <span class="fd-saving" data-kind={store.saving.kind} data-saving aria-live="polite">{store.saving.text}</span>
      {store.refused.filter(({ where }) => placeOf(store.form, where).path.length).slice(0, 3).map((fault) => (
        <Act key={fault.where} icon="triangle-alert" onClick={() => goTo(store, fault)}>{`去“${labelOf(store.form, fault)}”`}</Act>
      ))}
      {store.saving.kind === "error" && <Act icon="save" onClick={() => saving.save()}>再保存一次</Act>}
    </div>
  );
}

function Act({ icon, isOff = false, onClick, children }) {
  return (
    <button type="button" aria-disabled={isOff} onClick={onClick}>
      <Icon name={icon} />
      {children}
    </button>
  );
}

function exported(form) {
  const link = document.createElement("a");
  const address = URL.createObjectURL(new Blob([JSON.stringify(form, null, 2)], { type: "application/json" }));
  link.href = address;
  link.download = `${form.title}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1_000);
}
