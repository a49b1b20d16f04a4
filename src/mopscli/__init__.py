"""Compare marketing operations roles and plan the way between them; this is the Python interface.

docs/python.md shows how to use it. What is not named here is private. A name is imported when it is first used, so
that `import mopscli` costs nothing.
"""

# As type checkers know it. To import it would take longer than all else here, and a Ctrl-C meanwhile a traceback.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from mopscli.assessment.questionnaire import (
        Choice as Choice,
        Item as Item,
        Questionnaire as Questionnaire,
        prepare as prepare,
    )
    from mopscli.assessment.remarks import Remark as Remark
    from mopscli.assessment.scoring import Certainty as Certainty, Scoring as Scoring
    from mopscli.assessment.verdict import (
        Assessment as Assessment,
        Contribution as Contribution,
        Gap as Gap,
        RoleFit as RoleFit,
        TraitBelief as TraitBelief,
        Turn as Turn,
        Verdict as Verdict,
        assess as assess,
    )
    from mopscli.batch.opening import ReadOptions as ReadOptions
    from mopscli.batch.scores import Options as Options, score_file as score_file
    from mopscli.batch.summary import (
        BatchSummary as BatchSummary,
        Lack as Lack,
        Near as Near,
        Rejection as Rejection,
        RoleSummary as RoleSummary,
    )
    from mopscli.knowledge import Knowledge as Knowledge, find_named as find_named, load as load
    from mopscli.knowledge.entries import (
        Claim as Claim,
        Demand as Demand,
        Drive as Drive,
        Figure as Figure,
        Gate as Gate,
        Role as Role,
        Share as Share,
        Skill as Skill,
        Source as Source,
        Topic as Topic,
    )
    from mopscli.knowledge.progression import Ladder as Ladder, Months as Months, Move as Move
    from mopscli.person.person import Person as Person
    from mopscli.person.plan import Plan as Plan, PlanStep as PlanStep, make_plan as make_plan
    from mopscli.problem import (
        Place as Place,
        Problem as Problem,
        ProblemsFound as ProblemsFound,
        UnknownName as UnknownName,
    )
    from mopscli.roles.compare import (
        Comparison as Comparison,
        Dimension as Dimension,
        TraitRow as TraitRow,
        compare_roles as compare_roles,
    )
    from mopscli.roles.growth import Gain as Gain, Span as Span
    from mopscli.roles.routes import (
        Personal as Personal,
        Route as Route,
        Routes as Routes,
        Step as Step,
        find_routes as find_routes,
    )

# Where each name is defined; a test holds it to the imports above, which are for type checkers.
HOMES = {
    "assessment.questionnaire": ("Choice", "Item", "Questionnaire", "prepare"),
    "assessment.remarks": ("Remark",),
    "assessment.scoring": ("Certainty", "Scoring"),
    "assessment.verdict": (
        "Assessment",
        "Contribution",
        "Gap",
        "RoleFit",
        "TraitBelief",
        "Turn",
        "Verdict",
        "assess",
    ),
    "batch.opening": ("ReadOptions",),
    "batch.scores": ("Options", "score_file"),
    "batch.summary": ("BatchSummary", "Lack", "Near", "Rejection", "RoleSummary"),
    "knowledge": ("Knowledge", "find_named", "load"),
    "knowledge.entries": (
        "Claim",
        "Demand",
        "Drive",
        "Figure",
        "Gate",
        "Role",
        "Share",
        "Skill",
        "Source",
        "Topic",
    ),
    "knowledge.progression": ("Ladder", "Months", "Move"),
    "person.person": ("Person",),
    "person.plan": ("Plan", "PlanStep", "make_plan"),
    "problem": ("Place", "Problem", "ProblemsFound", "UnknownName"),
    "roles.compare": ("Comparison", "Dimension", "TraitRow", "compare_roles"),
    "roles.growth": ("Gain", "Span"),
    "roles.routes": ("Personal", "Route", "Routes", "Step", "find_routes"),
}
HOME_OF = {name: module for module, names in HOMES.items() for name in names}
__all__ = sorted(HOME_OF)

if not TYPE_CHECKING:
    # A type checker must not take any name for a good one.
    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name not in HOME_OF:
            raise AttributeError(f"module 'mopscli' has no attribute '{name}'")
        return getattr(import_module(f"mopscli.{HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    return __all__
