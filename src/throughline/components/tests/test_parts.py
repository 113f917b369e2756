"""Every part renders with little and with much, and escapes what it is given."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django import forms

from throughline.components import parts
from throughline.components.style_samples import SampleFilterForm, SampleForm, sample_context
from throughline.components.tests.conftest import Render

EVIL = '<script>alert("x")</script>&'
MINIMAL = [
    '{% state "good" "On track" %}',
    '{% tag "Draft" %}',
    "{% badge 4 %}",
    "{% note %}Read this.{% endnote %}",
    "{% quote %}Words.{% endquote %}",
    '{% figure 7 "goals" %}',
    "{% facts fact_items %}",
    '{% icon "search" %}',
    "{% when an_hour_ago %}",
    "{% diff old_text new_text %}",
    '{% section "Title" %}Words.{% endsection %}',
    "{% actions %}Words.{% endactions %}",
    "{% crumbs crumb_items %}",
    "{% tabs views %}",
    '{% menu "More" menu_links %}',
    "{% steps cycle_steps %}",
    "{% trace stations %}",
    '{% pager older_url="?before=1" %}',
    '{% empty "Nothing yet" %}Why.{% endempty %}',
    '{% rows %}{% row "Title" %}{% endrows %}',
    "{% data_table table %}",
    '{% tree tree_rows label="Goals" %}',
    "{% timeline history %}",
    "{% checklist checks %}",
    "{% comment_thread conversation %}{% endcomment_thread %}",
    '{% avatar "Ada Brandt" %}',
    '{% person "Ada Brandt" %}',
    '{% button "Sign" %}',
    '{% post_button "Sign" "/sign/" %}',
    '{% confirm "Drop" "/drop/" "Sure?" %}{% endconfirm %}',
    '{% copy_box "text" "Label" %}',
    '{% qr "Code" %}<svg></svg>{% endqr %}',
    '{% job "Import" "/poll/" %}',
    '{% meter 0.5 "Progress" %}',
    "{% line_chart chart %}",
    '{% sparkline readings label="falls" %}',
    '{% share_bar shares label="Fates" %}',
    "{% field form.title %}",
    "{% form_errors wrong_form %}",
    "{% filter_bar filter_form %}",
]
WITH_EVIL = [
    '{% state "bad" evil %}',
    "{% tag evil url=evil %}",
    "{% badge 4 label=evil %}",
    '{% note "bad" title=evil %}{{ evil }}{% endnote %}',
    "{% quote by=evil url=evil %}{{ evil }}{% endquote %}",
    "{% figure evil evil detail=evil %}",
    "{% facts pairs %}",
    '{% icon "search" label=evil %}',
    '{% diff "before" evil %}',
    "{% section evil note=evil link_url=evil link_label=evil anchor=evil %}{{ evil }}{% endsection %}",
    "{% crumbs pairs %}",
    "{% tabs links label=evil %}",
    "{% menu evil links %}",
    "{% steps evil_steps label=evil %}",
    "{% trace evil_stations label=evil %}",
    "{% pager older_url=evil newer_url=evil older_label=evil newer_label=evil %}",
    "{% empty evil action_label=evil action_url=evil %}{{ evil }}{% endempty %}",
    '{% rows label=evil %}{% row evil url=evil side=evil meta=evil state="warn" %}{% endrows %}',
    "{% row_list evil_rows label=evil %}",
    "{% data_table evil_table %}",
    "{% tree evil_tree label=evil %}",
    "{% timeline evil_history label=evil %}",
    "{% checklist evil_checks label=evil %}",
    "{% comment_thread evil_comments label=evil %}{% endcomment_thread %}",
    "{% person evil url=evil detail=evil %}",
    "{% button evil url=evil accessible_label=evil %}{% button evil name=evil value=evil form=evil %}",
    "{% button evil disabled_reason=evil %}",
    "{% post_button evil evil name=evil value=evil accessible_label=evil %}",
    "{% confirm evil evil evil yes=evil no=evil %}{{ evil }}{% endconfirm %}",
    "{% copy_box evil evil help=evil %}",
    "{% qr evil caption=evil %}{{ evil }}{% endqr %}",
    "{% job evil evil done=1 total=2 detail=evil refresh_url=evil %}",
    "{% meter 2 evil words=evil target=0.5 %}",
    "{% line_chart evil_chart %}",
    "{% sparkline readings label=evil %}",
    "{% share_bar evil_shares label=evil %}",
    "{% field evil_form.words label=evil help=evil placeholder=evil autocomplete=evil %}",
    "{% field evil_form.choice %}{% form_errors evil_form %}",
    "{% filter_bar evil_form target=evil label=evil action=evil %}",
    "{{ evil|paragraphs }}",
]


class EvilForm(forms.Form):
    words = forms.CharField(label=EVIL, help_text="", max_length=3)
    choice = forms.ChoiceField(label=EVIL, choices=[(EVIL, EVIL)], widget=forms.RadioSelect)


def evil_context() -> dict[str, Any]:
    at = datetime(2026, 9, 12, 8, tzinfo=UTC)
    form = EvilForm({"words": EVIL})
    return {
        **sample_context(),
        "evil": EVIL,
        "pairs": [(EVIL, EVIL)],
        "links": [parts.MenuLink(EVIL, EVIL, note=EVIL), parts.MenuLink(EVIL, EVIL, is_post=True)],
        "evil_steps": [parts.Step(EVIL, "here", EVIL, EVIL)],
        "evil_stations": [parts.Station(EVIL, EVIL, EVIL, note=EVIL)],
        "evil_rows": [parts.Row(EVIL, EVIL, EVIL, EVIL)],
        "evil_table": parts.DataTable(EVIL, [parts.Column("a", EVIL)], [{"a": EVIL, "a_url": EVIL}], EVIL),
        "evil_tree": [parts.TreeRow(EVIL, EVIL, side=EVIL, meta=EVIL, toggle_url=EVIL)],
        "evil_history": [parts.TimelineItem(at, EVIL, EVIL, EVIL, EVIL)],
        "evil_checks": [parts.ChecklistItem(EVIL, False, EVIL, EVIL)],
        "evil_comments": [parts.Comment(EVIL, at, EVIL, EVIL, EVIL, "anchor", EVIL)],
        "evil_chart": parts.LineChart(EVIL, EVIL, [parts.ChartPoint(EVIL, 1)], (), 2, EVIL, EVIL),
        "evil_shares": [parts.Share(EVIL, 3, EVIL)],
        "evil_form": form,
    }


@pytest.mark.parametrize("source", MINIMAL)
def test_part_renders_with_little(render: Render, source: str) -> None:
    assert render(source, **sample_context()).strip().startswith("<")


@pytest.mark.parametrize("source", WITH_EVIL)
def test_part_escapes_what_it_is_given(render: Render, source: str) -> None:
    html = render(source, query="words=%3Cscript%3E", **evil_context())
    assert "<script" not in html
    assert "alert(" in html


def test_refused_button_cannot_act_and_says_why(render: Render) -> None:
    html = render('{% button "Sign" url="/sign/" disabled_reason="You signed yesterday." %}')
    assert 'aria-disabled="true"' in html
    assert "You signed yesterday." in html
    assert "/sign/" not in html


def test_refused_post_button_has_no_form(render: Render) -> None:
    assert "<form" not in render('{% post_button "Sign" "/sign/" disabled_reason="Closed." %}')


def test_field_ties_help_and_error_to_its_control(render: Render) -> None:
    form = SampleForm({"title": ""})
    html = render("{% field form.title %}", form=form)
    assert 'aria-describedby="id_title_error id_title_help"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_title_error"' in html
    assert "required" in html


@pytest.mark.parametrize("name", list(SampleForm.base_fields))
def test_every_kind_of_field_has_a_label_for_its_control(render: Render, name: str) -> None:
    form = SampleForm()
    html = render("{% field bound %}", bound=form[name])
    is_group = "<fieldset" in html
    assert "<legend" in html if is_group else f'for="id_{name}"' in html
    assert str(form[name].label) in html


def test_refused_date_keeps_what_was_typed(render: Render) -> None:
    form = SampleForm({"due": "tomorrow"})
    form.is_valid()
    html = render("{% field form.due %}", form=form)
    assert 'value="tomorrow"' in html
    assert 'type="text"' in html


def test_date_field_uses_the_native_input_with_an_iso_value(render: Render) -> None:
    form = SampleForm(initial={"due": datetime(2026, 9, 12, tzinfo=UTC).date()})
    html = render("{% field form.due %}", form=form)
    assert 'type="date"' in html
    assert 'value="2026-09-12"' in html


def test_error_summary_links_to_the_first_choice_of_a_group(render: Render) -> None:
    form = SampleForm({"title": "x"})
    assert 'href="#id_direction_0"' in render("{% form_errors form %}", form=form)


def test_form_without_errors_has_no_summary(render: Render) -> None:
    assert render("{% form_errors form %}", form=SampleForm()) == ""


def test_filter_bar_shows_active_filters_that_can_be_removed_one_by_one(render: Render) -> None:
    query = "q=ward&unit=platform&sort=title&before=9"
    html = render("{% filter_bar form %}", query=query, form=SampleFilterForm({"q": "ward", "unit": "platform"}))
    assert "Platform" in html
    assert 'href="/page/?q=ward&amp;unit=&amp;sort=title"' not in html
    assert 'href="/page/?q=ward&amp;sort=title"' in html
    assert '<input type="hidden" name="sort" value="title">' in html


def test_sort_link_turns_round_and_drops_the_cursor(render: Render) -> None:
    html = render("{% data_table table %}", query="sort=title&after=4&unit=x", table=sample_context()["table"])
    assert 'href="?sort=-title&amp;unit=x"' in html
    assert 'aria-sort="ascending"' in html


def test_hidden_station_has_no_link_even_with_an_address(render: Render) -> None:
    station = parts.Station("Goal", "", "/secret/", is_hidden=True)
    html = render("{% trace stations %}", stations=[station])
    assert "/secret/" not in html
    assert "something you cannot open" in html


def test_meter_tells_nothing_read_from_zero(render: Render) -> None:
    assert "no reading yet" in render('{% meter None "x" %}')
    assert "0 %" in render('{% meter 0 "x" %}')


def test_meter_names_what_is_beyond_the_target(render: Render) -> None:
    assert "beyond the target: 120 %" in render('{% meter 1.2 "x" %}')


def test_row_keeps_a_zero_at_its_side(render: Render) -> None:
    assert ">0</span>" in render('{% row "Title" side=0 %}')


def test_unknown_tone_is_refused(render: Render) -> None:
    with pytest.raises(ValueError, match="Unknown tone 'purple'"):
        render('{% state "purple" "x" %}')


def test_diff_reads_neighbouring_changes_as_one(render: Render) -> None:
    html = render("{% diff old new %}", old="by day and night", new="in working hours")
    assert html.count("<del>") == 2  # One in the key, one in the text.
    assert html.count("<ins>") == 2


def test_diff_of_equal_texts_says_so(render: Render) -> None:
    assert "did not change" in render("{% diff a a %}", a="same")


def test_running_job_polls_and_a_finished_one_rests(render: Render) -> None:
    assert 'hx-get="/poll/"' in render('{% job "Import" "/poll/" done=1 total=4 %}')
    assert "hx-get" not in render('{% job "Import" "/poll/" state="done" %}')
