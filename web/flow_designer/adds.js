// What our flows add to BPMN's elements: JSON in an element of ours (standards/flows/bpmn).

export const MODDLE = {
  name: "Yizhan",
  uri: "urn:yizhan:flow:1",
  prefix: "yizhan",
  xml: { tagAlias: "lowerCase" },
  types: [{ name: "Adds", superClass: ["Element"], properties: [{ name: "body", isBody: true, type: "String" }] }],
};
export const LANGUAGE = "urn:yizhan:expression:1";

export function addsOf(bo) {
  const found = bo.extensionElements?.values?.find((one) => one.$type === "yizhan:Adds");
  try {
    return JSON.parse(found?.body ?? "{}");
  } catch {
    return {};
  }
}

// what is empty is left out: the server takes the usual for it
export function extensionOf(factory, values) {
  const kept = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== ""));
  const adds = factory.create("yizhan:Adds", { body: JSON.stringify(kept) });
  return factory.create("bpmn:ExtensionElements", { values: [adds] });
}
