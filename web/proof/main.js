// The work that a stranger's browser does before a form is sent. Registered as the element <altcha-widget>; its label,
// its page's challenge and when it begins stand on the element.
import "altcha/external";
import "altcha/altcha.css";
import "./proof.css";
import "altcha/i18n/zh-cn";
import Pbkdf2Worker from "altcha/workers/pbkdf2?worker";

globalThis.$altcha.algorithms.set("PBKDF2/SHA-256", () => new Pbkdf2Worker());
globalThis.$altcha.defaults.set({
  language: "zh-cn",
  hideFooter: true,
  hideLogo: true,
  // how somebody moves the mouse is no business of ours
  humanInteractionSignature: false,
  // a phone has other things to do as well
  workers: 2,
});
