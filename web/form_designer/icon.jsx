// An icon of the design's sheet; words stand beside it.
const SHEET = document.querySelector("[data-form-designer]")?.dataset.icons ?? "";

export function Icon({ name }) {
  return (
    <svg class="icon" aria-hidden="true" focusable="false">
      <use href={`${SHEET}#${name}`} />
    </svg>
  );
}
