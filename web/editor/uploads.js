// Sends one file as multipart (file, alt) and resolves with what the server says: {url, id, name}.
import { csrfToken, messageOf } from "./answers.js";

export function uploader(url, form) {
  // XMLHttpRequest, because fetch does not tell how far an upload has come
  return (file, alt, progress) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const body = new FormData();
      body.append("file", file);
      body.append("alt", alt);
      request.open("POST", url);
      request.setRequestHeader("X-CSRFToken", csrfToken(form));
      request.setRequestHeader("Accept", "application/json");
      request.responseType = "json";
      request.upload.addEventListener("progress", (event) => progress(event.loaded / event.total));
      request.addEventListener("load", () => {
        if (request.status < 300 && request.response?.url) resolve(request.response);
        else reject(new Error(messageOf(request.status, request.response)));
      });
      request.addEventListener("error", () => reject(new Error("网络不通，文件没有上传。请稍后再试。")));
      request.send(body);
    });
}
