"""Leads: lines that buy surveillance equipment and name no maker, and the many that only look like it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from offlimits.leads import KINDS, QUESTIONS, TRIGGERS, lead_sign, question
from offlimits.matching import fold_for_search
from offlimits.model import ColumnKind, Entry, Mention, Place
from offlimits.report import Report


def line(**cells: str) -> Entry:
    """A line with one cell of each kind."""
    kinds: dict[str, ColumnKind] = {name: name.replace("_", "-") for name in cells}  # type: ignore[misc]
    return Entry(
        place=Place(line=2), channel="buy", mentions=tuple(Mention(field=name, kind=kinds[name], text=text) for name, text in cells.items())
    )


WORTH: list[tuple[str, str]] = [
    ("cctv", "CCTV maintenance"),
    ("cctv", "C.C.T.V. repairs at the depot"),
    ("cctv", "supply and fit 4 no. dome cameras"),
    ("cctv", "16ch NVR"),
    ("cctv", "Videoüberwachung Rathaus"),
    ("cctv", "vidéosurveillance de la mairie"),
    ("cctv", "impianto di videosorveglianza"),
    ("cctv", "cámaras de seguridad"),
    ("cctv", "Monitoring wizyjny szkoły"),
    ("cctv", "видеонаблюдение в школе"),
    ("cctv", "监控摄像机"),
    ("anpr", "ANPR cameras for the car park"),
    ("anpr", "number plate recognition system"),
    ("anpr", "Kennzeichenerkennung"),
    ("body-worn", "body worn video units"),
    ("body-worn", "20 bodycams"),
    ("facial-recognition", "facial recognition software"),
    ("access-control", "access control at the town hall"),
    ("access-control", "video door phones"),
]
NOT_WORTH = [
    "Sewer CCTV survey", "CCTV drain survey", "drainage CCTV and jetting", "CCTV training course", "CCTV operator salaries", "CCTV signage", "advert for CCTV operators", "intruder alarm maintenance",
    "paper and toner", "Cameron House repairs", "in camera session", "dove grey paint", "canal CCTV inspection", "CCTV licence training SIA", "recruitment of CCTV staff",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), WORTH)
def test_worth_a_question(kind: str, text: str) -> None:
    """Equipment in several languages, told by its kind and the words that say so."""
    for entry in (line(text=text), line(category=text), line(name=f"{text} Ltd")):
        sign = lead_sign(entry)
        assert sign is not None, entry
        assert sign.kind == kind
        assert sign.words.casefold() in text.casefold()


@pytest.mark.parametrize("text", NOT_WORTH)
def test_not_worth_a_question(text: str) -> None:
    """Drains, teaching, pay, signs and words that only hold the letters are no purchase of cameras."""
    assert lead_sign(line(text=text)) is None


def test_cost_centre_alone_is_no_lead() -> None:
    """Who in the house paid says nothing of what was bought; it does not spoil a real one either."""
    assert lead_sign(line(cost_centre="CCTV Control Room", text="paper")) is None
    assert lead_sign(line(cost_centre="CCTV training", text="dome cameras")) is not None


def test_other_cells_speak_against() -> None:
    """The drain stands in one cell, the camera in another: still no camera on a wall."""
    assert lead_sign(line(name="Drain Doctor", text="CCTV survey")) is None
    assert lead_sign(line(text="CCTV", category="Training courses")) is None


@pytest.mark.parametrize("text", [text for _, text in WORTH])
def test_triggers_are_enough(text: str) -> None:
    """Every text that is a lead holds a folded trigger: the run looks at no other lines."""
    folded = fold_for_search(text)
    assert any(fold_for_search(trigger) in folded for trigger in TRIGGERS), folded


def test_every_kind_has_a_question() -> None:
    """Each kind that can become a lead asks for its own equipment; the question can be sent as it stands."""
    assert {kind for kind, _ in KINDS} - {"alarm"} == set(QUESTIONS)
    for kind in QUESTIONS:
        words = question(kind, "Bolt Ltd", 1_234)
        assert words.startswith("To Bolt Ltd: ")
        assert "1,234 lines" in words
        assert QUESTIONS[kind] in words
        assert "model number" in words
        assert not re.search(r"[{}]", words)
    assert "one line" in question("cctv", "", 1)
    assert question("cctv", "", 1).startswith("To the supplier: ")


SPENDING = """\
Body,Supplier,Description,Amount
Made-up Council,Bolt Ltd,CCTV maintenance,1000.10
Made-up Council,Bolt Ltd,CCTV cameras,2000.20
Made-up Council,Bolt Ltd,body worn cameras,5
Made-up Council,Nut Ltd,CCTV install,50000
Other Council,Bolt Ltd,CCTV maintenance,-7
Made-up Council,Hikvision UK,CCTV cameras,9
Made-up Council,Drain Doctor,CCTV drain survey,9
Made-up Council,Cam Ltd,Axis P3265 CCTV cameras,9
"""


def test_leads_of_a_run(run: Callable[..., Report], put: Callable[..., Path]) -> None:
    """Grouped by kind, body and supplier; all lines counted, money summed exactly, most money first; lines that name any maker left out."""
    report = run(put("spending.csv", SPENDING))
    leads = [
        (
            lead.kind,
            lead.body,
            lead.supplier,
            lead.lines,
            [(item.value, item.currency) for item in lead.amount],
            [at.line for at in lead.at],
        )
        for lead in report.leads
    ]
    assert leads == [
        ("cctv", "Made-up Council", "Nut Ltd", 1, [("50000", "")], [5]),
        ("cctv", "Made-up Council", "Bolt Ltd", 2, [("3000.30", "")], [2, 3]),
        ("body-worn", "Made-up Council", "Bolt Ltd", 1, [("5", "")], [4]),
        ("cctv", "Other Council", "Bolt Ltd", 1, [("-7", "")], [6]),
    ]
    assert all(lead.ask.startswith(f"To {lead.supplier}: ") and lead.example for lead in report.leads)


def test_leads_of_two_files_join(run: Callable[..., Report], put: Callable[..., Path]) -> None:
    """The same supplier of the same body in two files is one question."""
    put("in/a.csv", SPENDING)
    report = run(put("in/b.csv", SPENDING).parent)
    (lead,) = [lead for lead in report.leads if (lead.kind, lead.supplier) == ("cctv", "Nut Ltd")]
    assert (lead.lines, lead.amount[0].value, [(at.source, at.line) for at in lead.at]) == (2, "100000", [(0, 5), (1, 5)])
