"""Draw pictures for the demonstration: houses, rooms, plans and landscapes, each from a seed."""

import random
from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Points = Sequence[tuple[float, float]]
SIZE = (1600, 1200)
_SCALE = 1.5  # drawn larger, then reduced: smooth edges

_SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((126, 178, 221), (236, 243, 240)),
    ((150, 190, 215), (250, 236, 214)),
    ((240, 178, 138), (252, 232, 198)),
    ((163, 188, 205), (232, 234, 230)),
)
_GREENS: tuple[Colour, ...] = ((122, 153, 84), (148, 163, 78), (174, 158, 84), (104, 146, 98))
_ROOFS: tuple[Colour, ...] = ((74, 80, 90), (92, 84, 80), (128, 72, 56), (62, 78, 84))
_WALLS: tuple[Colour, ...] = ((240, 230, 212), (226, 212, 186), (214, 206, 196), (236, 226, 222))
_WOOD: Colour = (112, 78, 52)


def draw(kind: str, seed: int, size: tuple[int, int] = SIZE) -> Image.Image:
    """Draw a picture of `kind`: "exterior", "interior", "plan", "surroundings" or "land".

    The same seed draws the same picture. `size` is in pixels.
    """
    canvas = _Canvas(random.Random(f"{kind}{seed}"), size)  # noqa: S311  (a drawing, not a secret)
    _DRAWINGS[kind](canvas)
    return canvas.finished()


class _Canvas:
    """A picture that is drawn in units of 0…1600 by 0…1200, whatever its size in pixels."""

    def __init__(self, rng: random.Random, size: tuple[int, int]) -> None:
        self.rng, self.size = rng, size
        self.factor = size[0] / SIZE[0] * _SCALE
        self.image = Image.new("RGB", (round(size[0] * _SCALE), round(size[1] * _SCALE)))
        self.pen = ImageDraw.Draw(self.image)

    def _at(self, points: Points) -> list[tuple[float, float]]:
        return [(x * self.factor, y * self.factor) for x, y in points]

    def shape(self, points: Points, colour: Colour) -> None:
        self.pen.polygon(self._at(points), fill=colour)

    def box(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        self.shape([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], colour)

    def line(self, points: Points, colour: Colour, width: float) -> None:
        self.pen.line(self._at(points), fill=colour, width=max(1, round(width * self.factor)), joint="curve")

    def ball(self, x: float, y: float, rx: float, ry: float, colour: Colour) -> None:
        f = self.factor
        self.pen.ellipse([(x - rx) * f, (y - ry) * f, (x + rx) * f, (y + ry) * f], fill=colour)

    def fade(self, top: Colour, bottom: Colour, y: float = 0, height: float = 1200) -> None:
        rows = max(1, round(height * self.factor))
        steps = np.linspace(0, 1, rows)[:, None]
        column = np.asarray(top) * (1 - steps) + np.asarray(bottom) * steps
        band = Image.fromarray(column.astype(np.uint8)[:, None, :]).resize((self.image.width, rows))
        self.image.paste(band, (0, round(y * self.factor)))
        self.pen = ImageDraw.Draw(self.image)

    def shade(self, points: Points, strength: int = 70, blur: float = 24) -> None:
        """Draw a soft shadow over a shape."""
        mask = Image.new("L", (self.image.width // 4, self.image.height // 4))
        small = [(x * self.factor / 4, y * self.factor / 4) for x, y in points]
        ImageDraw.Draw(mask).polygon(small, fill=strength)
        mask = mask.filter(ImageFilter.GaussianBlur(blur * self.factor / 4)).resize(self.image.size)
        self.image.paste((20, 22, 36), mask=mask)

    def finished(self) -> Image.Image:
        image = self.image.resize(self.size, Image.Resampling.LANCZOS)
        grain = np.random.default_rng(self.rng.randrange(1 << 30)).normal(0, 2.2, (self.size[1], self.size[0], 1))
        return Image.fromarray(np.clip(np.asarray(image, np.float32) + grain, 0, 255).astype(np.uint8))


def _mix(one: Colour, two: Colour, share: float) -> Colour:
    mixed = [round(a + (b - a) * share) for a, b in zip(one, two, strict=True)]
    return mixed[0], mixed[1], mixed[2]


def _ridge(c: _Canvas, base: float, height: float, colour: Colour, *, rough: float = 1.0) -> None:
    waves = [(c.rng.uniform(0.8, 3.6), c.rng.uniform(0, 6.3), c.rng.uniform(0.3, 1)) for _ in range(4)]
    points = [(0.0, 1200.0)]
    for x in range(0, 1640, 40):
        wave = sum(a * np.sin(f * x / 260 * rough + p) for f, p, a in waves) / 4
        points.append((x, base - height * (0.55 + 0.45 * wave)))
    c.shape([*points, (1600, 1200)], colour)


def _sky(c: _Canvas) -> Colour:
    top, bottom = c.rng.choice(_SKIES)
    c.fade(top, bottom, 0, 760)
    for _ in range(c.rng.randint(2, 4)):
        x, y = c.rng.uniform(0, 1600), c.rng.uniform(60, 300)
        for n in range(5):
            c.ball(x + n * 62, y + c.rng.uniform(-9, 9), 72, 17 + 8 * (n % 3), _mix(bottom, (255, 255, 255), 0.6))
    return bottom


def _country(c: _Canvas, horizon: float = 660) -> Colour:
    haze, green = _sky(c), c.rng.choice(_GREENS)
    for step, height in ((0.72, 300), (0.5, 210), (0.28, 120)):
        _ridge(c, horizon, height, _mix(_mix(green, (60, 84, 96), 0.55), haze, step))
    c.fade(_mix(green, haze, 0.25), _mix(green, (60, 70, 40), 0.25), horizon, 1200 - horizon)
    return green


def _tree(c: _Canvas, x: float, y: float, size: float, colour: Colour) -> None:
    c.box(x - size * 0.05, y - size * 0.5, size * 0.1, size * 0.5, _mix(_WOOD, (40, 30, 24), 0.3))
    for share, light in ((1.0, -0.25), (0.8, 0.0), (0.55, 0.22)):
        tone = _mix(colour, (30, 46, 30), -light) if light < 0 else _mix(colour, (235, 240, 190), light)
        for _ in range(7):
            dx, dy = c.rng.uniform(-0.34, 0.34) * share * size, c.rng.uniform(-0.3, 0.3) * share * size
            c.ball(x + dx, y - size * 0.78 + dy, size * 0.22 * share + 8, size * 0.2 * share + 8, tone)


def _roof(c: _Canvas, x: float, y: float, width: float, height: float, overhang: float, colour: Colour) -> None:
    """Draw a tiled roof: a hipped shape with rows and columns of tiles, a light ridge and a dark eave."""
    inset = width * 0.2
    left, right = x - overhang, x + width + overhang
    c.shape([(left, y), (x + inset, y - height), (x + width - inset, y - height), (right, y)], colour)
    dark, light = _mix(colour, (12, 14, 18), 0.32), _mix(colour, (255, 255, 255), 0.22)
    for row in range(1, 9):
        t = row / 9
        ya = y - height * (1 - t)
        c.line(
            [(x + inset + (left - x - inset) * t, ya), (x + width - inset + (right - x - width + inset) * t, ya)],
            dark,
            2.4,
        )
    columns = int(width / 26)
    for column in range(1, columns):
        t = column / columns
        top, bottom = x + inset + (width - 2 * inset) * t, left + (right - left) * t
        c.line([(top, y - height), (bottom, y)], _mix(colour, dark, 0.55), 1.8)
    c.line([(x + inset - 14, y - height), (x + width - inset + 14, y - height)], light, 17)
    c.line([(left, y), (right, y)], dark, 15)


def _window(c: _Canvas, x: float, y: float, width: float, height: float, panes: int) -> None:
    c.box(x - 8, y - 8, width + 16, height + 16, _WOOD)
    glass = c.rng.choice(((196, 214, 220), (236, 214, 160), (178, 200, 208)))
    for pane in range(panes):
        w = width / panes
        c.box(x + pane * w + 3, y, w - 6, height, glass)
        c.shape([(x + pane * w + 3, y + height), (x + pane * w + w * 0.55, y), (x + pane * w + w * 0.8, y),
                 (x + pane * w + w * 0.28, y + height)], _mix(glass, (255, 255, 255), 0.35))  # fmt: skip
        c.line([(x + pane * w + 3, y + height * 0.5), (x + pane * w + w - 3, y + height * 0.5)], _WOOD, 4)


def _house(c: _Canvas, x: float, ground: float, width: float) -> None:
    wall, roof = c.rng.choice(_WALLS), c.rng.choice(_ROOFS)
    storey = width * 0.2
    two = c.rng.random() < 0.45
    c.shade(
        [(x - 80, ground - 14), (x + width + 140, ground - 14), (x + width + 60, ground + 60), (x - 20, ground + 60)]
    )
    if two:
        upper, ux = width * 0.56, x + width * c.rng.choice((0.08, 0.36))
        top = ground - storey * 1.36
        c.box(ux, top - storey, upper, storey + 40, wall)
        _window(c, ux + upper * 0.12, top - storey * 0.72, upper * 0.32, storey * 0.45, 2)
        _window(c, ux + upper * 0.6, top - storey * 0.72, upper * 0.26, storey * 0.45, 2)
        _roof(c, ux, top - storey, upper, storey * 0.72, width * 0.06, roof)
    c.box(x, ground - storey, width, storey, wall)
    c.box(x, ground - storey * 0.34, width, storey * 0.34, _mix(_WOOD, wall, 0.25))
    for n in range(int(width / 20)):
        c.line([(x + n * 20, ground - storey * 0.34), (x + n * 20, ground)], _mix(_WOOD, (40, 26, 18), 0.3), 1.6)
    door = c.rng.choice((0.1, 0.42, 0.74))
    _window(c, x + width * door, ground - storey * 0.78, width * 0.16, storey * 0.76, 2)
    for at in (0.12, 0.34, 0.62, 0.8):
        if abs(at - door) > 0.17:
            _window(c, x + width * at, ground - storey * 0.72, width * 0.14, storey * 0.42, 2)
    c.shade(
        [
            (x, ground - storey),
            (x + width, ground - storey),
            (x + width, ground - storey * 0.8),
            (x, ground - storey * 0.8),
        ],
        90,
        14,
    )
    _roof(c, x, ground - storey, width, storey * (0.78 if two else 1.02), width * 0.075, roof)


def _exterior(c: _Canvas) -> None:
    green = _country(c, 640)
    ground = 985.0
    for _ in range(c.rng.randint(2, 4)):
        _tree(c, c.rng.choice((c.rng.uniform(40, 260), c.rng.uniform(1330, 1560))), c.rng.uniform(800, 900),
              c.rng.uniform(230, 420), _mix(green, (60, 96, 60), 0.4))  # fmt: skip
    width = c.rng.uniform(820, 980)
    x = (1600 - width) / 2 + c.rng.uniform(-90, 90)
    _house(c, x, ground, width)
    path = _mix((206, 196, 176), green, 0.1)
    c.shape(
        [(x + width * 0.44, ground), (x + width * 0.56, ground), (x + width * 0.72, 1200), (x + width * 0.28, 1200)],
        path,
    )
    for _ in range(60):
        gx, gy = c.rng.uniform(0, 1600), c.rng.uniform(1010, 1195)
        c.line([(gx, gy), (gx + c.rng.uniform(-6, 6), gy - c.rng.uniform(12, 30))], _mix(green, (40, 70, 30), 0.4), 4)
    for _ in range(5):
        bx = c.rng.choice((c.rng.uniform(x - 130, x - 10), c.rng.uniform(x + width, x + width + 130)))
        c.ball(
            bx,
            ground - 16,
            c.rng.uniform(44, 76),
            c.rng.uniform(34, 52),
            _mix(green, (44, 84, 50), c.rng.uniform(0.2, 0.6)),
        )


def _interior(c: _Canvas) -> None:
    wall = c.rng.choice(((224, 214, 190), (212, 204, 184), (232, 222, 204)))
    c.fade(_mix(wall, (255, 255, 255), 0.3), wall, 0, 800)
    ceiling = (186, 148, 106)
    c.shape([(0, 0), (1600, 0), (1250, 200), (350, 200)], ceiling)
    for n in range(9):
        t = n / 8
        c.line([(t * 1600, 0), (350 + t * 900, 200)], _mix(ceiling, (70, 46, 28), 0.4), 6)
    c.shape([(0, 0), (350, 200), (350, 760), (0, 1060)], _mix(wall, (120, 104, 84), 0.18))
    c.shape([(1600, 0), (1250, 200), (1250, 760), (1600, 1060)], _mix(wall, (255, 250, 230), 0.3))
    c.shape([(350, 760), (1250, 760), (1600, 1060), (1600, 1200), (0, 1200), (0, 1060)], (196, 190, 128))
    _tatami(c)
    if c.rng.random() < 0.6:
        _shoji(c, 420, 260, 760, 500)
    else:
        _tokonoma(c)
    c.line([(350, 200), (350, 760)], _WOOD, 24)
    c.line([(1250, 200), (1250, 760)], _WOOD, 24)
    c.line([(340, 212), (1260, 212)], _WOOD, 20)
    c.shape([(560, 900), (1040, 900), (1120, 990), (480, 990)], (132, 84, 52))
    c.shape([(480, 990), (1120, 990), (1120, 1016), (480, 1016)], (92, 58, 36))
    c.shade([(470, 1040), (1130, 1040), (1090, 1075), (510, 1075)], 80)
    c.shade([(1250, 300), (1600, 200), (1600, 1060), (1250, 760)], 26, 60)


def _tatami(c: _Canvas) -> None:
    edge = c.rng.choice(((74, 88, 66), (62, 70, 92), (96, 72, 58)))
    for n in range(1, 4):
        t = n / 4
        c.line([(350 + 900 * t, 760), (-320 + 2240 * t, 1200)], edge, 15)
    for y, x1, x2 in ((862, 230, 1370), (1030, 35, 1565)):
        c.line([(x1, y), (x2, y)], edge, 13)
    for _ in range(340):
        left, at = c.rng.uniform(0, 1600), c.rng.uniform(770, 1195)
        c.line(
            [(left, at), (left + c.rng.uniform(20, 90), at)], _mix((196, 190, 128), (150, 146, 88), c.rng.random()), 1.4
        )


def _shoji(c: _Canvas, x: float, y: float, width: float, height: float) -> None:
    paper: Colour = (250, 244, 226)
    c.box(x, y, width, height, paper)
    for panel in range(4):
        w = width / 4
        px = x + panel * w
        c.box(px, y + height * 0.78, w, height * 0.22, (168, 124, 82))
        for n in range(1, 4):
            c.line([(px + w * n / 4, y), (px + w * n / 4, y + height * 0.78)], (150, 112, 76), 4)
        for n in range(1, 7):
            c.line([(px, y + height * 0.78 * n / 7), (px + w, y + height * 0.78 * n / 7)], (150, 112, 76), 4)
        c.line([(px, y), (px + w, y), (px + w, y + height), (px, y + height), (px, y)], _WOOD, 12)


def _tokonoma(c: _Canvas) -> None:
    c.box(420, 240, 400, 520, (176, 162, 128))
    c.box(420, 706, 400, 54, (88, 56, 36))
    c.box(560, 280, 120, 330, (240, 234, 216))
    c.line([(588, 330), (640, 400), (600, 470), (652, 560)], (52, 54, 60), 13)
    c.ball(500, 690, 36, 40, (78, 96, 110))
    for _ in range(6):
        c.line([(500, 660), (500 + c.rng.uniform(-60, 60), 560 + c.rng.uniform(-30, 30))], (84, 116, 66), 6)
    c.line([(832, 220), (832, 760)], _WOOD, 26)
    _shoji(c, 850, 260, 390, 500)


def _plan(c: _Canvas) -> None:
    c.fade((252, 250, 244), (248, 245, 236))
    ink: Colour = (58, 60, 68)
    x, y, width, height = 240.0, 190.0, 1120.0, 820.0
    split_x = x + width * c.rng.choice((0.38, 0.45, 0.55, 0.62))
    split_y = y + height * c.rng.choice((0.42, 0.5, 0.58))
    rooms = [(x, y, split_x, split_y), (split_x, y, x + width, split_y), (x, split_y, split_x, y + height)]
    third = split_x + (x + width - split_x) * 0.5
    rooms += [(split_x, split_y, third, y + height), (third, split_y, x + width, y + height)]
    floors: list[Colour] = [(219, 221, 172), (219, 221, 172), (236, 216, 186), (208, 224, 232), (232, 229, 222)]
    c.rng.shuffle(floors)
    for (x1, y1, x2, y2), floor in zip(rooms, floors, strict=True):
        c.box(x1, y1, x2 - x1, y2 - y1, floor)
        if floor == (219, 221, 172):
            for n in range(1, 4):
                c.line([(x1 + (x2 - x1) * n / 4, y1), (x1 + (x2 - x1) * n / 4, y2)], (170, 174, 118), 4)
            c.line([(x1, (y1 + y2) / 2), (x2, (y1 + y2) / 2)], (170, 174, 118), 4)
        elif floor == (236, 216, 186):
            for n in range(1, 12):
                c.line([(x1, y1 + (y2 - y1) * n / 12), (x2, y1 + (y2 - y1) * n / 12)], (214, 190, 156), 3)
    for x1, y1, x2, y2 in rooms:
        c.line([(x1, y1), (x2, y1), (x2, y2), (x1, y2), (x1, y1)], ink, 17)
    for x1, y1, x2, _y2 in rooms[1:4]:
        c.line([(x1 + (x2 - x1) * 0.3, y1), (x1 + (x2 - x1) * 0.62, y1)], (252, 250, 244), 19)
        c.line([(x1 + (x2 - x1) * 0.3, y1 - 5), (x1 + (x2 - x1) * 0.62, y1 - 5)], ink, 4)
    c.line([(x + width * 0.16, y), (x + width * 0.34, y)], (150, 190, 214), 12)
    c.line([(x, y + height * 0.16), (x, y + height * 0.38)], (150, 190, 214), 12)
    c.shape([(1450, 250), (1480, 190), (1510, 250), (1480, 236)], ink)
    c.line([(1480, 236), (1480, 310)], ink, 5)


def _surroundings(c: _Canvas) -> None:
    kind = c.rng.choice(("terraces", "sea", "volcano"))
    if kind == "sea":
        haze = _sky(c)
        _ridge(c, 560, 190, _mix((92, 116, 108), haze, 0.5))
        c.fade((108, 164, 182), (44, 104, 136), 540, 460)
        for _ in range(70):
            x, y = c.rng.uniform(0, 1600), c.rng.uniform(560, 960)
            c.line([(x, y), (x + c.rng.uniform(30, 140), y)], _mix((108, 164, 182), (240, 246, 240), 0.4), 2.5)
        c.shape([(0, 930), (520, 900), (1100, 985), (1600, 940), (1600, 1200), (0, 1200)], (218, 200, 160))
        for n in range(5):
            _tree(c, 90 + n * 130 + c.rng.uniform(-30, 30), 1030, c.rng.uniform(190, 300), (70, 104, 66))
        return
    green = _country(c, 600)
    if kind == "volcano":
        c.shape(
            [(240, 620), (560, 330), (640, 318), (700, 352), (790, 322), (870, 345), (1330, 620)],
            _mix(green, (84, 96, 110), 0.66),
        )
        c.shape(
            [(560, 330), (640, 318), (700, 352), (790, 322), (870, 345), (800, 410), (700, 380), (620, 420)],
            (136, 140, 144),
        )
        for n in range(4):
            c.ball(690 + n * 36, 270 - n * 44, 46 + n * 18, 26 + n * 9, (238, 240, 240))
        _ridge(c, 720, 110, _mix(green, (200, 210, 130), 0.2))
    for row in range(7):
        y = 720 + row * 72
        tone = _mix(green, (216, 214, 140), 0.12 + 0.3 * ((row + c.rng.random()) % 2) / 2)
        wave = [(x, y + 22 * np.sin(x / 240 + row * 1.7)) for x in range(0, 1640, 40)]
        c.shape([*wave, (1600, 1200), (0, 1200)], tone)
        c.line(wave, _mix(green, (60, 76, 40), 0.5), 6)
    for _ in range(4):
        _tree(
            c, c.rng.uniform(60, 1540), c.rng.uniform(700, 840), c.rng.uniform(110, 210), _mix(green, (50, 90, 56), 0.5)
        )


def _land(c: _Canvas) -> None:
    green = _country(c, 600)
    c.shape([(300, 760), (1240, 730), (1560, 1090), (90, 1130)], _mix(green, (206, 190, 146), 0.65))
    for x1, y1, x2, y2 in (
        (300, 760, 90, 1130),
        (300, 760, 1240, 730),
        (1240, 730, 1560, 1090),
        (90, 1130, 1560, 1090),
    ):
        c.line([(x1, y1), (x2, y2)], (236, 230, 214), 6)
    for x, y in ((300, 760), (1240, 730), (1560, 1090), (90, 1130)):
        c.box(x - 9, y - 56, 18, 62, (206, 84, 60))
    for _ in range(160):
        at, low = c.rng.uniform(160, 1480), c.rng.uniform(800, 1100)
        c.line(
            [(at, low), (at + c.rng.uniform(-5, 5), low - c.rng.uniform(10, 34))],
            _mix(green, (226, 210, 130), c.rng.random()),
            4,
        )
    for _ in range(3):
        _tree(
            c,
            c.rng.choice((c.rng.uniform(30, 240), c.rng.uniform(1320, 1570))),
            c.rng.uniform(730, 800),
            270,
            _mix(green, (60, 96, 60), 0.4),
        )


_DRAWINGS: dict[str, Callable[[_Canvas], None]] = {
    "exterior": _exterior,
    "interior": _interior,
    "plan": _plan,
    "surroundings": _surroundings,
    "land": _land,
}
