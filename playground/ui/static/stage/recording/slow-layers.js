// Layers that take long, of a model at rest: they are asked for when somebody looks, first at the time that is shown,
// which is soon there, then at all times. While the model trains, its frames have them.

import { ask } from "../../page/asking.js";
import { hear } from "../../page/bus.js";
import { decodeLayers } from "../../paint/codec.js";

const PATIENCE = 3000; // ms that the picture before stays meanwhile
const AGAIN = 2000; // ms until it is asked once more after an error

export class SlowLayers {
  constructor(stage, layers) {
    this.stage = stage;
    this.names = Object.keys(layers).filter((name) => layers[name].slow);
    this.known = { of: "", layers: {} }; // what was answered last, at all times
    this.asks = ""; // of what is being asked
    this.failed = ""; // of what an answer failed
    this.at = null; // the time at which alone layers are there, until those of all times are
    for (const news of ["recording", "looks"]) hear(stage.slot, news, () => this.fill());
    hear(stage.slot, "time", () => this.leave());
  }

  // What the layers are of: the run, its step and settings, and whether the weights are averaged.
  get of() {
    const { recording, shown, transport } = this.stage;
    return [recording.run, shown?.step, shown?.edits, transport.apart].join();
  }

  // Those that are looked at, of a model at rest.
  get seen() {
    const { live, runState, shown, switches } = this.stage;
    if (!live || runState === "training" || !shown) return [];
    return this.names.filter((name) => switches.seen.includes(name));
  }

  fill() {
    const { of, known, seen, stage } = this;
    const lacking = seen.filter((name) => !(name in stage.shown.layers));
    const unknown = seen.filter((name) => known.of !== of || !(name in known.layers));
    if (lacking.length && !unknown.length) return this.add(known.layers);
    if (lacking.length) stage.screen.hold(PATIENCE);
    const asks = [of, ...unknown].join();
    if (unknown.length && asks !== this.asks) this.complete(of, unknown, asks);
  }

  async complete(of, names, asks) {
    const { stage } = this;
    const wanted = () => this.asks === asks && this.of === of;
    this.asks = asks;
    await stage.requests.answer; // a tab shows its model before the server has its run
    let found = null;
    for (const whole of stage.timed ? [false, true] : [false]) {
      found = wanted() && (await ask(stage, { ask: "layers", names, whole }));
      if (!found || found.error || !wanted()) break;
      const layers = decodeLayers(found.layers);
      this.at = whole || !stage.timed ? null : found.time;
      if (this.at === null) this.known = { of, layers: { ...(this.known.of === of && this.known.layers), ...layers } };
      this.add(layers);
    }
    if (this.asks === asks) this.asks = "";
    if (found?.error && this.failed !== asks) setTimeout(() => this.fill(), AGAIN); // it had too much to answer at once
    this.failed = found?.error ? asks : "";
  }

  // At another time, the picture of this one would be wrong.
  leave() {
    const { at, stage } = this;
    if (at === null || at === stage.clock.time || stage.runState === "training") return;
    for (const name of this.seen) delete stage.recording.last.layers[name];
    stage.screen.redraw();
  }

  add(layers) {
    const { stage } = this;
    Object.assign(stage.recording.last.layers, layers);
    this.leave();
    stage.screen.release();
    if (stage.live) stage.show(stage.recording.last);
  }
}
