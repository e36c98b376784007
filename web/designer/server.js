// How a designer speaks with the server: JSON, with the session's token.
import { csrfToken, messageOf } from "../editor/answers.js";

// `key`: under which the server does it once, however often it is sent
export function sendJson(url, data, method = "POST", key = "") {
  const headers = { "X-CSRFToken": csrfToken({ elements: {} }), "Content-Type": "application/json", Accept: "application/json" };
  return fetch(url, {
    method,
    body: JSON.stringify(data),
    headers: key ? { ...headers, "Idempotency-Key": key } : headers,
    redirect: "manual",
  });
}

// a sign-in page instead of an answer
export const isSignedOut = (answer) => answer.type === "opaqueredirect" || answer.status === 401;

// the words of a refusal, and each fault with its place: the body can be read once
export async function refusedWith(answer) {
  const problem = await answer.json().catch(() => null);
  return { said: messageOf(answer.status, problem), faults: problem?.errors ?? [] };
}

export const refusalOf = async (answer) => (await refusedWith(answer)).said;
