"""Pictures for the demo's articles: landscapes that are computed, nobody's photographs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import pairwise
from math import sin
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

_SIZE = (1200, 800)
type _Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class DemoPicture:
    """A picture that is made by the program: nobody's rights are in it. ``alt`` says what it shows."""

    name: str
    # what it shows, for those who cannot see it
    alt: str
    make: Callable[[], Image.Image]

    def jpeg(self) -> BytesIO:
        """Return it as JPEG; made once, which takes a second."""
        return BytesIO(_jpeg(self.make))


@cache
def _jpeg(make: Callable[[], Image.Image]) -> bytes:
    buffer = BytesIO()
    make().save(buffer, "JPEG", quality=86)
    return buffer.getvalue()


def signed_paper() -> BytesIO:
    """Draw the scan of a signed paper (PNG, 900 × 1200): lines in place of words, a signature and a seal."""
    image = Image.new("RGB", (900, 1200), "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((300, 110, 600, 150), fill=(60, 60, 60))
    for row in range(9):
        pen.rectangle((110, 260 + row * 70, 790 - (row % 3) * 110, 274 + row * 70), fill=(150, 150, 150))
    pen.line([(520 + x, 1000 + 22 * sin(x / 9)) for x in range(0, 190, 3)], fill=(30, 40, 110), width=6)
    pen.ellipse((590, 900, 760, 1070), outline=(190, 30, 30), width=8)
    buffer = BytesIO()
    image.save(buffer, "PNG")
    buffer.seek(0)
    return buffer


def _chance(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - hills


def _gradient(size: tuple[int, int], colours: Sequence[_Colour]) -> Image.Image:
    column = Image.new("RGB", (1, len(colours)))
    column.putdata(list(colours))
    return column.resize(size, Image.Resampling.BICUBIC)


def _ridge(chance: Random, base: int, height: int, roughness: float) -> list[tuple[float, float]]:
    """A line of hills: halves are shifted again and again, each time by less."""
    heights = [chance.uniform(-1, 1) for _ in range(4)]
    shift = 1.0
    while len(heights) < _SIZE[0]:
        shift *= roughness
        middles = [(a + b) / 2 + chance.uniform(-shift, shift) for a, b in pairwise(heights)]
        heights = [one for pair in zip(heights, middles, strict=False) for one in pair] + heights[-1:]
    step = _SIZE[0] / (len(heights) - 1)
    return [(place * step, base - height * one) for place, one in enumerate(heights)]


def _hills(chance: Random, near: _Colour, haze: _Colour, bases: Sequence[int]) -> Image.Image:
    """Hills behind hills under a sky: the farther, the more they fade into the haze, which lies in the valleys."""
    image = _gradient(_SIZE, [(126, 160, 196), (176, 200, 222), (226, 226, 218), haze, haze])
    for number, base in enumerate(bases, start=1):
        share = number / len(bases)
        red, green, blue = (round(a + (b - a) * share**1.4) for a, b in zip(haze, near, strict=True))
        colour = (red, green, blue)
        line = _ridge(chance, base, 34 + 46 * number // 2, 0.52)
        mask = Image.new("L", _SIZE, 0)
        ImageDraw.Draw(mask).polygon([(0, 800), *line, (1200, 800)], fill=255)
        is_near = number == len(bases)
        slope = Image.new("RGB", _SIZE, colour) if is_near else _gradient(_SIZE, [colour, colour, haze, haze])
        image.paste(slope, (0, 0), mask.filter(ImageFilter.GaussianBlur(0.8)))
        image = image.filter(ImageFilter.GaussianBlur(1.6 - share))
    return image


def _with_light(image: Image.Image, place: tuple[int, int], strength: int) -> Image.Image:
    """The sun behind thin clouds."""
    light = Image.new("RGB", _SIZE)
    x, y = place
    colour = (strength, strength - 20, strength - 70)
    ImageDraw.Draw(light).ellipse((x - 90, y - 90, x + 90, y + 90), fill=colour)
    return ImageChops.screen(image, light.filter(ImageFilter.GaussianBlur(110)))


def _with_grain(image: Image.Image) -> Image.Image:
    grain = Image.effect_noise(_SIZE, 14).convert("RGB")
    return Image.blend(image, ImageChops.overlay(image, grain), 0.5)


def _river() -> Image.Image:
    """Hills, and below the bank their image in still water."""
    bank = 500
    image = _with_light(_hills(_chance(420582), (58, 74, 66), (214, 208, 196), (300, 360, 420, 470)), (820, 190), 190)
    water = image.crop((0, 2 * bank - 800, 1200, bank)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    water = Image.blend(water.filter(ImageFilter.GaussianBlur(5)), Image.new("RGB", water.size, (92, 116, 128)), 0.34)
    image.paste(water, (0, bank))
    pen, chance = ImageDraw.Draw(image, "RGBA"), _chance(7)
    for _ in range(520):
        y = bank + 300 * chance.random() ** 1.6
        length = 6 + (y - bank) / 3 * chance.random()
        x = chance.uniform(-40, 1200)
        pen.line((x, y, x + length, y), fill=(236, 234, 226, chance.randrange(14, 60)), width=1 + int(y - bank) // 140)
    return _with_grain(image.filter(ImageFilter.GaussianBlur(0.7)))


def _field() -> Image.Image:
    """A ripe field before hills: stalks, the nearer the longer."""
    image = _with_light(_hills(_chance(18), (82, 104, 72), (222, 220, 206), (290, 350, 400)), (300, 170), 200)
    pen, chance = ImageDraw.Draw(image), _chance(11)
    pen.rectangle((0, 416, 1200, 800), fill=(150, 134, 76))
    for y in range(420, 800, 2):
        near = (y - 420) / 380
        for _ in range(round(260 - 150 * near)):
            x, length = chance.uniform(0, 1200), 3 + 34 * near**1.5 * chance.random()
            tone = chance.uniform(0.72, 1.08) * (1 - 0.22 * near)
            colour = (round(206 * tone), round(172 * tone), round(92 * tone))
            pen.line((x, y, x + chance.uniform(-0.3, 0.3) * length, y - length), fill=colour, width=1 + int(2 * near))
    return _with_grain(image.filter(ImageFilter.GaussianBlur(0.8)))


def _morning() -> Image.Image:
    """Wooded hills in the haze of the morning."""
    image = _hills(_chance(25), (44, 66, 58), (220, 224, 222), (260, 340, 430, 520, 620))
    return _with_grain(_with_light(image, (600, 150), 170))


PICTURES = {
    "field": DemoPicture("稻田.jpg", "成熟的稻田，远处是层层山丘", _field),
    "river": DemoPicture("沮漳河.jpg", "平静的河面映着两岸的山", _river),
    "morning": DemoPicture("晨雾.jpg", "晨雾里层层叠叠的山", _morning),
}
