"""Contrast of two colours, as WCAG 2.2 defines it."""

# level AA for text of ordinary size
LEAST_CONTRAST = 4.5
# below it a channel is linear; WCAG's own number, which differs a little from sRGB's
_LINEAR_UNTIL = 0.03928


def contrast(one: str, other: str) -> float:
    """Ratio of two colours ``#rrggbb``, from 1 (equal) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _LINEAR_UNTIL else ((channel + 0.055) / 1.055) ** 2.4
