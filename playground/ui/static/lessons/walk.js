// The way through a lesson: which step is shown, what a visitor has predicted, and what came out. It knows no page: what
// it needs of one is given to it.

import { measured, rightOf } from "./answers.js";

export class Walk {
  /** page: {current(): the state of the page, or null; show(state, anew): resolves when it is there, or
   * to false if it was refused; train(); look(): at the
   * picture; tell(): something has changed;
   * leaves(state): this step is about to be left, for a step with this state}. */
  constructor(page) {
    this.page = page;
    this.heard = {}; // what Stages have said of their recordings, by family
    this.forget(null);
  }

  forget(lesson) {
    this.lesson = lesson; // as playground.ui.links.taught.on_page gives it
    this.at = 0;
    this.left = new Map(); // the states in which steps were left, with their runs
    this.answers = new Map(); // by step: {predicted, since, found, right}
    this.arrives = null; // the state that is on its way to the page
    this.came = undefined; // the training step with which the page showed the step's state, as a link has it
  }

  get step() {
    return this.lesson?.steps[this.at] ?? null;
  }

  /** What is predicted and known of the step's question: {predicted: index or null, since: the run that was there when
   * the answer was asked for, found, right: index or −1}. */
  get answer() {
    return this.answers.get(this.at) ?? { predicted: null, since: null };
  }

  get revealed() {
    return this.answer.found !== undefined;
  }

  /** Begin a lesson at a step. shown: whether the page shows its state already, from a link. */
  begin(lesson, at = 0, shown = false) {
    if (this.lesson) this.page.leaves(lesson.steps[at].state);
    this.forget(lesson);
    this.at = at;
    this.page.tell();
    if (!shown) this.show(this.step.state, true);
  }

  // Until a state is there, nothing can be pressed: it would be pressed for what was there before.
  async show(state, anew) {
    this.arrives = state;
    this.page.tell();
    const arrived = await this.page.show(state, anew);
    if (!arrived || this.arrives !== state) return; // it was refused, or another one is on its way
    this.arrives = null;
    if (state === this.step?.state) this.came = this.page.current()?.step ?? null;
    if (this.step?.question && !this.revealed) this.judge();
    this.page.tell();
  }

  /** The lesson and step that an entry of the browser's history had; its state comes with it. */
  returns(lesson, at) {
    if (this.lesson?.title !== lesson?.title || this.lesson?.code !== lesson?.code) this.forget(lesson);
    this.at = at;
    this.page.tell();
  }

  next() {
    return this.go(this.at + 1);
  }

  back() {
    return this.go(this.at - 1);
  }

  /** Go to a step. One that was left comes back as it was left, with its run. Returns whether there is one. */
  go(at) {
    const to = this.lesson?.steps[at];
    if (!to || at === this.at) return false;
    const here = this.page.current();
    if (here) this.left.set(this.at, here);
    const state = this.left.get(at) ?? to.state;
    this.page.leaves(state);
    Object.assign(this, { at, came: undefined });
    this.show(state, false);
    return true;
  }

  /** Show the step as it begins. Its question is open again. */
  again() {
    this.answers.delete(this.at);
    this.show(this.step.state, true);
  }

  end() {
    this.forget(null);
    this.page.tell();
  }

  /** Predict the i-th answer. What answers is then shown or trained. */
  predict(i) {
    const { question } = this.step;
    if (this.arrives || this.revealed || this.answer.predicted !== null) return;
    this.answers.set(this.at, { predicted: i, since: this.now });
    if (question.reveals) {
      this.page.look();
      return void this.show(question.reveals, true);
    }
    this.page.tell();
    if (!this.judge()) this.page.train();
  }

  /** A slot's recording has changed: {recording, frame, step}. */
  hears(family, told) {
    this.heard[family] = told;
    if (this.step?.state.family === family && !this.arrives) this.came ??= this.page.current()?.step;
    if (this.step?.state.family !== family || !this.step.question || this.revealed) return;
    if (this.judge()) this.page.tell();
  }

  get told() {
    return this.heard[this.step.state.family];
  }

  // The run that is there, with its settings.
  get now() {
    return this.told ? `${this.told.recording.run} ${this.told.recording.last?.edits ?? 0}` : null;
  }

  // Find the answer, if the run can give it. Returns whether it did.
  judge() {
    const { question } = this.step;
    const { predicted, since } = this.answer;
    if (this.arrives || this.told?.frame?.state !== "done") return false;
    if (question.reveals && (predicted === null || this.now === since)) return false;
    if (!question.reveals && !this.trained) return false;
    const found = measured(question.measure, this.told.recording, this.told.step);
    if (found === undefined) return false;
    this.answers.set(this.at, { predicted, since, found, right: rightOf(question.choices, found) });
    return true;
  }

  // Whether the run was trained here, or comes from a visitor's training: another's was not asked about.
  get trained() {
    return this.told.recording.frames.length > 1;
  }
}
