// Offers what this browser has kept: of a window that was closed, or of another one that is still open.
export function Left({ left, said, put, drop }) {
  if (!left) return null;
  const at = new Date(left.at).toLocaleString("zh-CN", { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit" });
  return (
    <div class="notice warning" role="alert" data-left>
      <div class="grow">
        <p>这台电脑上有 {at} 没有保存成功的改动。{said}</p>
        <div class="actions">
          <button type="button" class="button small" onClick={put}>放回来</button>
          <button type="button" class="button small" onClick={drop}>不要了</button>
        </div>
      </div>
    </div>
  );
}
