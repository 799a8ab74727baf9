"""The forms of a tour: its pictures, and what a clerk writes and marks in a scene."""

from collections.abc import Mapping, Sequence

from flask_wtf.file import FileField, FileRequired
from wtforms import Field, FieldList, FormField, HiddenField, StringField, TextAreaField
from wtforms import Form as Part

from akiya import units
from akiya.errors import Invalid
from akiya.language import OTHERS, Language, in_others
from akiya.panoramas import descriptions, editing, measuring
from akiya.panoramas.models import Pair
from akiya.values import Values
from akiya.web.forms import ChoiceField, Form, OfferedField, Plain, UnitField, for_each_other

_LEAST_DEGREES = 1
_WORDS = ("text", *in_others("text"))
_NO_FILE = "360度画像が選ばれていません。画像を選んでから「送る」を押してください。"


def _yaw(label: str = "左右") -> UnitField:
    return UnitField(label, read=units.angle, least=-180, most=360)


def _pitch(label: str = "上下") -> UnitField:
    return UnitField(label, read=units.angle, least=-90, most=90)


class PictureForm(Form):
    """A 360° picture."""

    file = FileField("360度画像", [FileRequired(_NO_FILE)])


class TitleForm(Form):
    """The name of a room."""

    title = StringField("部屋の名前", [Plain(80)])


class MarkForm(Part):
    """Something marked at a place of the picture; a blank row is ignored. `must` names the required fields."""

    must: Sequence[str] = ()

    def blank(self) -> bool:
        """Return whether nothing was filled in."""
        return all(field.data in (None, "") for field in self)

    def validate(self, extra_validators: Mapping[str, object] | None = None) -> bool:
        """Return whether the row is blank, or complete and readable."""
        if not super().validate(extra_validators):
            return False
        for name in () if self.blank() else self.must:
            if self[name].data in (None, ""):
                advice = "選んでください" if name == "to" else "入れるか、この行をすべて空欄にしてください"
                self[name].errors = [f"{self[name].label.text}が空欄です。{advice}。"]
        return not any(field.errors for field in self)


def _line_in(language: Language, label: str) -> StringField:
    return StringField(f"{label}（{language.in_japanese}）", [Plain(200)])


def _title_in(language: Language) -> StringField:
    examples = "例：Tatami room, Kitchen, Garden" if language.code == "en" else ""
    return StringField(f"部屋の名前（{language.in_japanese}）", [Plain(80)], description=examples)


def _description_in(language: Language) -> TextAreaField:
    return TextAreaField(f"写っているもの（{language.in_japanese}）", [Plain(2000)])


class WayForm(MarkForm):
    """A way to another room."""

    must = ("to", "yaw", "pitch")
    to = OfferedField("行き先")
    yaw, pitch = _yaw(), _pitch()
    text = StringField("添える言葉", [Plain(200)])
    locals().update(for_each_other("text", lambda language: _line_in(language, "添える言葉")))


class SpotNoteForm(MarkForm):
    """A note at a place of the picture."""

    must = ("text", "yaw", "pitch")
    text = StringField("説明", [Plain(200)])
    locals().update(for_each_other("text", lambda language: _line_in(language, "説明")))
    yaw, pitch = _yaw(), _pitch()


class SceneBlurForm(MarkForm):
    """An area to blur: its centre and its size in degrees."""

    must = ("yaw", "pitch", "width", "height")
    yaw, pitch = _yaw("中央の左右"), _pitch("中央の上下")
    width = UnitField("幅", read=units.angle, least=_LEAST_DEGREES, most=360)
    height = UnitField("高さ", read=units.angle, least=_LEAST_DEGREES, most=180)


class SceneForm(Form):
    """The texts of a scene, whose picture may not have been processed yet."""

    seen = HiddenField()
    title = StringField("部屋の名前", [Plain(80)], description="例：座敷、台所、庭")
    locals().update(for_each_other("title", _title_in))
    description = TextAreaField("写っているもの", [Plain(2000)])
    locals().update(for_each_other("description", _description_in))

    def offer(self, rooms: Sequence[tuple[int, str]], plans: Sequence[tuple[int, str]]) -> None:
        """Offer nothing: without a processed picture there are no fields that refer to rooms or plans."""

    @property
    def in_other_languages(self) -> list[Field]:
        """Return the fields for the texts in other languages than Japanese, language by language."""
        return [self[f"{name}_{language.code}"] for language in OTHERS for name in ("title", "description")]

    def values(self) -> Values:
        """Return the values by the names of `editing.held`."""
        texts = {name: (self[name].data or "").strip() for name in ("title", *in_others("title"))}
        for name in ("description", *in_others("description")):
            texts[name] = descriptions.answered(self[name].data)
        return texts


class PosedSceneForm(SceneForm):
    """The texts and marks of a scene whose picture has been processed."""

    yaw, pitch = _yaw("左右の向き"), _pitch("上下の向き")
    links = FieldList(FormField(WayForm))
    notes = FieldList(FormField(SpotNoteForm))
    blurs = FieldList(FormField(SceneBlurForm))
    plan_photo = OfferedField("間取り図")
    plan_x = UnitField("左から", read=units.percent, most=100)
    plan_y = UnitField("上から", read=units.percent, most=100)
    pair_of = OfferedField("どの部屋の画像と対ですか")
    pair = ChoiceField("この画像は", Pair, blank="選んでください")
    camera_height = UnitField("カメラの高さ", read=units.length, least=0, most=100)
    first_yaw, first_pitch = _yaw("1つめの点の左右"), _pitch("1つめの点の上下")
    second_yaw, second_pitch = _yaw("2つめの点の左右"), _pitch("2つめの点の上下")
    apart = UnitField("2つの点の間の長さ", read=units.length, least=0, most=100)

    REFERENCE = ("first_yaw", "first_pitch", "second_yaw", "second_pitch", "apart")

    def offer(self, rooms: Sequence[tuple[int, str]], plans: Sequence[tuple[int, str]]) -> None:
        """Offer the rooms of the tour and the listing's floor plans, as (id, name) pairs."""
        named = [(str(scene_id), title) for scene_id, title in rooms]
        self._rooms = [("", "選んでください"), *named]
        self.pair_of.choices = [("", "なし"), *named]
        self.plan_photo.choices = [("", "使わない"), *((str(photo_id), title) for photo_id, title in plans)]
        for row in self.links:
            row.form.to.choices = self._rooms

    def add_blank_rows(self, count: int) -> None:
        """Fill each list up to `count` blank rows, for people without a script and for the script to copy."""
        for rows in (self.links, self.notes, self.blurs):
            for _row in range(count - sum(row.form.blank() and not row.form.errors for row in rows)):
                rows.append_entry()
        for row in self.links:
            row.form.to.choices = self._rooms

    def validate(self, extra_validators: Mapping[str, object] | None = None) -> bool:
        """Return whether each field, and what belongs together, is complete and readable.

        A camera height that was measured from two points is filled into its field.
        """
        good = super().validate(extra_validators)
        together = [("pair_of", "pair"), ("pair", "pair_of")]
        together += [("plan_photo", "plan_x"), ("plan_photo", "plan_y")]
        for given, other in together:
            if self[given].data not in (None, "") and self[other].data in (None, "") and not self[other].errors:
                self[other].errors = [
                    f"{self[other].label.text}が空欄です。{self[given].label.text}と合わせて入れてください。"
                ]
                good = False
        for name in ("yaw", "pitch"):
            if self[name].data is None and not self[name].errors:
                self[name].errors = ["空欄です。正面なら 0 を入れてください。"]
                good = False
        return self._measure() and good

    def _measure(self) -> bool:
        fields = [self[name] for name in self.REFERENCE]
        if all(field.data is None and not field.errors for field in fields):
            height, least, most = self.camera_height.data, measuring.LOWEST, measuring.HIGHEST
            if height is not None and not least <= height <= most:
                message = (
                    f"「{height:g}」mは、カメラの高さとして考えにくい値です。{least:g}〜{most:g} mで入れてください。"
                )
                self.camera_height.errors = [message]
            return not self.camera_height.errors
        if any(field.errors for field in fields):
            return False
        for field in fields:
            if field.data is None:
                field.errors = ["空欄です。2つの点の4つの角度と長さをすべて入れるか、すべて消してください。"]
        if any(field.errors for field in fields):
            return False
        yaw1, pitch1, yaw2, pitch2, apart = (field.data for field in fields)
        try:
            self.camera_height.fill(measuring.camera_height((yaw1, pitch1), (yaw2, pitch2), apart))
        except Invalid as error:
            for name, message in error.errors.items():
                self[name].errors = [message]
            return False
        return True

    def values(self) -> Values:
        """Return the values by the names of `editing.held`."""
        links, notes, areas = (
            [row.form.data for row in rows if not row.form.blank()] for rows in (self.links, self.notes, self.blurs)
        )
        plan, pair = self.plan_photo.data, self.pair_of.data
        return {
            **super().values(),
            "view": [_turned(self.yaw.data), self.pitch.data],
            "links": [[int(r["to"]), _turned(r["yaw"]), r["pitch"], *_lines(r)] for r in links],
            "notes": [[*_lines(r), _turned(r["yaw"]), r["pitch"]] for r in notes],
            "blurs": [[_turned(r["yaw"]), r["pitch"], r["width"], r["height"]] for r in areas],
            "plan": [int(plan), round(self.plan_x.data / 100, 4), round(self.plan_y.data / 100, 4)] if plan else None,
            "pair": [int(pair), str(self.pair.data)] if pair else None,
            "camera_height": self.camera_height.data,
        }  # fmt: skip


class HorizonForm(Form):
    """The tilt of the camera, in degrees."""

    horizon_pitch = UnitField("前後の傾き", read=units.angle, least=-45, most=45)
    horizon_roll = UnitField("左右の傾き", read=units.angle, least=-45, most=45)


def _turned(yaw: float) -> float:
    return yaw - 360 if yaw >= 180 else yaw


def _lines(row: Values) -> list[str]:
    """Return the words of a row in each language, each as one line."""
    return [" ".join((row[name] or "").split()) for name in _WORDS]


def filled(held: Values) -> Values:
    """Return the data with which a form shows the values of `editing.held`."""
    plan, pair = held["plan"] or ("", None, None), held["pair"] or ("", None)
    names = {"links": ("to", "yaw", "pitch", *_WORDS), "notes": (*_WORDS, "yaw", "pitch"),
             "blurs": ("yaw", "pitch", "width", "height")}  # fmt: skip
    rows = {name: [dict(zip(keys, row, strict=True)) for row in held[name]] for name, keys in names.items()}
    return {
        **{name: held[name] for name in (*editing.TEXTS, "camera_height")},
        "description": held["description"] or descriptions.QUESTIONS,
        "yaw": held["view"][0],
        "pitch": held["view"][1],
        **rows,
        "plan_photo": str(plan[0] or ""),
        "plan_x": plan[1] and round(plan[1] * 100, 2),
        "plan_y": plan[2] and round(plan[2] * 100, 2),
        "pair_of": str(pair[0] or ""),
        "pair": Pair(pair[1]) if pair[1] else None,
    }
