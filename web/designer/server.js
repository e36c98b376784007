// How a designer speaks with the server: JSON, with the session's token.
import { csrfToken, messageOf } from "../editor/answers.js";

export function sendJson(url, data, method = "POST") {
  return fetch(url, {
    method,
    body: JSON.stringify(data),
    headers: { "X-CSRFToken": csrfToken({ elements: {} }), "Content-Type": "application/json", Accept: "application/json" },
    redirect: "manual",
  });
}

// a sign-in page instead of an answer
export const isSignedOut = (answer) => answer.type === "opaqueredirect" || answer.status === 401;

export const refusalOf = async (answer) => messageOf(answer.status, await answer.json().catch(() => null));
