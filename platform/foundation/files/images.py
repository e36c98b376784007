"""Pictures made fit for pages: turned upright, freed of metadata, in several widths."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Final

from PIL import Image, ImageFile, ImageOps, ImageSequence, UnidentifiedImageError

from foundation.confinement import MEGABYTE, Limits, confined
from foundation.files.checks import Content, FileKind, refuse

# of the copy that stands for the original: wider or higher than any screen shows
LONGEST_SIDE = 2560
WIDTHS = (320, 800, 1600)
# a camera's picture is decoded at a fraction of its size; anything else needs up to four bytes a pixel
MOST_PIXELS = 50_000_000
MOST_PLAIN_PIXELS = 25_000_000  # a GIF's frames together, too
_QUALITY = 85
# of a photograph that comes in steps; a program that makes them takes ten
_SCAN: Final = b"\xff\xda"
_MOST_SCANS: Final = 200
_KEPT: Final = ("JPEG", "PNG", "GIF", "WEBP")
_LIMITS: Final = Limits(seconds=20, memory=1536 * MEGABYTE, answer=64 * MEGABYTE)
_TOO_HARD: Final = "图片太大或太复杂，处理它要的时间或内存超过了限度。请缩小后再上传。"


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture. Bytes are the whole file."""

    content: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Pictures:
    """The picture itself, and WebP copies by their width (only those narrower than it)."""

    main: Picture
    copies: dict[int, Picture]


def make_pictures(content: Content, kind: FileKind) -> Pictures:
    """Raises Invalid for what is no whole picture of that kind, or would take too much memory or time to be unpacked.

    That is done in a process of its own."""
    task, limits = "foundation.files.images:make_pictures_file", _LIMITS
    name = kind.media_type.removeprefix("image/").upper()
    with confined(task, content, limits=limits, too_much=_TOO_HARD, name=name, label=kind.label) as out:
        facts = json.loads(out.readline())
        pictures = [Picture(out.read(length), width, height) for length, width, height in facts]
    main, *copies = pictures
    return Pictures(main, {copy.width: copy for copy in copies})


def make_pictures_file(file: IO[bytes], *, name: str, label: str) -> Iterator[bytes]:
    """``make_pictures`` as a confined work: lengths and sizes in a line, then the pictures, the main one first."""
    made = _made(BytesIO(file.read()), name, label)
    pictures = [made.main, *made.copies.values()]
    yield json.dumps([(len(one.content), one.width, one.height) for one in pictures]).encode() + b"\n"
    yield from (one.content for one in pictures)


def make_jpeg(content: bytes, *, most_bytes: int) -> bytes:
    """A still JPEG of no more bytes than that out of a picture that we keep, for places that take no other: on white,
    made smaller as far as is needed. Raises Invalid where it cannot be unpacked."""
    task = "foundation.files.images:make_jpeg_file"
    with confined(task, content, limits=_LIMITS, too_much=_TOO_HARD, most_bytes=most_bytes) as out:
        return out.read()


def make_jpeg_file(file: IO[bytes], *, most_bytes: int) -> Iterator[bytes]:
    """``make_jpeg`` as a confined work."""
    try:
        with Image.open(BytesIO(file.read()), formats=_KEPT) as image:
            still = _upright(image).convert("RGBA")
    except (Image.DecompressionBombError, UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise refuse("这张图片读不出来，可能已损坏。请重新上传。") from error
    white = Image.new("RGB", still.size, "white")
    white.paste(still, mask=still.getchannel("A"))
    made = _encoded(white, "JPEG")
    while len(made) > most_bytes:
        white = white.resize((max(1, white.width * 3 // 4), max(1, white.height * 3 // 4)), Image.Resampling.LANCZOS)
        made = _encoded(white, "JPEG")
    yield made


def _made(content: BytesIO, name: str, label: str) -> Pictures:
    # each of them goes over all the picture once more
    if name == "JPEG" and content.getvalue().count(_SCAN) > _MOST_SCANS:
        raise refuse(_TOO_HARD)
    try:
        content.seek(0)
        with Image.open(content, formats=[name]) as probe:
            _check_size(probe, name)
            probe.verify()
            content.seek(0)
            with Image.open(content, formats=[name]) as image:
                return _pictures(image, name)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        message = f"这个文件不是完整的 {label}，可能已损坏或被改过扩展名。请重新导出后再上传。"
        raise refuse(message) from error


def _too_large(most: int = MOST_PLAIN_PIXELS) -> Exception:
    return refuse(f"图片尺寸过大，最多 {most // 10_000} 万像素。请缩小后再上传。")


def _check_size(image: ImageFile.ImageFile, name: str) -> None:
    most = MOST_PIXELS if name == "JPEG" else MOST_PLAIN_PIXELS
    size = image.width * image.height
    # counting frames decodes none of them, and is itself only done for what is small enough
    if size > most or (name != "JPEG" and size * getattr(image, "n_frames", 1) > most):
        raise _too_large(most)


def _pictures(image: ImageFile.ImageFile, name: str) -> Pictures:
    # what a telephone puts behind a photograph (depth, a second lens: MPO) moves nothing
    if name != "JPEG" and getattr(image, "is_animated", False):
        frames = [frame.copy() for frame in ImageSequence.Iterator(image)]
        still = frames[0].convert("RGBA")
        main = Picture(_animated(frames, image, name), image.width, image.height)
    else:
        if name == "JPEG":
            # decodes at a half or a quarter where that is still large enough: saves the memory of a camera's original
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        still = _upright(image)
        main = Picture(_encoded(still, name), still.width, still.height)
    return Pictures(main, dict(_copies(still)))


def _upright(image: Image.Image) -> Image.Image:
    """Made small first, so that every further copy costs little memory. A palette cannot be scaled: colours can."""
    small = _plain(image) if image.mode in {"P", "1"} else image
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return _plain(ImageOps.exif_transpose(small))


def _plain(image: Image.Image) -> Image.Image:
    """Pixels alone, in colours that every format can hold."""
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    plain = image.convert("RGBA" if has_alpha else "RGB")
    plain.info.clear()
    return plain


def _encoded(image: Image.Image, name: str) -> bytes:
    out = BytesIO()
    if name == "JPEG":
        image.convert("RGB").save(out, "JPEG", quality=_QUALITY, progressive=True)
    elif name == "WEBP":
        image.save(out, "WEBP", quality=_QUALITY)
    else:
        image.save(out, name)
    return out.getvalue()


def _animated(frames: list[Image.Image], image: ImageFile.ImageFile, name: str) -> bytes:
    out = BytesIO()
    options = {key: image.info[key] for key in ("duration", "loop") if key in image.info}
    frames[0].save(out, name, save_all=True, append_images=frames[1:], **options)
    return out.getvalue()


def _copies(image: Image.Image) -> Iterator[tuple[int, Picture]]:
    for width in WIDTHS:
        if width < image.width:
            copy = image.resize((width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS)
            yield width, Picture(_encoded(copy, "WEBP"), copy.width, copy.height)
