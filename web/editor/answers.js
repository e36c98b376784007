// How this site answers: whose token a write needs, and what its refusals mean in words.

// the cookie rather than the form's field: signing in again in another window gives a new token
export function csrfToken(form) {
  // over TLS its name begins with __Host-
  const cookie = /(?:^|; )(?:__Host-)?csrftoken=([^;]*)/.exec(document.cookie);
  return cookie?.[1] ?? form.elements.csrfmiddlewaretoken?.value ?? "";
}

export function messageOf(status, problem) {
  const faults = (problem?.errors ?? []).map((fault) => fault.message);
  if (faults.length) return faults.join(" ");
  if (problem?.detail) return problem.detail;
  if (status === 413) return "内容太大，请压缩后再试。";
  return "暂时无法保存，请稍后再试。";
}
