"""Small drawn pictures for the demo's articles: nobody's photograph, and every run draws the same."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from math import sin

from PIL import Image, ImageDraw

_SIZE = (1200, 800)
type _Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class DemoPicture:
    """A picture that is drawn by the program: nobody's rights are in it. ``alt`` says what it shows."""

    name: str
    # what it shows, for those who cannot see it
    alt: str
    draw: Callable[[ImageDraw.ImageDraw], None]

    def png(self) -> BytesIO:
        """Draw it, and return it as PNG."""
        image = _sky((222, 235, 247), (250, 244, 232))
        self.draw(ImageDraw.Draw(image))
        buffer = BytesIO()
        image.save(buffer, "PNG")
        buffer.seek(0)
        return buffer


def emblem() -> BytesIO:
    """Draw the county's emblem (PNG, 512 × 512): a bridge over two rivers in a ring, as 当阳 lies between 沮 and 漳."""
    image = Image.new("RGB", (512, 512), "white")
    pen = ImageDraw.Draw(image)
    pen.ellipse((16, 16, 496, 496), fill=(18, 87, 168))
    pen.ellipse((48, 48, 464, 464), fill="white")
    pen.pieslice((116, 130, 396, 410), 180, 360, fill=(18, 87, 168))
    pen.pieslice((166, 180, 346, 360), 180, 360, fill="white")
    for shift in (300, 345):
        points = [(x, shift + 12 * sin(x / 28)) for x in range(96, 420, 6)]
        pen.line(points, fill=(18, 87, 168), width=16, joint="curve")
    buffer = BytesIO()
    image.save(buffer, "PNG")
    buffer.seek(0)
    return buffer


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


def _sky(top: _Colour, bottom: _Colour) -> Image.Image:
    column = Image.new("RGB", (1, _SIZE[1]))
    for y in range(_SIZE[1]):
        share = y / _SIZE[1]
        column.putpixel((0, y), tuple(round(a + (b - a) * share) for a, b in zip(top, bottom, strict=True)))
    return column.resize(_SIZE)


def _hills(pen: ImageDraw.ImageDraw, colour: _Colour, base: int, height: int, length: int) -> None:
    ridge = [(x, base - height * sin(x / length) - height / 3 * sin(x / length * 2.7)) for x in range(0, 1201, 10)]
    pen.polygon([(0, 800), *ridge, (1200, 800)], fill=colour)


def _field(pen: ImageDraw.ImageDraw) -> None:
    _hills(pen, (148, 178, 160), 380, 60, 210)
    pen.rectangle((0, 420, 1200, 800), fill=(226, 189, 96))
    for row in range(14):
        pen.line((600 + (row - 7) * 18, 420, 600 + (row - 7) * 190, 800), fill=(198, 158, 66), width=6)
    pen.ellipse((930, 90, 1050, 210), fill=(244, 165, 96))


def _river(pen: ImageDraw.ImageDraw) -> None:
    _hills(pen, (176, 190, 197), 360, 70, 170)
    _hills(pen, (196, 120, 72), 430, 40, 90)
    pen.rectangle((0, 440, 1200, 800), fill=(126, 171, 190))
    for y in range(470, 800, 34):
        pen.line([(x, y + 5 * sin(x / 40 + y)) for x in range(0, 1201, 12)], fill=(164, 201, 215), width=4)
    pen.polygon([(520, 600), (760, 600), (715, 650), (565, 650)], fill=(84, 62, 48))
    pen.line((640, 600, 640, 480), fill=(84, 62, 48), width=6)


def _tower(pen: ImageDraw.ImageDraw) -> None:
    _hills(pen, (160, 186, 150), 520, 50, 190)
    pen.rectangle((0, 620, 1200, 800), fill=(188, 198, 150))
    pen.polygon([(520, 640), (680, 640), (650, 300), (550, 300)], fill=(178, 94, 72))
    pen.rectangle((490, 190, 710, 310), fill=(196, 110, 84))
    pen.polygon([(470, 190), (730, 190), (600, 110)], fill=(92, 76, 70))
    for y in (225, 360, 450, 540):
        pen.ellipse((575, y, 625, y + 50), fill=(250, 231, 170))


def _building(pen: ImageDraw.ImageDraw) -> None:
    _hills(pen, (190, 204, 200), 520, 40, 240)
    pen.rectangle((0, 640, 1200, 800), fill=(206, 206, 200))
    pen.rectangle((240, 260, 960, 660), fill=(240, 240, 236))
    pen.rectangle((200, 220, 1000, 270), fill=(18, 87, 168))
    for row in range(3):
        for place in range(9):
            left = 275 + place * 75
            pen.rectangle((left, 300 + row * 90, left + 50, 360 + row * 90), fill=(132, 172, 206))
    pen.rectangle((540, 570, 660, 660), fill=(70, 104, 138))


def _counter(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((0, 0, 1200, 800), fill=(238, 243, 247))
    pen.rectangle((0, 120, 1200, 200), fill=(18, 87, 168))
    pen.rectangle((0, 480, 1200, 640), fill=(214, 192, 160))
    pen.rectangle((0, 640, 1200, 800), fill=(226, 226, 222))
    for place in range(4):
        left = 110 + place * 270
        pen.ellipse((left + 40, 290, left + 120, 370), fill=(232, 196, 170))
        pen.rounded_rectangle((left, 370, left + 160, 500), radius=40, fill=(52, 92, 132))
        pen.rectangle((left + 20, 420, left + 140, 490), fill=(46, 54, 64))
        pen.rectangle((left + 50, 140, left + 110, 180), fill="white")


PICTURES = {
    "field": DemoPicture("稻田.png", "秋天的稻田，远处是起伏的山丘", _field),
    "river": DemoPicture("沮漳河.png", "沮漳河上的渔船，两岸水杉转红", _river),
    "tower": DemoPicture("水塔书屋.png", "由红砖水塔改成的乡村书屋", _tower),
    "building": DemoPicture("政务服务中心.png", "市政务服务中心大楼正面", _building),
    "counter": DemoPicture("服务窗口.png", "便民服务大厅里的一排低柜台窗口", _counter),
}
