// Where a room is on a floor plan: typed in percent, or clicked in the plan's picture.
import { notifyInput } from "../shared/dom.js";
import { roundTenth } from "../shared/figures.js";
import { figureOf, partOf } from "./parts.js";

// Shows the chosen plan, and a dot on it once both figures are typed.
function show(plan, chosen, x, y) {
  const dot = plan.querySelector("[data-dot]"), [left, top] = [x, y].map(figureOf);
  plan.hidden = plan.dataset.plan !== chosen;
  dot.hidden = Number.isNaN(left) || Number.isNaN(top);
  dot.style.left = `${left}%`;
  dot.style.top = `${top}%`;
}

export function connectFloorPlan(form) {
  const select = form.querySelector("[name=plan_photo]");
  const plans = Array.from(form.querySelectorAll("[data-plan]")), x = partOf(form, "x"), y = partOf(form, "y");
  const showAll = () => plans.forEach((plan) => show(plan, select.value, x, y));

  plans.forEach((plan) => {
    const image = plan.querySelector("img");
    image.addEventListener("click", (event) => {
      const box = image.getBoundingClientRect();
      x.value = roundTenth((event.clientX - box.left) / box.width * 100);
      y.value = roundTenth((event.clientY - box.top) / box.height * 100);
      notifyInput(form);
      showAll();
    });
  });
  form.addEventListener("input", showAll);
  form.querySelector("[data-plan-help]").hidden = false;
  showAll();
}
