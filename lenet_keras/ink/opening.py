"""A picture of any kind opened, and brought to grey of a bounded size."""

import contextlib
import os
import warnings

import numpy as np

LONGEST = 2000
"""Pixels along the longer side of a picture beyond which it is shrunk, by averaging squares of pixels."""
LARGEST = 400_000_000
"""Pixels beyond which a picture is refused. (Of a file Pillow itself refuses more than 179 million.)"""


def as_grey(image):
    """Brightness float32 from 0 to 1 of at most LONGEST pixels a side, the factor of shrinking, and the size before."""
    from PIL import Image

    if isinstance(image, (str, os.PathLike)):
        image = _from_file(image)
    if not isinstance(image, Image.Image) or image.mode.startswith(("I", "F")):  # these modes have more than 8 bits
        image = _from_array(image)
    _check_size(image.height, image.width)
    try:
        image.load()
    except (OSError, ValueError, NotImplementedError) as error:
        raise ValueError(f"The picture cannot be read: {str(error).rstrip('.')}.") from None
    factor = -(-max(image.size) // LONGEST)
    if "A" in image.getbands() or "transparency" in image.info:
        small = image.convert("RGBA").reduce(factor)
        ground = Image.new("RGBA", small.size, "white")
        if _one_colour(np.asarray(small)):
            small = Image.composite(Image.new("RGBA", small.size, "black"), ground, small.getchannel("A"))
        small = Image.alpha_composite(ground, small).convert("L")
    else:
        small = image.convert("L").reduce(factor)
    return np.asarray(small, "float32") / 255, factor, (image.height, image.width)


def _one_colour(rgba):
    """Whether a picture is a drawing in one colour on a transparent layer: it is seen best in black on white."""
    drawn = rgba[..., 3] > 127
    return drawn.any() and not drawn.all() and np.ptp(rgba[drawn][:, :3], axis=0).max() < 16


def _from_file(path):
    """The Pillow image in a file, upright."""
    from PIL import Image, ImageOps

    path = os.fspath(path)
    if path.startswith(("http://", "https://")):
        raise ValueError("Addresses are not fetched: save the picture as a file first, and name that file.")
    with contextlib.suppress(ImportError):
        import pillow_heif

        pillow_heif.register_heif_opener()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # large is fine
            with Image.open(path) as file:
                return ImageOps.exif_transpose(file)
    except FileNotFoundError:
        folder, name = os.path.split(os.path.abspath(path))
        raise ValueError(f"There is no file {name} in the folder {folder}.") from None
    except (OSError, SyntaxError, ValueError, NotImplementedError, Image.DecompressionBombError) as error:
        raise ValueError(f"{os.path.basename(path)} cannot be read as an image: {_why_not(path, error)}") from None


def _why_not(path, error):
    """What a file is that Pillow cannot read, and what to do with it."""
    if os.path.isdir(path):
        return "it is a folder; name a picture in it."
    with open(path, "rb") as file:
        begin = file.read(64)
    if begin[4:8] == b"ftyp":
        return "it is HEIC, as iPhones save photos; send it as JPEG, or run pip install pillow-heif and restart."
    if begin.startswith(b"%PDF"):
        return "it is a PDF; save the page as PNG or JPEG."
    if b"<svg" in begin or begin.startswith(b"<?xml"):
        return "it is a drawing in SVG; save it as PNG."
    what = str(error).split(" image file ")[0] if "cannot identify" in str(error) else str(error)
    return f"{what.rstrip('.')}."


def _from_array(image):
    """An array of grey values or colours, with or without alpha, as a Pillow image of 8 bits a channel."""
    from PIL import Image

    try:
        image = np.asarray(image)
    except (ValueError, TypeError):
        raise ValueError("The picture is no array: its rows differ in length.") from None
    if image.dtype.kind not in "buif":
        raise ValueError(f"A picture holds integers, floats or booleans, not values of type {image.dtype}.")
    if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] not in (1, 2, 3, 4)):
        raise ValueError(f"A picture has shape (height, width) or (height, width, 1 to 4 channels), not {image.shape}.")
    _check_size(*image.shape[:2])
    parts = [image[..., :-1], image[..., -1:]] if image.shape[2:] in ((2,), (4,)) else [image]
    bands = np.dstack([_eight_bits(part) for part in parts])  # alpha has a scale of its own
    return Image.fromarray(bands[..., 0] if bands.shape[2] == 1 else bands)


def _check_size(height, width):
    if not height * width:
        raise ValueError(f"The picture has no pixels: its shape is ({height}, {width}).")
    if height * width > LARGEST:
        raise ValueError(f"The picture has {height:,}×{width:,} pixels, more than {LARGEST:,}: make it smaller.")


def _eight_bits(values):
    """Values on one of the usual scales, or on one of their own, as uint8 from 0 to 255."""
    if values.dtype == np.uint8:
        return values
    low, top = float(values.min()), float(values.max())
    if not np.isfinite([low, top]).all():
        raise ValueError("The picture holds values that are not finite numbers (NaN or infinity).")
    if max(-low, top) > 1e30:
        raise ValueError(f"The picture holds values from {low:.1e} to {top:.1e}, which are no grey values.")
    usual = [white for white, least in ((1, 0), (255, 16), (65535, 4096)) if least <= top <= white]
    low, white = (0, usual[0]) if low >= 0 and usual else (low, top)
    return np.rint((values - np.float64(low)) * (255 / ((white - low) or 1))).astype("uint8")
