// The whole of the designer: palette, form, properties, and the bar above them.
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
      <Left {...props} />
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

// changes that never arrived: of a window that was closed, or of another one that is still open
function Left({ store, acts, kept, saving, given }) {
  const { left } = store;
  if (!left) return null;
  const at = new Date(left.at).toLocaleString("zh-CN", { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit" });
  const end = () => {
    kept.forget(left.key);
    store.tellLeft(null);
  };
  const take = () => {
    acts.takeLeft(left.what);
    kept.keep(saving.revision, left.what);
    end();
  };
  return (
    <div class="notice warning" role="alert" data-left>
      <div class="grow">
        <p>这台电脑上有 {at} 没有保存成功的改动。{left.revision !== given.revision && "那以后表单又保存过，放回来会换掉后来的改动；不满意可以撤销。"}</p>
        <div class="fd-acts">
          <button type="button" class="button small" onClick={take}>放回来</button>
          <button type="button" class="button small" onClick={end}>不要了</button>
        </div>
      </div>
    </div>
  );
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
