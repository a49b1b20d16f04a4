"""The table of replies with its scores, as one SELECT that others write out or sum up."""

from collections.abc import Mapping
from pathlib import Path

from mopscli.assessment.scoring import Scoring, Tally, add_up
from mopscli.batch.intake import Intake, code_at
from mopscli.batch.lookup import Lookup, Ways
from mopscli.batch.sql import Expressions, Select, Sql, scores, table_tally


class Batch:
    """The scores of a table of replies."""

    def __init__(self, scoring: Scoring, intake: Intake, ways: Mapping[int, Ways], folder: Path) -> None:
        """Get ready to score; nothing is scored yet but the ways to answer, by the numbers of their codes."""
        self.scoring = scoring
        self.intake = intake
        self.survey = intake.survey
        self.database = intake.database
        self.folder = folder
        self.lookup = Lookup(intake.database, scoring, intake.codes, ways, folder)

    @property
    def person(self) -> str:
        """Who a reply is of, as an expression."""
        return "replies.id" if self.survey.id_column is not None else "'row ' || replies.line"

    def scored(self) -> tuple[Select, Tally, dict[str, Sql]]:
        """Return a SELECT over the replies that can be scored, what each comes to, and its scores."""
        # Not a join, which would not keep the rows in order.
        select = Select(
            f"(SELECT *, {self.intake.line} AS line{self.lookup.columns} FROM replies WHERE raw IS NULL) AS replies"
        )
        looked_up = []
        answers: dict[str, dict[str, Sql]] = {}
        for number, code in enumerate(self.intake.codes):
            packed = select.column(f"code {number}", code_at(number))
            if number in self.lookup.parts:
                looked_up.append(self.lookup.tally(select, number, packed))
            else:
                for item, text in code.answers(code_at(number)):
                    answers.setdefault(item.trait, {})[item.key] = select.column(item.key, text)
        items_of = self.scoring.questionnaire.items_of
        answers |= {trait: {} for trait, items in items_of.items() if not items}
        tallies = [table_tally(select, self.scoring, trait, given) for trait, given in answers.items()]
        summed = add_up(Expressions(select, "packed sum of"), looked_up)
        summed = summed._replace(sums=self.lookup.unpacked(select, summed.sums))
        total = add_up(Expressions(select, "sum of"), [summed, *tallies])
        found = {"id": select.column("id", self.person)} | scores(select, self.scoring, total)
        return select, total, found
