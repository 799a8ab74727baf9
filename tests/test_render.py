"""Templates without Flask: values are escaped, blocks leave no lines, and no part of the web framework is loaded."""

import subprocess
import sys
from types import SimpleNamespace as Part

import pytest
from jinja2 import TemplateNotFound

from akiya.render import template

SORT = Part(number="R0", title='<家> & "庭"', definition="数の説明")


def sheet(*parts: dict) -> str:
    report = Part(sort=SORT, tables=())
    return template("prefecture/reports/pdf.html", report=report, parts=parts, made_on="2026-04-01", period="")


def test_what_is_written_in_is_escaped() -> None:
    assert "<h1>R0 &lt;家&gt; &amp; &#34;庭&#34;</h1>" in sheet()


def test_blocks_leave_no_lines_of_their_own() -> None:
    part = {"title": "表", "notes": ["注<1>"], "columns": [], "rows": [], "total": None}
    assert sheet(part).split("<body>\n")[1] == (
        "<h1>R0 &lt;家&gt; &amp; &#34;庭&#34;</h1>\n"
        "<p>作成日：2026-04-01</p>\n"
        "<p>数の説明</p>\n"
        "<h2>表</h2>\n"
        "<p>注&lt;1&gt;</p><table>\n"
        "<thead><tr></tr></thead>\n"
        '<tbody><tr><td colspan="0">ありません。</td></tr></tbody>\n'
        "</table>\n"
        "<h2>項目の説明</h2>\n"
        "<dl></dl>\n"
        "</body>\n"
        "</html>"
    )


def test_a_page_is_the_same_as_flask_makes_it(app) -> None:
    values = {"report": Part(sort=SORT, tables=()), "parts": [], "made_on": "2026-04-01", "period": "2026年4月"}
    name = "prefecture/reports/pdf.html"
    assert template(name, **values) == app.jinja_env.get_template(name).render(**values)


def test_a_template_that_is_not_there_is_an_error() -> None:
    with pytest.raises(TemplateNotFound, match=r"reports/none\.html"):
        template("reports/none.html")


def test_flask_is_not_loaded() -> None:
    code = "import sys, akiya.render; akiya.render._environment(); print('flask' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
