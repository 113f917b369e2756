"""The story the journeys walk: an organisation that starts empty and ends with a signed, tracked goal.

Each function is one step a person takes on pages; `Story` carries who is here and what exists so far. The fixtures in
`conftest.py` run the steps once a session, in order, as far as a test needs them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.sync_api import Browser, expect

from tests.browser.mailbox import Mailbox, link_in
from tests.browser.product import Product
from tests.browser.visitor import Findings, Visitor, arrive

PASSWORD = "the tide turns twice a day"
ORGANISATION = "Harbour Works"
SLUG = "harbour-works"
INES = ("Ines Halvorsen", "ines@harbour.example")
OVE = ("Ove Brandal", "ove@harbour.example")
RUNA = ("Runa Skogstad", "runa@harbour.example")
PETRA = ("Petra Vask", "petra@shipowners.example")


@dataclass
class Story:
    """Who is here and what exists; filled by the steps."""

    product: Product
    browser: Browser
    mailbox: Mailbox
    findings: Findings
    people: dict[str, Visitor] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    waits_s: list[float] = field(default_factory=list)

    def newcomer(self) -> Visitor:
        """A browser nobody has signed in with yet."""
        visitor = arrive(self.browser, self.product.url, self.findings)
        visitor.slug = SLUG
        return visitor

    @property
    def ines(self) -> Visitor:
        """Who founded it: administrator and leader."""
        return self.people["ines"]

    @property
    def ove(self) -> Visitor:
        """A member who contributes and owns a goal."""
        return self.people["ove"]

    @property
    def runa(self) -> Visitor:
        """A facilitator."""
        return self.people["runa"]


def found_organisation(story: Story) -> None:
    """Ines starts an organisation from the first page."""
    ines = story.newcomer().go("/").follow("Start an organisation")
    ines.fill("Name of the organisation", ORGANISATION).fill("Address", SLUG)
    ines.fill("Your name", INES[0]).fill("Your e-mail", INES[1]).fill("A password", PASSWORD)
    ines.press("Start")
    story.people["ines"] = ines


def set_up_mail(story: Story) -> None:
    """Ines tells the product which mail server to use, and tries it from the page."""
    page = story.ines.go("settings/mail/")
    page.fill("Server", "127.0.0.1").fill("Port", str(story.mailbox.port)).tick("none, for a server")
    page.fill("Sender's address", "line@harbour.example").fill("Sender's name", ORGANISATION).press("Save")
    page.fill("Send a test mail to", INES[1]).press("Send a test mail")


def invite(story: Story, name: str, email: str, role: str = "") -> Visitor:
    """Ines invites somebody, who joins through the link of the mail in a browser of their own."""
    ines = story.ines.go("settings/invitations/new/").fill("E-mail", email).fill("Name", name)
    if role:
        ines.tick(role)
    ines.press("Invite")
    return join(story, name, email)


def join(story: Story, name: str, email: str) -> Visitor:
    """Open the link of the newest mail to somebody, and join with it."""
    visitor = story.newcomer().go(link_in(story.mailbox.latest_to(email)))
    visitor.fill("Your name", name).fill("A password", PASSWORD).press("Join")
    return visitor


def invite_colleagues(story: Story) -> None:
    """A member and a facilitator join."""
    story.people["ove"] = invite(story, *OVE)
    story.people["runa"] = invite(story, *RUNA, role="Facilitator")


# Two of them report to each other, one has no name, and one's first day cannot be read.
HR_EXPORT = """Employee ID,Name,E-mail,Department,Job title,Manager ID,Start date
1,Ines Halvorsen,ines@harbour.example,Harbour,Harbour master,,2015-03-01
2,Ove Brandal,ove@harbour.example,Quays,Crane driver,3,2019-08-12
3,Runa Skogstad,runa@harbour.example,Quays,Shift lead,1,2017-01-09
4,Tarjei Moen,tarjei@harbour.example,Quays,Crane driver,3,2020-02-03
5,Silje Aune,silje@harbour.example,Quays,Crane driver,3,2021-06-14
6,Kaia Lunde,kaia@harbour.example,Quays,Foreman,7,2016-11-21
7,Eskil Ronning,eskil@harbour.example,Quays,Foreman,6,2016-11-21
8,Marit Dahle,marit@harbour.example,Quays,Mechanic,3,2022-01-10
9,Vegard Solli,vegard@harbour.example,Quays,Mechanic,3,2022-04-01
10,,nobody@harbour.example,Pilots,Pilot,1,2018-05-02
11,Hanne Vik,hanne@harbour.example,Pilots,Pilot,1,the fifth of May
"""


def import_people(story: Story) -> None:
    """Ines uploads an HR export, looks at the columns, and sees what would change."""
    ines = story.ines.go("people/").follow("Import an HR export")
    ines.page.get_by_label("HR export").set_input_files(
        {"name": "hr.csv", "mimeType": "text/csv", "buffer": HR_EXPORT.encode()}
    )
    ines.press("Upload")
    expect(ines.page.get_by_role("button", name="Show what would change")).to_be_visible()
    ines.look().press("Show what would change")
    expect(ines.page.get_by_text("Nothing is saved yet")).to_be_visible()
    story.words["people_preview"] = ines.look().page.locator("main").inner_text()
    story.numbers["people_import"] = ines.number()


def take_people_over(story: Story) -> None:
    """The previewed import is saved."""
    ines = story.ines.go(f"people/imports/{story.numbers['people_import']}/").confirm("Import")
    ines.sees(re.compile("Importing done|The uploaded file is deleted"))
    ines.look().go(f"people/imports/{story.numbers['people_import']}/")
