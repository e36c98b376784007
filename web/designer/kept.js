// What a designer has changed and the server has not taken is kept in this browser, one copy a tab, until it is saved:
// from the moment at which it is sent, so that a closed window, a lost session and a power cut take at most what was
// done in the two seconds before. It is offered when the page is opened again.
const PREFIX = "yizhan-design:";
const OLDEST = 30 * 24 * 3600 * 1000;

export class Kept {
  // `place`: what is designed, in words that no other has
  constructor(place) {
    this.prefix = `${PREFIX}${place}:`;
    this.own = this.prefix + crypto.randomUUID();
    for (const key of keysThat(PREFIX)) if (!(Date.now() - read(key)?.at < OLDEST)) localStorage.removeItem(key);
  }

  // `sent`: the key under which it is sent; whether the browser keeps it
  keep(revision, what, sent = "") {
    try {
      localStorage.setItem(this.own, JSON.stringify({ revision, what, sent, at: Date.now() }));
      return true;
    } catch {
      // the browser keeps nothing (private window, full): it is on this page alone
      return false;
    }
  }

  forget(key = this.own) {
    localStorage.removeItem(key);
  }

  // the latest that is left of another tab, or of a page that ended: { key, revision, what, sent, at }; what the server
  // has by now (`saved` at `revision`) is no longer needed. What was on its way when its page ended is sent once more
  // under its key: the server answers whether it came
  async left(saved, revision, send) {
    const same = JSON.stringify(saved);
    const found = keysThat(this.prefix).map((key) => ({ key, ...read(key) }));
    for (const one of found) if (JSON.stringify(one.what) === same) this.forget(one.key);
    const [latest] = found.filter((one) => JSON.stringify(one.what) !== same).sort((one, other) => other.at - one.at);
    if (!latest?.sent || latest.revision === revision) return latest ?? null;
    const answer = await send(latest.what, latest.revision, latest.sent).catch(() => null);
    if (!answer?.ok) return latest;
    this.forget(latest.key);
    return null;
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
