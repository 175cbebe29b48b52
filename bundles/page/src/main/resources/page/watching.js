/** A controller that renders its element again whenever one of the given event targets says `change`. */
export class Watching {
  constructor(host, ...targets) {
    this.targets = targets;
    this.update = () => host.requestUpdate();
    host.addController(this);
  }

  hostConnected() {
    this.targets.forEach((target) => target.addEventListener('change', this.update));
  }

  hostDisconnected() {
    this.targets.forEach((target) => target.removeEventListener('change', this.update));
  }
}

/** An event target that says `change`. */
export class Changing extends EventTarget {
  changed() {
    this.dispatchEvent(new Event('change'));
  }
}
