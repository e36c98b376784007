// Some of several things, each with a box.
export function Ticks({ choices, value, set }) {
  const toggled = (code) => (value.includes(code) ? value.filter((one) => one !== code) : choices.map((one) => one.code).filter((one) => one === code || value.includes(one)));
  return (
    <div class="fd-ticks">
      {choices.map((one) => (
        <label key={one.code}><input type="checkbox" checked={value.includes(one.code)} onChange={() => set(toggled(one.code))} />{one.label}</label>
      ))}
      {!choices.length && <p class="quiet small">还没有可以选的。</p>}
    </div>
  );
}
