"""The HTML report, in a real browser.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import copy
import json
from html.parser import HTMLParser

import pytest

from browser import Page, find_chromium
from conftest import GOLDEN

needs_browser = pytest.mark.skipif(not find_chromium(), reason="chromium is not installed")

# Whatever of this becomes markup can be seen: as an element, as a request, as a changed title.
HOSTILE = ("\"'><img src=http://127.0.0.1:9/canary onerror=\"document.title='hacked'\">"
           "<script>document.title='hacked'</script></td></table></details></style>"
           "<svg onload=document.title='hacked'>&lt;b&gt;\u202e")


class Elements(HTMLParser):
    """Counts elements, and collects the attributes that load or run something."""

    def __init__(self, text):
        super().__init__()
        self.names = []
        self.links = []
        self.handlers = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        for name, value in attrs:
            if name in ("src", "href", "action", "data", "srcset", "poster"):
                self.links.append(value)
            if name.startswith("on") or name == "style":
                self.handlers.append(name)


@pytest.fixture(scope="module")
def report(command, world, tmp_path_factory):
    """The report of all captures, as a file."""
    path = tmp_path_factory.mktemp("html") / "report.html"
    result = command("-T", "html", "-O", path, "--explain", world.captures)
    assert result.status in (0, 2), result.stderr
    return path


def make_hostile(value):
    """Every text of a record that is not one of a set of words."""
    words = {"type", "verdict", "outcome", "severity", "time", "format"}
    if isinstance(value, dict):
        return {key: child if key in words else make_hostile(child)
                for key, child in value.items()}
    if isinstance(value, list):
        return [make_hostile(child) for child in value]
    return HOSTILE + value if isinstance(value, str) else value


@pytest.fixture(scope="module")
def hostile(command, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    lines = (GOLDEN / "apache-lock-collection-conflict.pcapng.ndjson").read_text().splitlines()
    records = [make_hostile(json.loads(line)) for line in lines]
    troubled = copy.deepcopy(records[-1])
    troubled.update(capture=HOSTILE, error=HOSTILE, complete=False)
    (folder / "records.ndjson").write_text(
        "".join(json.dumps(record) + "\n" for record in [*records, troubled]))
    path = folder / "report.html"
    command("report", "-T", "html", "-O", path, "--explain",
              "--group-by", "resource,host,user-agent", folder / "records.ndjson")
    return path


@pytest.mark.parametrize("kind", ["report", "hostile"])
def test_nothing_is_loaded_and_only_our_script_runs(kind, request):
    text = request.getfixturevalue(kind).read_text(encoding="utf-8")
    elements = Elements(text)
    assert elements.names.count("script") == elements.names.count("style") == 1
    assert not {"img", "iframe", "object", "embed", "link", "form"} & set(elements.names)
    assert all(link.startswith("#") for link in elements.links)
    assert not elements.handlers
    assert "default-src 'none'" in text


def test_every_failed_exchange_and_its_filter_are_there(report, command, world):
    text = report.read_text(encoding="utf-8")
    records = command("-T", "ndjson", world.captures).exchanges
    failed = [record for record in records
              if record["verdict"] in ("partial", "failure", "malformed", "undecoded")]
    assert text.count('<details class="exchange ') == len(failed) > 40
    for record in failed:
        if record["request_frame"]:
            assert f"frame.number in {{{record['request_frame']}, {record['frame']}}}" in text


def test_same_bytes_from_saved_records(command, world, tmp_path):
    capture = world.captures / "apache-lock-collection-conflict.pcapng"
    records = tmp_path / "r.ndjson"
    command("-T", "ndjson", "-O", records, capture)
    direct = command("-T", "html", capture).stdout
    assert command("report", "-T", "html", records).stdout == direct
    assert b"423 Locked" in direct


@needs_browser
@pytest.mark.parametrize("kind", ["report", "hostile"])
def test_browser_finds_no_fault_and_asks_for_nothing(kind, request, tmp_path):
    path = request.getfixturevalue(kind)
    with Page(tmp_path) as page:
        page.open(path)
        assert page.evaluate("document.title") == "Multi-Status report"
        assert page.evaluate("document.querySelectorAll('img, script[src]').length") == 0
        assert page.evaluate("document.querySelectorAll('details.exchange').length") > 0
        assert page.requests == [path.resolve().as_uri()]
        assert page.complaints == []


@needs_browser
def test_sorting_filtering_unfolding(report, tmp_path):
    with Page(tmp_path) as page:
        page.open(report)
        times = "[...document.querySelectorAll('#recurring tbody tr')]" \
                ".map((row) => Number(row.cells[4].textContent))"
        page.evaluate("document.querySelectorAll('#recurring th')[4].click()")
        first = page.evaluate(times)
        page.evaluate("document.querySelectorAll('#recurring th')[4].click()")
        second = page.evaluate(times)
        assert len(first) > 3 and first == sorted(first, reverse=True)
        assert second == sorted(first)

        shown = "[...document.querySelectorAll('#failures details')]" \
                ".filter((entry) => !entry.hidden).length"
        everything = page.evaluate(shown)
        page.evaluate("(() => { const box = document.querySelector('input[data-filters=failures]');"
                      "box.value = 'LOCK 423'; box.dispatchEvent(new Event('input')); })()")
        assert 0 < page.evaluate(shown) < everything
        page.evaluate("document.querySelector('button[data-unfolds]').click()")
        assert page.evaluate("document.querySelectorAll('details[open]').length") == \
            page.evaluate(shown)
        assert page.complaints == []


@needs_browser
def test_readable_without_scripts_and_on_a_phone(report, tmp_path):
    with Page(tmp_path, width=390, height=800, scripts=False) as page:
        page.open(report)
        # Nothing is wider than the phone but tables, which scroll by themselves.
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.evaluate("document.querySelectorAll('.tools').length") > 0
        assert page.evaluate("[...document.querySelectorAll('.tools')]"
                             ".every((tool) => getComputedStyle(tool).display === 'none')")


@needs_browser
def test_dark_is_dark(report, tmp_path):
    def background(dark, folder):
        folder.mkdir()
        with Page(folder, dark=dark) as page:
            page.open(report)
            colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
            return sum(int(part) for part in colour[4:-1].split(","))
    assert background(True, tmp_path / "dark") < 200 < 600 < background(False, tmp_path / "light")


