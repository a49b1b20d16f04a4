"""Invented job postings for the tests, and the bundled reader."""

from functools import cache
from pathlib import Path

from mopscli.knowledge import Knowledge, load
from mopscli.posting.posting import Advertisement, Reader, ReadPosting

POSTING = Path(__file__).parent / "job.html"

JUNIOR = """
# Marketing Operations Specialist

## What you'll do
- Build emails, landing pages and lists in HubSpot, and check each before it goes out.
- Assist the campaign team with uploads, tickets and weekly dashboards.
- Maintain data hygiene in Salesforce and troubleshoot sync errors.
- Prepare spreadsheets and update documentation as needed.

## What you bring
- 1-2 years of experience with a marketing automation platform.
- Strong attention to detail and organizational skills.
- Basic knowledge of Excel, and an eagerness to learn.
- Marketo is a plus.
- You do not need to know SQL, and no experience with Tableau is required.

## Benefits
We offer dental, a 401(k), and 20 years of experience in making people smile.

The salary range is $55,000 - $65,000 per year.
"""

SENIOR = """
# Vice President, Marketing Operations

## What you'll do
- Own the vision, the strategy and the multi-year roadmap of marketing operations across the company.
- Lead a team of 14 managers and analysts, hire and develop them, and run their performance reviews.
- Define the operating model, governance and measurable business outcomes with executive leadership.
- Present long-term plans to the board and the C-suite, and influence executives.
- Oversee the budget and set the priorities of the martech stack.

## What you bring
- 15+ years of experience in marketing operations, including 8 years managing teams.
- Proven track record as a leader of managers in a global organization.

The base salary is $230,000 to $290,000.
"""

# What nobody means as a demand, and what a title may hide.
WISH_LIST = """
# Head of Marketing Operations

## Responsibilities
- Set the marketing strategy, the long-term vision and the roadmap.
- Shape our strategic plan for the year and keep it strategic.
- Own the vision and the strategy for three years ahead.
- Administer the platform: lists, user permissions, data entry and proofreading.
- Troubleshoot landing pages and do the day-to-day QA.
- Keep documentation of the hygiene of our data.

## Requirements
- 3 years of experience with Marketo, HubSpot, Salesforce, Tableau, Looker and Zapier.
- Experience with Asana, Jira, Canva, Figma and Excel.
"""


@cache
def knowledge() -> Knowledge:
    """Return the bundled knowledge with all that a posting and a fit need."""
    return load(None, ("details", "postings", "questions", "growth", "norms"))


def read(text: str, title: str | None = None) -> ReadPosting:
    """Return what the bundled knowledge reads in a posting."""
    return Reader(knowledge()).read(Advertisement("test", text, title))
