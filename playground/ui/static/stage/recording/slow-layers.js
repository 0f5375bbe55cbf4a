// Layers that take long, of a model at rest: they are asked for when somebody looks, first at the time that is shown,
// which is soon there, then at all times. While the model trains, its frames have them.

import { ask } from "../../page/asking.js";
import { hear } from "../../page/bus.js";
import { decodeLayers } from "../../paint/codec.js";

const PATIENCE = 3000; // ms that the picture before stays meanwhile

export class SlowLayers {
  constructor(stage, layers) {
    this.stage = stage;
    this.names = Object.keys(layers).filter((name) => layers[name].slow);
    this.known = { of: "", layers: {} }; // what was answered last, at all times
    this.asks = ""; // of what is being asked
    for (const news of ["recording", "looks"]) hear(stage.slot, news, () => this.fill());
  }

  // What the layers are of: the run, its step and settings, and whether the weights are averaged.
  get of() {
    const { recording, shown, transport } = this.stage;
    return [recording.run, shown?.step, shown?.edits, transport.apart].join();
  }

  get lacking() {
    const { live, runState, shown, switches } = this.stage;
    if (!live || runState === "training" || !shown) return [];
    return this.names.filter((name) => switches.seen.includes(name) && !(name in shown.layers));
  }

  fill() {
    const names = this.lacking;
    if (!names.length) return;
    const { of, known, stage } = this;
    if (known.of === of && names.every((name) => name in known.layers)) return this.add(known.layers);
    stage.screen.hold(PATIENCE);
    const asks = [of, ...names].join();
    if (asks !== this.asks) this.complete(of, names, asks);
  }

  async complete(of, names, asks) {
    const { stage } = this;
    const wanted = () => this.asks === asks && this.of === of;
    this.asks = asks;
    await stage.requests.answer; // a tab shows its model before the server has its run
    for (const whole of stage.timed ? [false, true] : [false]) {
      const found = wanted() && (await ask(stage, { ask: "layers", names, whole }));
      if (!found || found.error || !wanted()) break;
      const layers = decodeLayers(found.layers);
      if (whole || !stage.timed)
        this.known = { of, layers: { ...(this.known.of === of && this.known.layers), ...layers } };
      this.add(layers);
    }
    if (this.asks === asks) this.asks = ""; // if there was no answer, the next frame asks again
  }

  add(layers) {
    const { stage } = this;
    Object.assign(stage.recording.last.layers, layers);
    stage.screen.release();
    if (stage.live) stage.show(stage.recording.last);
  }
}
