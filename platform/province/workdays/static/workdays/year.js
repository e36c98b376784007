// Arrow keys go from day to day and from week to week; Tab alone would pass 365 days.
const year = document.querySelector("[data-year]");

if (year) {
  const days = [...year.querySelectorAll("button")];
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  const begun = days.find((day) => `#${day.id}` === location.hash) ?? days[0];
  days.forEach((day) => (day.tabIndex = day === begun ? 0 : -1));
  if (location.hash && begun !== days[0]) begun.focus();

  year.addEventListener("keydown", (event) => {
    const place = days.indexOf(event.target);
    const next = days[place + steps[event.key]];
    if (place < 0 || !next) return;
    event.preventDefault();
    days[place].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
  year.addEventListener("focusin", (event) => {
    days.forEach((day) => (day.tabIndex = day === event.target ? 0 : -1));
  });
}
