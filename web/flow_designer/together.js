// Several changes of a drawing that are one act: done, undone and done again at once.
export const TOGETHER = "yizhan.together";

export class Together {
  // what is done here is a part of the act that asks for it
  preExecute({ acts }) {
    for (const act of acts) act();
  }
}
