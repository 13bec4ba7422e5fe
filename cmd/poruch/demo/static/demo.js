// What the page does in the browser beyond htmx: scrolling, tabs, composers,
// modals and messages about errors. Every redraw comes from the server.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const nearEnd = el => el.scrollHeight - el.scrollTop - el.clientHeight < 90;

  // A log that was at its end stays there; one that was scrolled up stays put.
  const stuck = new WeakMap();
  const remember = () => all("[data-stick]").forEach(el => stuck.set(el, nearEnd(el)));
  const stick = () => all("[data-stick]").forEach(el => {
    if (stuck.get(el) !== false) el.scrollTop = el.scrollHeight;
  });
  document.addEventListener("htmx:beforeSwap", remember);
  document.addEventListener("load", e => { if (e.target.tagName === "IMG") stick(); }, true);

  // Tabs of a narrow window.
  const show = pane => {
    document.body.dataset.pane = pane;
    for (const tab of all("[data-tab]")) {
      const chosen = tab.dataset.tab === pane;
      tab.setAttribute("aria-selected", chosen);
      tab.tabIndex = chosen ? 0 : -1;
      if (chosen) tab.querySelector(".news").hidden = true;
    }
    all("[data-stick]").forEach(el => stuck.delete(el));
    stick();
  };
  document.addEventListener("keydown", e => {
    if (!e.target.matches("[data-tab]") || !["ArrowLeft", "ArrowRight"].includes(e.key)) return;
    const other = all("[data-tab]").find(tab => tab !== e.target);
    show(other.dataset.tab);
    other.focus();
  });
  const news = { "chat-live": "customer", "channel-live": "team", "replies-live": "team" };

  const dialogs = () => all("dialog:not([open])").forEach(d => d.showModal());

  document.addEventListener("htmx:afterSwap", e => {
    stick(); // before another part's swap looks where the logs are
    const pane = news[e.detail.target.id];
    if (pane && document.body.dataset.pane !== pane) {
      document.querySelector(`[data-tab=${pane}] .news`).hidden = false;
    }
  });
  document.addEventListener("htmx:afterSettle", () => { stick(); dialogs(); });

  // Composers: Enter sends, Shift+Enter breaks the line.
  const fit = area => { area.style.height = "auto"; area.style.height = Math.min(area.scrollHeight + 2, 150) + "px"; };
  const isNote = text => /^\s*(\/\/|note:)/i.test(text);
  document.addEventListener("input", e => {
    const area = e.target;
    if (!area.matches(".composer textarea")) return;
    fit(area);
    if ("notes" in area.dataset) area.form.classList.toggle("noting", isNote(area.value));
  });
  document.addEventListener("keydown", e => {
    if (e.key === "Enter" && !e.shiftKey && !e.isComposing && e.target.matches(".composer textarea")) {
      e.preventDefault();
      e.target.form.requestSubmit();
    }
    if (e.key === "Escape" && e.target.matches(".composer textarea")) clear(e.target.form);
  });
  // On a busy machine the answer may come, and empty the composer, between the
  // two halves of one keystroke: the second must not break a line in it.
  document.addEventListener("keypress", e => {
    if (e.key === "Enter" && !e.shiftKey && e.target.matches(".composer textarea")) e.preventDefault();
  });
  const clear = form => {
    form.reset();
    for (const name of ["edit", "reply_to"]) if (form.elements[name]) form.elements[name].value = "";
    form.querySelector(".composing").hidden = true;
    form.classList.remove("noting");
    fit(form.elements.text);
  };
  document.addEventListener("htmx:beforeRequest", e => {
    if (e.detail.elt.matches(".composer")) e.detail.elt.sent = e.detail.elt.elements.text.value;
  });
  document.addEventListener("htmx:afterRequest", e => {
    const form = e.detail.elt;
    if (!form.matches(".composer") || !e.detail.successful) return;
    if (form.elements.text.value.trim() === form.sent.trim()) clear(form);
    form.elements.text.focus();
  });
  const compose = (button, label, text) => {
    const form = button.closest(".pane").querySelector(button.closest("#team") ? "#thread .composer" : ".composer");
    if (!form) return null;
    clear(form);
    const banner = form.querySelector(".composing");
    banner.hidden = false;
    banner.querySelector("b").textContent = banner.querySelector("b").dataset[label];
    banner.querySelector("span").textContent = text;
    form.elements.text.focus();
    return form;
  };

  document.addEventListener("click", e => {
    for (const d of all("details.overflow[open]")) if (!d.contains(e.target)) d.open = false;
    const button = e.target.closest("button");
    if (!button) return;
    const { tab, reply, edit, text, name } = button.dataset;
    if (tab) show(tab);
    if (reply) {
      const form = compose(button, "replyLabel", `${name}: ${text}`);
      form.elements.reply_to.value = reply;
    }
    if (edit) {
      const form = compose(button, "editLabel", text);
      if (!form) return;
      form.elements.edit.value = edit;
      form.elements.text.value = text;
      fit(form.elements.text);
    }
    if ("cancel" in button.dataset) { clear(button.form); button.form.elements.text.focus(); }
    if (button.closest(".menu")) button.closest("details").open = false;
  });

  // Escape closes a modal the way its button does, so that the server knows.
  document.addEventListener("cancel", e => {
    if (!e.target.matches("dialog")) return;
    e.preventDefault();
    e.target.querySelector("[data-close]").click();
  }, true);

  // Errors.
  const toast = document.getElementById("toast");
  let hide;
  const tell = text => {
    toast.textContent = text;
    toast.hidden = false;
    clearTimeout(hide);
    hide = setTimeout(() => { toast.hidden = true; }, 6000);
  };
  document.addEventListener("htmx:responseError", e => tell(e.detail.xhr.responseText.trim()));

  stick();
  dialogs();
})();
