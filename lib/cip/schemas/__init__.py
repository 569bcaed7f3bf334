"""What each hand-over table holds: its grain, its columns, its key and the stage that writes it."""

from cip.schemas.actions import ACTIONS
from cip.schemas.assets import ASSETS
from cip.schemas.data_profile import DATA_PROFILE
from cip.schemas.engagement import ENGAGEMENT
from cip.schemas.evaluation import EVALUATION
from cip.schemas.evidence import EVIDENCE
from cip.schemas.geography import GEOGRAPHY
from cip.schemas.schema import TableSchema
from cip.schemas.scoring import SCORING
from cip.schemas.summary import SUMMARY

SCHEMAS: dict[str, TableSchema] = (
    GEOGRAPHY
    | DATA_PROFILE
    | ASSETS
    | ENGAGEMENT
    | EVIDENCE
    | SUMMARY
    | ACTIONS
    | SCORING
    | EVALUATION
)

__all__ = ["SCHEMAS", "TableSchema"]
