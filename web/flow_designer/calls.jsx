// What a sub-flow or an action outside is handed, and what comes back of it.
import { Choice, Text, Yes } from "./controls.jsx";

const NONE = ["", "（没有）"];
const WRITTEN = "=";

// the field of ours that is handed to an input; one field goes to one input
const sourceOf = (given, name) => Object.keys(given).find((field) => given[field] === name) ?? "";

function handed(given, name, field) {
  const rest = Object.fromEntries(Object.entries(given).filter(([one, input]) => input !== name && one !== field));
  return field ? { ...rest, [field]: name } : rest;
}

function without(values, name) {
  const { [name]: _, ...rest } = values;
  return rest;
}

function Input({ port, adds, set, fields }) {
  const [from, constants] = [adds.given ?? {}, adds.constants ?? {}];
  const isWritten = port.name in constants;
  const options = [NONE, [WRITTEN, "写一个固定的值"], ...(port.right === "nothing" ? [] : fields)];
  const choose = (picked) =>
    set({
      given: handed(from, port.name, picked === WRITTEN ? "" : picked),
      constants: picked === WRITTEN ? { ...constants, [port.name]: port.words[0]?.[0] ?? "0" } : without(constants, port.name),
    });
  const write = (text) => set({ constants: text.trim() ? { ...constants, [port.name]: text.trim() } : without(constants, port.name) });
  const label = `${port.label}${port.required ? "" : "（可以不给）"}`;
  return (
    <>
      <Choice label={label} value={isWritten ? WRITTEN : sourceOf(from, port.name)} options={options} change={choose} />
      {isWritten && port.words.length > 0 && <Choice label={`${port.label}的值`} value={constants[port.name]} options={port.words} change={write} />}
      {isWritten && !port.words.length && <Text label={`${port.label}的值`} value={constants[port.name]} change={write} />}
    </>
  );
}

function Output({ name, label, adds, set, fields }) {
  const into = adds.taken ?? {};
  const choose = (field) => set({ taken: field ? { ...into, [name]: field } : without(into, name) });
  return <Choice label={label} value={into[name] ?? ""} options={[["", "（不填入）"], ...fields]} change={choose} />;
}

export function Plugin({ adds, set, given }) {
  const plugin = given.plugins.find((one) => one.code === adds.plugin);
  const choose = (code) => set({ plugin: code, given: undefined, constants: undefined, taken: undefined });
  return (
    <>
      <Choice label="做什么" value={adds.plugin} options={given.plugins.map((one) => [one.code, one.label])} change={choose} />
      {plugin && (
        <fieldset class="fp-list">
          <legend>给它什么</legend>
          {plugin.inputs.map((port) => (
            <Input key={port.name} port={port} adds={adds} set={set} fields={given.fields} />
          ))}
        </fieldset>
      )}
      {plugin && given.fields.length > 0 && (
        <fieldset class="fp-list">
          <legend>结果填入哪个字段</legend>
          {plugin.outputs.map((port) => (
            <Output key={port.name} name={port.name} label={port.label} adds={adds} set={set} fields={given.fields} />
          ))}
        </fieldset>
      )}
    </>
  );
}

export function Call({ flow, setFlow, adds, set, given }) {
  const called = given.flows.find((one) => one.code === flow);
  return (
    <>
      <Choice label="运行哪个流程" value={flow} options={given.flows.map((one) => [one.code, one.title])} change={setFlow} />
      <Yes label="等它办完再往下走" value={adds.waits ?? true} change={(waits) => set({ waits })} />
      {called && called.fields.length > 0 && given.fields.length > 0 && (
        <fieldset class="fp-list">
          <legend>传给它的字段</legend>
          {called.fields.map(([name, label]) => (
            <Choice
              key={name}
              label={label}
              value={sourceOf(adds.given ?? {}, name)}
              options={[NONE, ...given.fields]}
              change={(field) => set({ given: handed(adds.given ?? {}, name, field) })}
            />
          ))}
        </fieldset>
      )}
      {called && called.fields.length > 0 && given.fields.length > 0 && (
        <fieldset class="fp-list">
          <legend>办完以后取回到哪个字段</legend>
          {called.fields.map(([name, label]) => (
            <Output key={name} name={name} label={label} adds={adds} set={set} fields={given.fields} />
          ))}
        </fieldset>
      )}
    </>
  );
}
