// Forms that a passkey answers: the server's question is fetched, the browser asks its owner, the answer is sent with
// the form. And the page of recovery codes: print them, or keep them in a file.
const bytesOf = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const textOf = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

async function questionFor(form) {
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const response = await fetch(form.dataset.options, {
    method: "POST",
    headers: { "X-CSRFToken": token, Accept: "application/json" },
  });
  const found = await response.json();
  if (!response.ok) throw new Error(found.detail);
  const question = found.publicKey;
  question.challenge = bytesOf(question.challenge);
  if (question.user) question.user.id = bytesOf(question.user.id);
  for (const one of [...(question.allowCredentials ?? []), ...(question.excludeCredentials ?? [])]) one.id = bytesOf(one.id);
  return question;
}

function plain(credential) {
  const response = { clientDataJSON: textOf(credential.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = textOf(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

// what the authenticator said in its own words, for people
const SAID = {
  NotAllowedError: "没有完成：您取消了，或者等得太久。可以再试一次，或改用下面的方式。",
  InvalidStateError: "这台设备上已经有您的通行密钥了，可以直接用它登录。",
  SecurityError: "这个网址不能使用通行密钥，请改用下面的方式。",
};

async function answer(form) {
  const said = form.querySelector("[data-passkey-said]");
  const button = form.querySelector("button[type=submit]");
  said.textContent = "";
  button.disabled = true;
  try {
    const question = await questionFor(form);
    const credential = await navigator.credentials[form.dataset.passkey]({ publicKey: question });
    form.querySelector("[name$=answer]").value = plain(credential);
    form.submit();
  } catch (error) {
    said.textContent = SAID[error.name] ?? "通行密钥暂时用不了，请刷新页面再试，或改用下面的方式。";
    button.disabled = false;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    // a button that leads elsewhere asks for no passkey
    if (event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    answer(form);
  });
}

const codes = document.querySelector("[data-codes]");
if (codes) {
  document.querySelector("[data-codes-tools]").hidden = false;
  document.querySelector("[data-codes-print]").addEventListener("click", () => window.print());
  const lines = [...codes.querySelectorAll("code")].map((one) => one.textContent);
  const file = new Blob([`${lines.join("\r\n")}\r\n`], { type: "text/plain;charset=utf-8" });
  document.querySelector("[data-codes-file]").href = URL.createObjectURL(file);
}
