// The view: one picture on the page, with its words.

const setAttribute = (element, name, value) =>
  element.getAttribute(name) === value || element.setAttribute(name, value);

const isDark = () => document.body.dataset.jpThemeLight === "false";

class View {
  constructor(list, model, el) {
    Object.assign(this, { list, model, layers: new Layers() });
    this.ended = new AbortController();
    this.canvas = element("canvas");
    this.canvas.dataset.lmSuppressShortcuts = "true";
    this.region = element("div", { className: "wbviz-live" });
    setAttribute(this.region, "aria-live", "polite");
    this.frame = element("div", { className: "wbviz-picture" });
    this.frame.append(this.canvas, this.region);
    this.take();
    el.append(this.frame);
    this.observe();
    followPointer(this);
    followKeys(this);
    followLinks(this);
    this.describe();
    list.add(this);
  }

  /** Take up the figure's size on the page; narrower where the page is. */
  take() {
    const [width, height] = this.model.get("size");
    this.frame.style.width = `${width}px`;
    this.canvas.style.aspectRatio = `${width} / ${height}`;
  }

  observe() {
    this.resized = new ResizeObserver(([entry]) => {
      this.fit(entry);
      if (!this.controls) (followKnobs(this), this.list.kept.still(this));
      this.controls ??= nameControls(this.canvas.closest(".wbviz-explorer"));
    });
    try {
      this.resized.observe(this.canvas, { box: "device-pixel-content-box" });
    } catch {
      this.resized.observe(this.canvas);
    }
    this.followRatio();
    this.theme = new MutationObserver(() => this.list.schedule());
    this.theme.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
  }

  /** Zooming the page changes how many device pixels there are, not the size. */
  followRatio() {
    const changed = () => (this.fit(), this.followRatio());
    const options = { once: true, signal: this.ended.signal };
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener("change", changed, options);
  }

  /** As many pixels as the device shows; `entry` may know the number to the pixel. */
  fit(entry) {
    const about = this.canvas.clientWidth * devicePixelRatio;
    const exact = entry?.devicePixelContentBoxSize?.[0].inlineSize;
    this.width = Math.abs(exact - about) <= 1 ? exact : Math.round(about);
    if (this.list.frame) this.paint();
  }

  describe() {
    const { canvas, model, region } = this;
    const { description } = this.list;
    const interactive = model.get("interactive");
    setAttribute(canvas, "role", interactive ? "application" : "img");
    setAttribute(canvas, "aria-label", [model.get("label"), description].filter(Boolean).join(": "));
    canvas.tabIndex = interactive ? 0 : -1;
    if (description !== this.said) {
      clearTimeout(this.saying);
      // What is there at first is read with the picture; only changes are announced.
      if (this.said) this.saying = setTimeout(() => (region.textContent = description), 500);
      this.said = description;
    }
    if (description !== this.written) this.write(description);
  }

  /** For those who see, of an explorer's first picture; a picture may be there before the place for its words is. */
  write(description) {
    const explorer = this.canvas.closest(".wbviz-explorer");
    const words = explorer?.querySelector("canvas") === this.canvas && explorer.querySelector(".wbviz-words");
    if (!words) return;
    words.textContent = description;
    this.written = description;
  }

  paint() {
    const { canvas, list } = this;
    if (!this.width) return;
    const started = performance.now();
    const [width, height] = this.model.get("size");
    const scale = this.width / width;
    const dark = isDark() ? list.dark : null;
    const pixels = { width: this.width, height: Math.round(height * scale) };
    if (canvas.width !== pixels.width || canvas.height !== pixels.height) {
      Object.assign(canvas, pixels);
      this.take();
    }
    this.layers.paint(canvas.getContext("2d"), list.shown, { scale, dark });
    this.describe();
    canvas.dataset.frame = list.frame;
    const detail = { frame: list.frame, milliseconds: performance.now() - started };
    canvas.dispatchEvent(new CustomEvent("wbviz-painted", { bubbles: true, detail }));
  }

  remove() {
    this.list.remove(this);
    this.ended.abort();
    this.resized.disconnect();
    this.theme.disconnect();
    this.controls?.disconnect();
    clearTimeout(this.saying);
    this.frame.remove();
  }
}
