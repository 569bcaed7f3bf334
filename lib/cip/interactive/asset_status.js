// A line that is read out when it changes. It also keeps the notebook's own keys (arrows, Enter,
// D D) still while a control of the editor has the focus.

export default {
  render({ model, el }) {
    const line = document.createElement("p");
    line.className = "cip-map-status";
    for (const [name, value] of [["role", "status"], ["aria-live", "polite"], ["aria-atomic", "true"]])
      line.setAttribute(name, value);
    const show = () => {
      line.textContent = model.get("words");
      line.style.visibility = line.textContent ? "" : "hidden";
    };
    el.append(line);
    model.on("change:words", show);
    show();
    // JupyterLab looks for this mark on the very element that has the focus.
    requestAnimationFrame(() => (el.closest(".cip-chooser") ?? el).addEventListener("focusin", (event) =>
      event.target.setAttribute("data-lm-suppress-shortcuts", "true")));
    return () => model.off("change:words", show);
  },
};
