// A dialog of the browser's own: it holds the focus, closes by Esc, and gives the focus back.
import { useEffect, useRef } from "preact/hooks";

export function Modal({ title, close, accept, word, isWide, children }) {
  const dialog = useRef(null);
  const before = useRef(document.activeElement);
  useEffect(() => {
    const back = before.current;
    const shown = dialog.current;
    shown.showModal();
    return () => {
      // behind an open dialog nothing can be focused
      shown.close();
      (back?.isConnected && back !== document.body ? back : document.querySelector("[role=tree]"))?.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} class={isWide ? "fd-dialog is-wide" : "fd-dialog"} aria-labelledby="fd-dialog-title" onCancel={(event) => { event.preventDefault(); close(); }}>
      <h2 id="fd-dialog-title">{title}</h2>
      {children}
      <div class="actions">
        {accept && <button type="button" class="button primary" data-accept onClick={accept}>{word}</button>}
        <button type="button" class="button" data-close onClick={close}>{accept ? "取消" : "关闭"}</button>
      </div>
    </dialog>
  );
}
