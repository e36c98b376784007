// What a designer has changed and the server has not taken is kept in this browser, one copy a tab, until it is saved:
// a closed window, a lost session and a power cut lose nothing. It is offered when the page is opened again.
const PREFIX = "yizhan-design:";
const OLDEST = 30 * 24 * 3600 * 1000;

export class Kept {
  // `place`: what is designed, in words that no other has
  constructor(place) {
    this.prefix = `${PREFIX}${place}:`;
    this.own = this.prefix + crypto.randomUUID();
    for (const key of keysThat(PREFIX)) if (!(Date.now() - read(key)?.at < OLDEST)) localStorage.removeItem(key);
  }

  keep(revision, what) {
    try {
      localStorage.setItem(this.own, JSON.stringify({ revision, what, at: Date.now() }));
    } catch {
      // the browser keeps nothing (private window, full): it is on this page alone
    }
  }

  forget(key = this.own) {
    localStorage.removeItem(key);
  }

  // the latest that is left of another tab, or of a page that ended: { key, revision, what, at }; what the server has
  // by now is no longer needed
  left(saved) {
    const same = JSON.stringify(saved);
    const found = keysThat(this.prefix).map((key) => ({ key, ...read(key) }));
    for (const one of found) if (JSON.stringify(one.what) === same) this.forget(one.key);
    return found.filter((one) => JSON.stringify(one.what) !== same).sort((one, other) => other.at - one.at)[0] ?? null;
  }
}

const keysThat = (prefix) => Object.keys(localStorage).filter((key) => key.startsWith(prefix));

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}
