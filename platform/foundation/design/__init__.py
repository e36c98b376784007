"""The look: tokens, components, icons, and a page that shows them all."""
