// What is wrong with the form, what its fields are called and how its conditions read: asked while nothing is typed.
export class Studying {
  constructor(store, server) {
    Object.assign(this, { store, server });
    this.studied = null;
    store.listen((what) => what === "form" && this.later());
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now().catch(() => {}), 800);
  }

  async now() {
    clearTimeout(this.timer);
    const { form } = this.store;
    if (this.studied === form) return this.store.study;
    const study = await this.server.study(form);
    if (this.store.form !== form) return this.now();
    this.studied = form;
    this.store.study = study;
    this.store.tell("study");
    return study;
  }
}
